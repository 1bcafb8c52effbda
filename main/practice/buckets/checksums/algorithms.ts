import { createHash } from 'node:crypto';
import { CRC32, CRC32C, CRC64NVME, type Crc, type Running, joinCrcs } from './crc.ts';

export const checksumAlgorithms = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

/** Whether the checksum of several parts is made of theirs, or is that of all bytes. */
export type ChecksumType = 'COMPOSITE' | 'FULL_OBJECT';

/** What S3 knows of the bytes of an object. */
export type Checksum = { algorithm: ChecksumAlgorithm; type: ChecksumType; value: string };

/** A part as its checksum enters that of the whole. `checksum` in Base64. */
export type CheckedPart = { size: number; checksum: string };

type Kind = { length: number; crc: Crc | null; types: readonly ChecksumType[] };

/** `length` of a checksum in bytes; the first of its types is taken when none is asked for. */
const kinds: Record<ChecksumAlgorithm, Kind> = {
  CRC32: { length: 4, crc: CRC32, types: ['COMPOSITE', 'FULL_OBJECT'] },
  CRC32C: { length: 4, crc: CRC32C, types: ['COMPOSITE', 'FULL_OBJECT'] },
  CRC64NVME: { length: 8, crc: CRC64NVME, types: ['FULL_OBJECT'] },
  SHA1: { length: 20, crc: null, types: ['COMPOSITE'] },
  SHA256: { length: 32, crc: null, types: ['COMPOSITE'] },
};

/** S3 computes it of whatever comes without a checksum. */
export const DEFAULT_ALGORITHM: ChecksumAlgorithm = 'CRC64NVME';

export function headerOf(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** Of the elements of answers and requests: `ChecksumSHA256`. */
export function elementOf(algorithm: ChecksumAlgorithm): string {
  return `Checksum${algorithm}`;
}

export function startChecksum(algorithm: ChecksumAlgorithm): Running {
  const { crc } = kinds[algorithm];
  return crc ? crc.start() : createHash(algorithm.toLowerCase());
}

export function isChecksum(algorithm: ChecksumAlgorithm, base64: string): boolean {
  const bytes = Buffer.from(base64, 'base64');
  return bytes.length === kinds[algorithm].length && bytes.toString('base64') === base64;
}

export function typesOf(algorithm: ChecksumAlgorithm): readonly ChecksumType[] {
  return kinds[algorithm].types;
}

/** The checksum of an object of several parts, in Base64, without the number of parts that S3 mostly appends. */
export function checksumOfParts(
  algorithm: ChecksumAlgorithm,
  type: ChecksumType,
  parts: readonly CheckedPart[],
): string {
  const { crc } = kinds[algorithm];
  return type === 'FULL_OBJECT' && crc ? joined(crc, parts) : composite(algorithm, parts);
}

function composite(algorithm: ChecksumAlgorithm, parts: readonly CheckedPart[]): string {
  const running = startChecksum(algorithm);
  for (const { checksum } of parts) running.update(Buffer.from(checksum, 'base64'));
  return running.digest().toString('base64');
}

function joined(crc: Crc, parts: readonly CheckedPart[]): string {
  let whole = crc.start().digest();
  for (const { checksum, size } of parts) whole = joinCrcs(crc, whole, Buffer.from(checksum, 'base64'), size);
  return whole.toString('base64');
}

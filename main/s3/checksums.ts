import { createHash } from 'node:crypto';
import type { Checksum, Piece } from '../../shared/checksum.ts';
import type { Checksummer } from '../places/ports/checksummer.ts';

/** S3 writes checksums in Base64, and of composites, in most places, how many parts they are of: `…=-3`. */
export function checksumIn(text: string | null | undefined): Checksum | null {
  const [, base64 = '', count] = /^([A-Za-z0-9+/]{43}=)(?:-(\d{1,5}))?$/.exec(text ?? '') ?? [];
  if (base64 === '') return null;
  const hex = Buffer.from(base64, 'base64').toString('hex');
  return count === undefined ? `sha256:${hex}` : `sha256-composite:${hex}-${count}`;
}

/** The same the other way. */
export function base64Of(checksum: Checksum): string {
  const [, hex = '', count] = /^[a-z0-9-]+:([0-9a-f]{64})(?:-(\d+))?$/.exec(checksum) ?? [];
  const base64 = Buffer.from(hex, 'hex').toString('base64');
  return count === undefined ? base64 : `${base64}-${count}`;
}

/** SHA-256 of each part, and of an object that came in parts the SHA-256 of those, as S3 confirms them. */
export const bucketChecksums: Checksummer = {
  ofRange: 'sha256',
  combine(pieces: readonly Pick<Piece, 'checksum'>[]): Checksum {
    const hash = createHash('sha256');
    for (const { checksum } of pieces) hash.update(Buffer.from(checksum.replace(/^sha256:/, ''), 'hex'));
    return `sha256-composite:${hash.digest('hex')}-${pieces.length}`;
  },
};

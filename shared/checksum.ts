import type { ByteRange } from './part-plan.ts';
import type { TreeHash } from './upload.ts';

/**
 * - `sha256-tree`: the tree hash of vaults, over leaves of 1 MiB.
 * - `sha256`: of the bytes one after the other; the checksum of a part in a bucket.
 * - `sha256-composite`: of the digests of the parts in order, and how many they are: `HEX-COUNT`, as buckets have it.
 */
export type ChecksumAlgorithm = 'sha256-tree' | 'sha256' | 'sha256-composite';

/** Algorithm and lower-case hexadecimal value in one, so that checksums of different kinds are never taken for equal. */
export type Checksum = `${ChecksumAlgorithm}:${string}`;

/** A part, or a range, with its checksum. `receipt`: what the service gave for it and wants to see again; empty when nothing. */
export type Piece = ByteRange & { checksum: Checksum; receipt: string };

export function treeChecksum(treeHash: TreeHash): Checksum {
  return `sha256-tree:${treeHash}`;
}

/** Null when it is of another kind: one cannot be worked out from the other. */
export function treeHashIn(checksum: Checksum): TreeHash | null {
  const [algorithm, value] = checksum.split(':');
  return algorithm === 'sha256-tree' && value !== undefined ? (value as TreeHash) : null;
}

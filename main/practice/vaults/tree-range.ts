import { type ByteRange } from '../../../shared/part-plan.ts';
import type { TreeHash } from '../../../shared/upload.ts';
import { type Pieces, readRange } from '../exchange/pieces.ts';
import { BodyHasher, LEAF_SIZE } from './tree-hash.ts';

/**
 * Whether a range of an archive of `size` bytes is exactly one node of its tree, so that its tree hash is one of the
 * hashes of which the archive's is made.
 */
export function isTreeHashAligned({ first, last }: ByteRange, size: number): boolean {
  const end = last + 1;
  if (first % LEAF_SIZE !== 0 || (end !== size && end % LEAF_SIZE !== 0)) return false;
  const [from, to, leaves] = [first / LEAF_SIZE, Math.ceil(end / LEAF_SIZE), Math.ceil(size / LEAF_SIZE)];
  let width = 1;
  while (width < to - from) width *= 2;
  return from % width === 0 && (to - from === width || to === leaves);
}

export async function treeHashOfRange(pieces: Pieces, range: ByteRange): Promise<TreeHash> {
  const hasher = new BodyHasher();
  for await (const bytes of readRange(pieces, range)) hasher.update(bytes);
  return hasher.digest().treeHash;
}

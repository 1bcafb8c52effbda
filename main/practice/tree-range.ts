import { createReadStream } from 'node:fs';
import { type ByteRange } from '../../shared/part-plan.ts';
import type { TreeHash } from '../../shared/upload.ts';
import { BodyHasher, LEAF_SIZE } from './tree-hash.ts';

/** Files that lie one after the other, as the parts of an archive do. Sizes in bytes. */
export type Pieces = readonly { path: string; size: number }[];

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

/** Bytes of files one after the other. Memory does not grow with the range. */
export async function* readRange(pieces: Pieces, range: ByteRange): AsyncIterable<Buffer> {
  let start = 0;
  for (const { path, size } of pieces) {
    const first = Math.max(range.first - start, 0);
    const last = Math.min(range.last - start, size - 1);
    start += size;
    if (first > last) continue;
    for await (const bytes of createReadStream(path, { start: first, end: last })) yield bytes as Buffer;
  }
}

export async function treeHashOfRange(pieces: Pieces, range: ByteRange): Promise<TreeHash> {
  const hasher = new BodyHasher();
  for await (const bytes of readRange(pieces, range)) hasher.update(bytes);
  return hasher.digest().treeHash;
}

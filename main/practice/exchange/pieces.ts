import { createReadStream } from 'node:fs';
import type { ByteRange } from '../../../shared/part-plan.ts';

/** Files that lie one after the other, as the parts of an archive do. Sizes in bytes. */
export type Pieces = readonly { path: string; size: number }[];

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

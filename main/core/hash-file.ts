import { partCount, partRange } from '../../shared/part-plan.ts';
import { type Result, ok } from '../../shared/result.ts';
import { MiB } from '../../shared/units.ts';
import type { TreeHash } from '../../shared/upload.ts';
import type { SourceFiles } from './ports.ts';
import { combineTreeHashes } from './tree-hash.ts';

/** A power of two, so that the pieces' tree hashes can be combined; progress is told after each. */
const PIECE = 64 * MiB;

export type Reading = {
  files: Pick<SourceFiles, 'identify' | 'hashRange'>;
  signal: AbortSignal;
  /** Hears how many bytes of the file have been read. */
  onHashed: (bytes: number) => void;
};

/** The tree hash of a whole file of `size` bytes. @throws the signal's reason when it is aborted. */
export async function hashWhole(
  path: string,
  size: number,
  { files, signal, onHashed }: Reading,
): Promise<Result<TreeHash>> {
  const pieces: TreeHash[] = [];
  const count = Math.max(1, partCount(size, PIECE));
  for (let index = 0; index < count; index += 1) {
    const range = partRange(size, PIECE, index);
    const piece = await files.hashRange(path, range, signal);
    if (!piece.ok) return piece;
    pieces.push(piece.value);
    onHashed(range.last + 1);
  }
  return ok(combineTreeHashes(pieces));
}

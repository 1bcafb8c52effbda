import { type FileHandle, lstat, open } from 'node:fs/promises';
import { type ByteRange, rangeLength } from '../../shared/part-plan.ts';
import type { SourceFile } from '../core/ports.ts';
import { identityChange, identityOf } from '../core/source-identity.ts';
import { READ_ONLY } from '../files/read.ts';
import { sourceFailure } from '../files/source-failure.ts';
import { PIECE } from './memory.ts';
import { SourceProblem } from './source-problem.ts';

/** Small enough that hashing a step does not hold up the event loop; a leaf of the tree, and a piece of memory. */
const READ_STEP = PIECE;

/** Where step `index` of a range goes: room for 1 MiB. */
export type TargetOf = (index: number) => Promise<Uint8Array> | Uint8Array;

/**
 * A file open for reading that must stay the one that was enqueued. Every method throws a SourceProblem when the file
 * cannot be read or is no longer `source.identity`.
 */
export class SourceReader {
  readonly #source: SourceFile;
  readonly #file: FileHandle;

  private constructor(source: SourceFile, file: FileHandle) {
    this.#source = source;
    this.#file = file;
  }

  /** Opens the file for the time of `use`. */
  static async using<T>(source: SourceFile, use: (reader: SourceReader) => Promise<T>): Promise<T> {
    const file = await attempt(source, () => open(source.path, READ_ONLY));
    try {
      return await use(new SourceReader(source, file));
    } finally {
      await file.close();
    }
  }

  /** Both the open file and whatever has its name now must be the file that was enqueued. */
  async verify(): Promise<void> {
    const { path, identity } = this.#source;
    const stats = [
      await this.#try(() => this.#file.stat({ bigint: true })),
      await this.#try(() => lstat(path, { bigint: true })),
    ];
    for (const now of stats) {
      const what = identityChange(identity, identityOf(now));
      if (what !== null) this.changed(what);
    }
  }

  /** Gives up because the file is not what it was; `what` says in words what changed. */
  changed(what: string): never {
    throw new SourceProblem({ kind: 'file-changed', path: this.#source.path, what });
  }

  /** The range in steps of 1 MiB; reads the next step while the one before is used. Throws when the signal is aborted. */
  async *steps(range: ByteRange, targetOf: TargetOf, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const total = rangeLength(range);
    const fill = async (index: number): Promise<Uint8Array> => {
      const offset = index * READ_STEP;
      const room = await targetOf(index);
      return this.#fill(room.subarray(0, Math.min(READ_STEP, total - offset)), range.first + offset);
    };
    const read = (index: number): Promise<Uint8Array> => {
      const step = fill(index);
      // Whoever uses the step before may take long, and what fails meanwhile is told when he comes for this one.
      step.catch(() => undefined);
      return step;
    };
    const count = Math.ceil(total / READ_STEP);
    let ahead = read(0);
    try {
      for (let index = 0; index < count; index += 1) {
        const step = await ahead;
        signal.throwIfAborted();
        if (index + 1 < count) ahead = read(index + 1);
        yield step;
      }
    } finally {
      // The memory must not be written to once this generator has ended.
      await ahead.catch(() => undefined);
    }
  }

  async #fill(target: Uint8Array, position: number): Promise<Uint8Array> {
    for (let filled = 0; filled < target.length;) {
      const at = filled;
      const { bytesRead } = await this.#try(() => this.#file.read(target, at, target.length - at, position + at));
      if (bytesRead === 0) this.changed('it became shorter');
      filled += bytesRead;
    }
    return target;
  }

  #try<T>(action: () => Promise<T>): Promise<T> {
    return attempt(this.#source, action);
  }
}

async function attempt<T>({ path }: SourceFile, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw new SourceProblem(sourceFailure(error, path));
  }
}

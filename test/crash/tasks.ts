import type { Row } from './lives.ts';
import type { SeededRandom } from './random.ts';
import type { Source, Sources } from './sources.ts';
import { VAULT } from './vault.ts';

const AVERAGE_BATCH = 2;
/** One large file in so many. */
const LARGE_EVERY = 60;

/** What Firn is asked to do next. */
export class Tasks {
  readonly #random: SeededRandom;
  readonly #sources: Sources;
  /** Files whose upload was cancelled, or may not have been added before a kill. */
  #again = new Set<string>();
  #large = 0;

  constructor(random: SeededRandom, sources: Sources) {
    this.#random = random;
    this.#sources = sources;
  }

  /** To be added once more; nothing happens to what is there already. */
  addAgain(paths: readonly string[]): void {
    for (const path of paths) this.#again.add(path);
  }

  /** The files to add now: none, or new ones and those that have to be added once more. `share`: of lives that add. */
  batch(mustAdd: boolean, share: number): string[] {
    const wanted = mustAdd || this.#random.chance(share) || (this.#again.size > 0 && this.#random.chance(0.3));
    if (!wanted) return [];
    const again = [...this.#again];
    this.#again.clear();
    return [...again, ...this.#make().map(({ path }) => path)];
  }

  /** Lives that have to add files, of so many lives, for so many files. */
  static share(files: number, lives: number): number {
    return files / AVERAGE_BATCH / Math.max(1, lives);
  }

  #make(): Source[] {
    const made = this.#sources.make(this.#random.between(1, 2 * AVERAGE_BATCH - 1));
    if (this.#sources.all.length < (this.#large + 1) * LARGE_EVERY) return made;
    this.#large += 1;
    return [...made, this.#sources.makeLarge()];
  }

  /** A command line that adds these files, or goes on with the queue. */
  command(paths: readonly string[]): string[] {
    const parallel = ['--parallel', String(this.#random.between(1, 6))];
    if (paths.length === 0) return ['run', ...parallel];
    const partSize = this.#random.chance(0.15) ? [] : ['--part-size', '1MiB'];
    return ['upload', '--vault', VAULT, ...parallel, ...partSize, ...paths];
  }

  /** An upload that can be cancelled, of the rows of the queue, but only now and then. */
  victim(queue: readonly Row[]): { id: string; path: string } | null {
    const open = queue.filter(({ phase }) => ['queued', 'uploading'].includes((phase as { kind: string }).kind));
    if (open.length === 0) return null;
    const { id, path } = this.#random.pick(open);
    return { id: String(id), path: String(path) };
  }
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SeededRandom } from './random.ts';

/** Asks for a few archives at a time, each time into a folder of its own, so that asking again repeats nothing else. */
export class Retrieving {
  readonly target: string;
  readonly #random: SeededRandom;
  readonly #archiveIds: readonly string[];
  #asks = 0;

  constructor(random: SeededRandom, target: string, archiveIds: readonly string[]) {
    this.#random = random;
    this.target = target;
    this.#archiveIds = archiveIds;
  }

  /** A command line that asks. */
  next(): string[] {
    this.#asks += 1;
    const count = this.#random.between(1, 4);
    const wanted = new Set(Array.from({ length: count }, () => this.#random.pick(this.#archiveIds)));
    const folder = join(this.target, String(this.#asks));
    mkdirSync(folder, { recursive: true });
    // An archive ID may begin with a minus.
    return ['retrieve', '--to', folder, '--tier', 'expedited', '--existing', 'keep-both', '--yes', '--', ...wanted];
  }
}

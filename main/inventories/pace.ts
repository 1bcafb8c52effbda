/** Short enough for a window to feel nothing, long enough that commits cost little. Milliseconds. */
const GOAL_MS = 8;
const FEWEST = 10;
const MOST = 2000;

/** Finds out how many of something this computer does in a few milliseconds. */
export class Pace {
  #size = 50;

  get size(): number {
    return this.#size;
  }

  measure(count: number, work: () => void): void {
    const begun = performance.now();
    work();
    const tookMs = Math.max(0.1, performance.now() - begun);
    // A batch cut short says little, and one slow commit is no reason to crawl.
    if (count < this.#size) return;
    const wanted = (count * GOAL_MS) / tookMs;
    this.#size = Math.round(Math.min(MOST, Math.max(FEWEST, this.#size / 2, Math.min(wanted, this.#size * 1.5))));
  }
}

import type { Clock } from '../../engine/clock.ts';

/** Between two slices, so that everything else gets its turn. */
const PAUSE_MS = 5;

/** Removes what nobody needs any more, a slice at a time, while nothing waits for it. */
export class Sweeper {
  readonly #sweep: () => boolean;
  readonly #clock: Pick<Clock, 'after'>;
  readonly #guard: (act: () => void) => void;
  #stop: (() => void) | null = null;

  /** `sweep` removes a slice and returns whether there may be more; `guard` takes care of what it throws. */
  constructor(sweep: () => boolean, clock: Pick<Clock, 'after'>, guard: (act: () => void) => void) {
    this.#sweep = sweep;
    this.#clock = clock;
    this.#guard = guard;
  }

  /** To be called at the start, and whenever something may have been left. */
  begin(): void {
    this.#stop ??= this.#clock.after(PAUSE_MS, () => {
      this.#stop = null;
      this.#guard(() => {
        if (this.#sweep()) this.begin();
      });
    });
  }

  close(): void {
    this.#stop?.();
  }
}

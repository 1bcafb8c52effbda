import { MINUTE } from '../../shared/units.ts';
import type { Clock } from './clock.ts';

/** A computer that still runs this long after it said that it goes to sleep has stayed awake, or nobody told that it woke. */
const LONGEST_MS = 1 * MINUTE;

/** From the system's word that it goes to sleep until it wakes, nothing is begun that would be cut off in the middle. */
export class Sleep {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #listeners = new Set<() => void>();
  #stopWaiting: (() => void) | null = null;

  constructor(clock: Pick<Clock, 'after'>) {
    this.#clock = clock;
  }

  get isAsleep(): boolean {
    return this.#stopWaiting !== null;
  }

  /** Called when the computer goes to sleep, and whenever it wakes. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  begin(): void {
    this.#stopWaiting?.();
    this.#stopWaiting = this.#clock.after(LONGEST_MS, () => {
      this.end();
    });
    this.#announce();
  }

  /** Announced also when nobody had told that it would sleep: connections are dead all the same. */
  end(): void {
    this.#stopWaiting?.();
    this.#stopWaiting = null;
    this.#announce();
  }

  close(): void {
    this.#stopWaiting?.();
  }

  #announce(): void {
    for (const listener of this.#listeners) listener();
  }
}

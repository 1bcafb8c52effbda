import type { Clock } from '../../main/core/ports.ts';

type Timer = { endsAt: number; callback: () => void };

/** How much faster time runs in tests, so that seconds of waiting do not take seconds. */
const HASTE = 10;
const begunAt = Date.now();

/** The time in the world of the tests, right and never set. */
export function worldNow(): number {
  return begunAt + (Date.now() - begunAt) * HASTE;
}

/** A computer's clock over the time of the tests' world. Waits are counted in time that passes, whatever the clock is set to, as real ones are. */
export class TestClock implements Clock {
  #passedMs = 0;
  #setMs = 0;
  readonly #timers = new Map<Timer, NodeJS.Timeout>();

  now(): number {
    return this.#elapsed() + this.#setMs;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { endsAt: this.#elapsed() + ms, callback };
    this.#arm(timer);
    return () => {
      clearTimeout(this.#timers.get(timer));
      this.#timers.delete(timer);
    };
  }

  /** Time passes. */
  pass(ms: number): void {
    this.#passedMs += ms;
    for (const [timer, handle] of [...this.#timers]) {
      clearTimeout(handle);
      this.#arm(timer);
    }
  }

  /** Somebody sets the clock: forward, or (less than 0) back. */
  set(byMs: number): void {
    this.#setMs += byMs;
  }

  #elapsed(): number {
    return worldNow() + this.#passedMs;
  }

  #arm(timer: Timer): void {
    const run = (): void => {
      if (this.#timers.delete(timer)) timer.callback();
    };
    const left = Math.min(2 ** 31 - 1, Math.max(0, (timer.endsAt - this.#elapsed()) / HASTE));
    this.#timers.set(timer, setTimeout(run, left).unref());
  }
}

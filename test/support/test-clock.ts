import type { Clock } from '../../main/core/ports.ts';

type Timer = { at: number; callback: () => void };

/** A computer's clock that runs as the real one does and can be set: waits end when their time has come by it. */
export class TestClock implements Clock {
  #offsetMs = 0;
  readonly #timers = new Map<Timer, NodeJS.Timeout>();

  now(): number {
    return Date.now() + this.#offsetMs;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.now() + ms, callback };
    this.#arm(timer);
    return () => {
      clearTimeout(this.#timers.get(timer));
      this.#timers.delete(timer);
    };
  }

  /** Time passes, or (less than 0) the clock is set back. */
  skip(ms: number): void {
    this.#offsetMs += ms;
    for (const [timer, handle] of [...this.#timers]) {
      clearTimeout(handle);
      this.#arm(timer);
    }
  }

  #arm(timer: Timer): void {
    const run = (): void => {
      if (this.#timers.delete(timer)) timer.callback();
    };
    this.#timers.set(timer, setTimeout(run, Math.min(2 ** 31 - 1, Math.max(0, timer.at - this.now()))).unref());
  }
}

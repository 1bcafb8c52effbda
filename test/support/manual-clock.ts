import type { Clock } from '../../main/core/ports.ts';

/** A clock that stands until it is moved; what was due is then called back at once, in order. */
export class ManualClock implements Clock {
  #now: number;
  #timers: { at: number; callback: () => void }[] = [];

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  pass(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#timers = this.#timers.filter((one) => one !== next);
      this.#now = next.at;
      next.callback();
    }
    this.#now = end;
  }

  /** Lets time pass, from one wait to the next, until the condition holds. */
  async runUntil(isDone: () => boolean): Promise<void> {
    for (let turns = 0; turns < 500_000; turns += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isDone()) return;
      const next = this.#next(Infinity);
      if (!next) throw new Error('It never came to that, and nothing is left to wait for');
      this.pass(Math.max(0, next.at - this.#now));
    }
    throw new Error('It never came to that');
  }

  /** Lets time pass, and everything else its turn in between. */
  async spend(ms: number): Promise<void> {
    const end = this.#now + ms;
    this.after(ms, () => undefined);
    await this.runUntil(() => this.#now >= end);
  }

  /** Somebody sets the clock; waits go on as they were. */
  set(now: number): void {
    const difference = now - this.#now;
    this.#now = now;
    this.#timers = this.#timers.map(({ at, callback }) => ({ at: at + difference, callback }));
  }

  #next(end: number): { at: number; callback: () => void } | undefined {
    return this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }
}

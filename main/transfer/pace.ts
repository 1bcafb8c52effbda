import { KiB, SECOND } from '../../shared/units.ts';

const RATE = 0;
const NEXT_FREE = 1;
const NS_PER_MS = 1_000_000n;
const NS_PER_SECOND = 1_000_000_000n;

const SMALLEST_SLICE = 1 * KiB;
const LARGEST_SLICE = 256 * KiB;
/** A slice should take about this long, so that the rate is even and a changed limit counts soon. */
const SLICE_MS = SECOND / 20;
/** What was not used may be caught up for this long, so that a late timer does not lower the rate. */
const CATCH_UP_NS = 100n * NS_PER_MS;

/** A clock in nanoseconds that all threads share, and waiting. */
type Time = { now: () => bigint; sleep: (ms: number) => Promise<void> };

const realTime: Time = {
  now: () => process.hrtime.bigint(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/**
 * One limit of bytes per second for all threads. The memory is shared: each slice books the next free moment of the line
 * (a leaky bucket as a single number), whichever thread it is on.
 */
export class Pace {
  readonly #cells: BigInt64Array;
  readonly #time: Time;

  constructor(shared: SharedArrayBuffer, time = realTime) {
    this.#cells = new BigInt64Array(shared);
    this.#time = time;
  }

  static newMemory(): SharedArrayBuffer {
    return new SharedArrayBuffer(2 * BigInt64Array.BYTES_PER_ELEMENT);
  }

  /** Bytes per second; null for no limit. Counts for what has not booked its moment yet. */
  setRate(bytesPerSecond: number | null): void {
    const rate = BigInt(Math.max(0, Math.round(bytesPerSecond ?? 0)));
    if (Atomics.exchange(this.#cells, RATE, rate) !== rate) Atomics.store(this.#cells, NEXT_FREE, 0n);
  }

  /** How much to send at once; null without a limit. */
  sliceSize(): number | null {
    const rate = Number(Atomics.load(this.#cells, RATE));
    if (rate === 0) return null;
    return Math.min(LARGEST_SLICE, Math.max(SMALLEST_SLICE, Math.floor((rate * SLICE_MS) / SECOND)));
  }

  /** Resolves when these bytes may leave. */
  async wait(bytes: number): Promise<void> {
    const rate = Atomics.load(this.#cells, RATE);
    if (rate === 0n) return;
    const now = this.#time.now();
    const start = this.#book((BigInt(bytes) * NS_PER_SECOND) / rate, now);
    const waitMs = Number(start - now) / Number(NS_PER_MS);
    if (waitMs > 0) await this.#time.sleep(waitMs);
  }

  #book(durationNs: bigint, now: bigint): bigint {
    for (;;) {
      const free = Atomics.load(this.#cells, NEXT_FREE);
      const earliest = now - CATCH_UP_NS;
      const start = free > earliest ? free : earliest;
      if (Atomics.compareExchange(this.#cells, NEXT_FREE, free, start + durationNs) === free) return start;
    }
  }
}

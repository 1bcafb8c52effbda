import { SECOND } from '../../shared/units.ts';

const HALF_LIFE_MS = 2 * SECOND;
/** Nothing that was measured for a shorter time is worth showing. */
const SETTLE_MS = 1.5 * SECOND;
/** A gap this long is sleep or a jump of the clock, not slowness. */
const JUMP_MS = 10 * SECOND;

/** Bytes per second as an exponential moving average, fed with what was sent since the last tick. */
export class RateMeter {
  #rate = 0;
  #measuredMs = 0;
  #lastTick: number | null = null;

  tick(sentBytes: number, now: number): void {
    const elapsedMs = this.#lastTick === null ? 0 : now - this.#lastTick;
    this.#lastTick = now;
    if (elapsedMs <= 0 || elapsedMs > JUMP_MS) return;
    const weight = 1 - 2 ** (-elapsedMs / HALF_LIFE_MS);
    this.#rate += weight * ((sentBytes * SECOND) / elapsedMs - this.#rate);
    this.#measuredMs += elapsedMs;
  }

  /** Bytes per second; null until it means something. */
  rate(): number | null {
    if (this.#measuredMs < SETTLE_MS) return null;
    // The average starts from nothing; this takes out what the start weighs.
    return this.#rate / (1 - 2 ** (-this.#measuredMs / HALF_LIFE_MS));
  }

  remainingMs(bytesLeft: number): number | null {
    const rate = this.rate();
    return rate === null || rate < 1 ? null : (bytesLeft / rate) * SECOND;
  }
}

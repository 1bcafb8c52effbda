import { SECOND } from '../../shared/units.ts';

const HALF_LIFE_MS = 2 * SECOND;
/** Nothing that was measured for a shorter time is worth showing. */
const SETTLE_MS = 1.5 * SECOND;
/** A gap this long is sleep or a jump of the clock, not slowness. */
const JUMP_MS = 10 * SECOND;

/** Long enough for a few files of any kind, short enough to follow a change. */
const WINDOW_MS = 20 * SECOND;
/** Fewer than these tell no pace: a large file ends now and then. */
const FEWEST = 10;

/** How many come to an end each second, over the last while; fed with how many did since the last tick. */
export class CountMeter {
  #ticks: { at: number; count: number }[] = [];

  tick(count: number, now: number): void {
    const last = this.#ticks.at(-1);
    if (last && (now < last.at || now - last.at > JUMP_MS)) this.#ticks = [];
    this.#ticks.push({ at: now, count });
    while ((this.#ticks[0]?.at ?? now) < now - WINDOW_MS) this.#ticks.shift();
  }

  /** For each second; null until it means something. */
  rate(): number | null {
    const [first, ...later] = this.#ticks;
    const last = later.at(-1);
    const count = later.reduce((sum, tick) => sum + tick.count, 0);
    if (!first || !last || last.at - first.at < SETTLE_MS || count < FEWEST) return null;
    return (count * SECOND) / (last.at - first.at);
  }
}

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

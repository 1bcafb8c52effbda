import { MINUTE, SECOND } from '../../shared/units.ts';
import { awakeMs } from './awake.ts';

export type LineMeterOptions = {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Older measurements count half after so long. */
  halfLifeMs: number;
  /** Less time on the wire says more about one request than about the line. */
  leastMs: number;
  /** Nothing on the wire is silent for longer, in milliseconds: then the computer has slept. */
  longestSilenceMs: number;
  /** Told now and then how fast the line is, to be known in the next life. Bytes per second. */
  keep?: (bytesPerSecond: number) => void;
};

/** How fast a line is, by what it carried while something was on the wire; several things at once count their time once. */
export class LineMeter {
  readonly #options: LineMeterOptions;
  #onWire = 0;
  #countedTo = 0;
  #busyMs = 0;
  #bytes = 0;
  #keptAt = -Infinity;

  constructor(options: LineMeterOptions) {
    this.#options = options;
  }

  /** Something is on the wire, until it has `ended`. */
  began(): void {
    this.#passTime();
    this.#onWire += 1;
  }

  carried(bytes: number): void {
    this.#passTime();
    this.#bytes += bytes;
  }

  ended(): void {
    this.#passTime();
    this.#onWire -= 1;
    const rate = this.rate();
    if (rate === null || Math.abs(this.#countedTo - this.#keptAt) < MINUTE) return;
    this.#keptAt = this.#countedTo;
    this.#options.keep?.(rate);
  }

  /** The computer has slept: the time since the last sign of life says nothing about the line. */
  woke(): void {
    this.#countedTo = this.#options.now();
  }

  /** Things on the wire. */
  get onWire(): number {
    return this.#onWire;
  }

  /** Bytes per second; null when too little was measured. `lessBytes`: of those carried that do not count. */
  rate(lessBytes = 0): number | null {
    if (this.#bytes === 0 || this.#busyMs < this.#options.leastMs) return null;
    return Math.max(0, this.#bytes - lessBytes) / Math.max(this.#busyMs / SECOND, 0.001);
  }

  /** Nothing counts while nothing is on the wire; what was measured before counts ever less. */
  #passTime(): void {
    const { now, halfLifeMs, longestSilenceMs } = this.#options;
    const at = now();
    const passed = this.#onWire === 0 ? 0 : awakeMs(at - this.#countedTo, longestSilenceMs);
    this.#countedTo = at;
    const rest = 0.5 ** (passed / halfLifeMs);
    this.#busyMs = this.#busyMs * rest + passed;
    this.#bytes *= rest;
  }
}

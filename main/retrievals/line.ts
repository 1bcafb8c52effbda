import { type Limits, allowanceAt, minuteOfDay } from '../../shared/schedule.ts';
import { HOUR, KiB, MINUTE, SECOND } from '../../shared/units.ts';
import { LineMeter } from '../core/line-meter.ts';
import { WORTH_CUTTING } from './portions.ts';

/** Of the 24 hours that an output lives; the rest is for what goes wrong. */
const USED_HOURS = 20;
/** What a line is taken for that nobody has measured: 4 Mbit/s, slower than most. */
const UNKNOWN_RATE = 500 * KiB;
/** Older measurements count half after so long. */
const HALF_LIFE_MS = 10 * MINUTE;
/** Less says more about one request than about the line. */
const LEAST_MS = 2 * SECOND;

export type LinePorts = {
  /** Bytes per second, as they were measured in an earlier life; null when they never were. */
  kept: () => number | null;
  keep: (bytesPerSecond: number) => void;
  /** Bytes that Glacier was asked for and that are not here yet. */
  outstanding: () => number;
  limits: () => Limits;
  now: () => number;
  /** Something of what was asked for has arrived, or will not. */
  onRoom: () => void;
};

/** How much may be asked of Glacier at once, so that the line fetches it while the outputs live. */
export class Line {
  readonly #ports: LinePorts;
  readonly #meter: LineMeter;

  constructor(ports: LinePorts) {
    this.#ports = ports;
    const { now, keep } = ports;
    // A line of a few bytes per second may be silent for hours.
    this.#meter = new LineMeter({ now, keep, halfLifeMs: HALF_LIFE_MS, leastMs: LEAST_MS, longestSilenceMs: Infinity });
  }

  /** A range is on its way, until it has `ended`. */
  began(): void {
    this.#meter.began();
  }

  /** So many bytes of ranges on their way have arrived. */
  moved(bytes: number): void {
    this.#meter.carried(bytes);
  }

  ended(): void {
    this.#meter.ended();
    this.#ports.onRoom();
  }

  /** The computer has slept. */
  woke(): void {
    this.#meter.woke();
  }

  /** Bytes that may still be asked for; less than none when the line has become slower. */
  room(): number {
    return this.capacity() - this.#ports.outstanding();
  }

  /** Whether what was asked for keeps the line busy: then nothing more is asked for, or small archives would overtake large ones for ever. */
  isFull(): boolean {
    const outstanding = this.#ports.outstanding();
    return outstanding > 0 && outstanding > this.capacity() * (1 - WORTH_CUTTING);
  }

  /** Bytes that the line fetches while an output lives, by its rate and by the user's limit and schedule over a day. */
  capacity(): number {
    const { limits, now } = this.#ports;
    const minute = minuteOfDay(new Date(now()));
    const rate = this.#rate();
    let sum = 0;
    for (let hour = 0; hour < 24; hour += 1) {
      const allowed = allowanceAt(limits(), (minute + hour * 60) % (24 * 60));
      sum += allowed === 'paused' ? 0 : Math.min(rate, allowed ?? rate);
    }
    return (sum / 24) * USED_HOURS * (HOUR / SECOND);
  }

  #rate(): number {
    return this.#meter.rate() ?? this.#ports.kept() ?? UNKNOWN_RATE;
  }
}

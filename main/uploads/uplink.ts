import { MINUTE, MiB, SECOND } from '../../shared/units.ts';
import { LineMeter } from '../core/line-meter.ts';

/** Glacier takes a signature for five minutes, and so a part; the last minute is for what a line does now and then. */
export const PART_TIME_MS = 4 * MINUTE;
/** No part is on the wire for so long without a sign of life: its signature has run out by then. */
const LONGEST_SILENCE_MS = 5 * MINUTE;
/** Older measurements count half after so long. */
const HALF_LIFE_MS = 5 * MINUTE;
/** The most that the system and the router hold back of one connection: it looks as if it had left, and has not arrived. */
const HELD_BACK = 4 * MiB;

export type UplinkPorts = {
  /** Bytes per second, as they were measured in an earlier life; null when they never were. */
  kept: () => number | null;
  keep: (bytesPerSecond: number) => void;
  /** Bytes per second that may be sent at most; null for no limit. */
  limit: () => number | null;
  now: () => number;
};

/**
 * How many bytes may be on the wire at once, so that each part arrives within the time that its signature counts. Measured by
 * what was acknowledged; before anything was, by what has certainly left.
 */
export class Uplink {
  readonly #ports: UplinkPorts;
  readonly #acknowledged: LineMeter;
  readonly #sent: LineMeter;

  constructor(ports: UplinkPorts) {
    this.#ports = ports;
    const common = { now: ports.now, halfLifeMs: HALF_LIFE_MS, longestSilenceMs: LONGEST_SILENCE_MS };
    this.#acknowledged = new LineMeter({ ...common, leastMs: 0, keep: ports.keep });
    this.#sent = new LineMeter({ ...common, leastMs: 1 });
  }

  /** A part goes on the wire, until it has `ended`. */
  began(): void {
    for (const meter of this.#meters) meter.began();
  }

  /** So many of its bytes have been handed to the system. */
  sent(bytes: number): void {
    this.#sent.carried(bytes);
  }

  /** `acknowledged`: its bytes, none when it failed. */
  ended(acknowledged: number): void {
    this.#acknowledged.carried(acknowledged);
    for (const meter of this.#meters) meter.ended();
  }

  /** The computer has slept. */
  woke(): void {
    for (const meter of this.#meters) meter.woke();
  }

  /** Bytes that may be on the wire at once. */
  room(): number {
    return (this.rate() * PART_TIME_MS) / SECOND;
  }

  /** Bytes per second that certainly arrive. */
  rate(): number {
    const { kept, limit } = this.#ports;
    const rate = this.#acknowledged.rate() ?? kept() ?? this.#atLeast();
    return Math.min(rate, limit() ?? rate);
  }

  get #meters(): readonly LineMeter[] {
    return [this.#acknowledged, this.#sent];
  }

  #atLeast(): number {
    return this.#sent.rate(this.#sent.onWire * HELD_BACK) ?? 0;
  }
}

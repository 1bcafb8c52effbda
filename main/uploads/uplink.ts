import { MINUTE, MiB, SECOND } from '../../shared/units.ts';
import { awakeMs } from '../core/awake.ts';

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
  #parts = 0;
  #busySince = 0;
  #busyMs = 0;
  #acknowledged = 0;
  #sent = 0;
  #keptAt = -Infinity;

  constructor(ports: UplinkPorts) {
    this.#ports = ports;
  }

  /** A part goes on the wire, until it has `ended`. */
  began(): void {
    this.#passTime();
    this.#parts += 1;
  }

  /** So many of its bytes have been handed to the system. */
  sent(bytes: number): void {
    this.#passTime();
    this.#sent += bytes;
  }

  /** `acknowledged`: its bytes, none when it failed. */
  ended(acknowledged: number): void {
    this.#passTime();
    this.#parts -= 1;
    this.#acknowledged += acknowledged;
    const now = this.#busySince;
    if (acknowledged === 0 || Math.abs(now - this.#keptAt) < MINUTE) return;
    this.#keptAt = now;
    this.#ports.keep(this.#measured());
  }

  /** Bytes that may be on the wire at once. */
  room(): number {
    return (this.rate() * PART_TIME_MS) / SECOND;
  }

  /** Bytes per second that certainly arrive. */
  rate(): number {
    const { kept, limit } = this.#ports;
    const rate = this.#acknowledged > 0 ? this.#measured() : (kept() ?? this.#atLeast());
    return Math.min(rate, limit() ?? rate);
  }

  /** Nothing counts while no part is on the wire; what was measured before counts ever less. */
  #passTime(): void {
    const now = this.#ports.now();
    const passed = this.#parts === 0 ? 0 : awakeMs(now - this.#busySince, LONGEST_SILENCE_MS);
    this.#busySince = now;
    const rest = 0.5 ** (passed / HALF_LIFE_MS);
    this.#busyMs = this.#busyMs * rest + passed;
    this.#acknowledged *= rest;
    this.#sent *= rest;
  }

  #measured(): number {
    return this.#acknowledged / Math.max(this.#busyMs / SECOND, 0.001);
  }

  #atLeast(): number {
    const left = this.#sent - this.#parts * HELD_BACK;
    return this.#busyMs === 0 ? 0 : Math.max(0, left / (this.#busyMs / SECOND));
  }
}

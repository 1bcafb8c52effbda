import { SECOND } from '../../shared/units.ts';

/** This computer's clock, corrected by what the service said of its own. Milliseconds since 1970. */
export class ServiceClock {
  readonly #local: () => number;
  #offsetMs: number | null = null;

  constructor(local: () => number) {
    this.#local = local;
  }

  now(): number {
    return this.#local() + (this.#offsetMs ?? 0);
  }

  /** How far this computer is behind the service, in milliseconds; null when the service has not told its time yet. */
  offsetMs(): number | null {
    return this.#offsetMs;
  }

  /** This computer's own time. */
  local(): number {
    return this.#local();
  }

  /**
   * Notes the `Date` of an answer that has just come, to a request begun at `begunAt` by this computer's clock: the
   * service wrote it in between and cut it to the second. A correction that agrees with that stays as it is.
   */
  observe(date: number, begunAt: number): void {
    const least = date - this.#local();
    const most = date + SECOND - begunAt;
    this.#offsetMs = Math.min(most, Math.max(least, this.#offsetMs ?? 0));
  }

  /** Takes the service's time as the right one from now on. Returns how far this computer is behind it. */
  learn(serviceTime: number): number {
    const offsetMs = serviceTime - this.#local();
    this.#offsetMs = offsetMs;
    return offsetMs;
  }
}

/**
 * The service's time from its refusal of a signature's time, which says it in parentheses:
 * `Signature expired: 20121108T030749Z is now earlier than 20121108T031304Z (20121108T031804Z - 5 min.)`.
 */
export function timeInMessage(message: string): number | null {
  const match = /\((\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z [-+] \d+ min/.exec(message);
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
}

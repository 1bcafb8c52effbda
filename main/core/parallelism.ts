import type { Failure } from '../../shared/failure.ts';
import { SECOND } from '../../shared/units.ts';

/** Parts that fail together count once. */
const CALM_MS = 5 * SECOND;

/**
 * How many parts may be on the wire: as many as the user allows, fewer while the line or the service cannot keep up.
 * Halved when parts time out or the service throttles, and one more each time as many parts as now have arrived well
 * (additive increase, multiplicative decrease, as TCP does it).
 */
export class Parallelism {
  readonly #allowed: () => number;
  #limit = Infinity;
  #arrived = 0;
  #loweredAt = -Infinity;

  constructor(allowed: () => number) {
    this.#allowed = allowed;
  }

  current(): number {
    return Math.max(1, Math.min(this.#allowed(), this.#limit));
  }

  /** Whether trouble keeps it below what the user allows. */
  isLowered(): boolean {
    return this.current() < this.#allowed();
  }

  arrived(): void {
    if (this.#limit === Infinity) return;
    this.#arrived += 1;
    if (this.#arrived < this.current()) return;
    this.#arrived = 0;
    this.#limit += 1;
    if (this.#limit >= this.#allowed()) this.#limit = Infinity;
  }

  failed({ kind }: Pick<Failure, 'kind'>, now: number): void {
    if (kind !== 'timed-out' && kind !== 'throttled') return;
    this.#arrived = 0;
    if (now - this.#loweredAt < CALM_MS) return;
    this.#loweredAt = now;
    this.#limit = Math.max(1, Math.floor(this.current() / 2));
  }
}

import { SECOND } from '../../shared/units.ts';
import { CountMeter, RateMeter } from './rate-meter.ts';

/** Between two small files nothing moves for a moment; after this long, what comes next is something else. */
const IDLE_MS = 3 * SECOND;

/** What is still to do. */
export type Left = { files: number; bytes: number };

type Moving = { meter: RateMeter; inFlight: Map<number, number>; sinceTick: number };

/** What is on the wire of one thing. `bytes`: settled and in flight; `rate` in bytes per second, null until it means something. */
type LiveItem<Id> = { id: Id; bytes: number; rate: number | null; remainingMs: number | null };

/** What is on the wire, in either direction. Only in memory: after a crash nothing of it is true. */
export class Live<Id extends string> {
  readonly #moving = new Map<Id, Moving>();
  #total = new RateMeter();
  #finished = new CountMeter();
  /** Of those that have ended since the last tick. */
  #ended = { bytes: 0, finished: 0 };
  #movedAt = -Infinity;

  /** Whether nothing is on its way. */
  get isEmpty(): boolean {
    return this.#moving.size === 0;
  }

  begin(id: Id): void {
    if (!this.#moving.has(id)) this.#moving.set(id, { meter: new RateMeter(), inFlight: new Map(), sinceTick: 0 });
  }

  /** Bytes of the part or range that begins at `first`. */
  moved(id: Id, first: number, bytes: number): void {
    const moving = this.#moving.get(id);
    if (!moving) return;
    moving.inFlight.set(first, (moving.inFlight.get(first) ?? 0) + bytes);
    moving.sinceTick += bytes;
  }

  partEnded(id: Id, first: number): void {
    this.#moving.get(id)?.inFlight.delete(first);
  }

  /** `isFinished`: nothing is left to do of it. */
  end(id: Id, isFinished = false): void {
    this.#ended.bytes += this.#moving.get(id)?.sinceTick ?? 0;
    if (isFinished) this.#ended.finished += 1;
    this.#moving.delete(id);
  }

  /**
   * One look at everything that runs; to be called a few times a second. `settledBytes`: acknowledged or verified.
   * `finishedRate`: how many are finished each second.
   */
  tick(
    now: number,
    get: (id: Id) => { size: number; settledBytes: number } | null,
  ): { items: LiveItem<Id>[]; rate: number | null; finishedRate: number | null } {
    let { bytes } = this.#ended;
    this.#forgetWhenIdle(now);
    for (const moving of this.#moving.values()) {
      bytes += moving.sinceTick;
      moving.meter.tick(moving.sinceTick, now);
      moving.sinceTick = 0;
    }
    this.#total.tick(bytes, now);
    this.#finished.tick(this.#ended.finished, now);
    this.#ended = { bytes: 0, finished: 0 };
    const items = [...this.#moving.keys()].map((id) => this.#item(id, get(id))).filter((item) => item !== null);
    return { items, rate: this.#total.rate(), finishedRate: this.#finished.rate() };
  }

  #forgetWhenIdle(now: number): void {
    if (this.#moving.size > 0 || this.#ended.finished > 0) this.#movedAt = now;
    if (now - this.#movedAt < IDLE_MS) return;
    this.#total = new RateMeter();
    this.#finished = new CountMeter();
  }

  #item(id: Id, known: { size: number; settledBytes: number } | null): LiveItem<Id> | null {
    const moving = this.#moving.get(id);
    if (!moving || !known) return null;
    const onWire = [...moving.inFlight.values()].reduce((sum, length) => sum + length, 0);
    const bytes = Math.min(known.size, known.settledBytes + onWire);
    return { id, bytes, rate: moving.meter.rate(), remainingMs: moving.meter.remainingMs(known.size - bytes) };
  }
}

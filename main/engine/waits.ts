import { errorText } from '../../shared/error-text.ts';
import type { Failure } from '../../shared/failure.ts';
import type { TaskId } from '../../shared/task.ts';
import { MINUTE } from '../../shared/units.ts';
import type { Clock } from './clock.ts';
import type { Wait, WaitFamily, WaitKey } from '../../shared/wait.ts';

/** What a probe of a closed key found. */
export type Probe =
  | { kind: 'open' }
  | { kind: 'closed'; failure: Failure; againInMs: number }
  /** Open for these tasks of a lane; the others wait on. */
  | { kind: 'released'; lane: string; tasks: readonly TaskId[]; againInMs: number };

/** How one key is probed: a look at a drive, one list of a place's jobs, a task that tries it. */
export type Watcher = {
  firstProbeInMs: number;
  probe(signal: AbortSignal): Promise<Probe>;
  /** One task that gets through opens the key for all; else each is an answer of its own. */
  opensForAll: boolean;
};

/** Who knows how to probe the keys of a family, once one is closed for this failure. */
export type Watchers = Map<WaitFamily, (key: WaitKey, failure: Failure) => Watcher | null>;

export type WaitsPorts = {
  clock: Clock;
  /** Null: it cannot be probed and is opened from outside (a person signs in, the user's hours begin). */
  watcher: (key: WaitKey, failure: Failure) => Watcher | null;
  /** Whether any task that could run needs the key; what nobody needs is not probed. */
  isNeeded: (key: WaitKey) => boolean;
  log: (message: string, details: Record<string, unknown>) => void;
};

/** `since`: the epoch when the attempt began; what was tried before the key was opened says nothing of it now. `by`: who tried. */
type Attempt = { since: number; by?: TaskId };

/** What met a closed key in one outage is told of so many tasks; of the others, that they wait. */
const MOST_TRIED = 1000;

type Closed = Omit<Wait, 'triedBy'> & {
  tried: Set<TaskId>;
  watcher: Watcher | null;
  lane: string | null;
  released: Set<TaskId>;
  stop: () => void;
};

/**
 * What tasks wait for together. Kept in memory alone: after a start the first task that meets the trouble closes the key
 * again. However many wait, each key has one watcher, and neither closing nor opening writes a row.
 */
export class Waits {
  readonly #ports: WaitsPorts;
  readonly #closed = new Map<WaitKey, Closed>();
  readonly #openedAt = new Map<WaitKey, number>();
  /** Tasks that did not get through when others did, until they do. */
  readonly #suspects = new Map<WaitKey, Set<TaskId>>();
  readonly #listeners = new Set<() => void>();
  #epoch = 0;
  #isStopped = false;

  constructor(ports: WaitsPorts) {
    this.#ports = ports;
  }

  /** Called after each change of what is closed, why, or for whom. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** All that is closed, the oldest first. */
  list(): Wait[] {
    return [...this.#closed.values()].map(({ key, failure, since, until, attempt, tried }) => ({
      key,
      failure,
      since,
      until,
      attempt,
      triedBy: [...tried],
    }));
  }

  problem(key: WaitKey): Failure | null {
    return this.#closed.get(key)?.failure ?? null;
  }

  /** Grows whenever a key is opened. */
  get epoch(): number {
    return this.#epoch;
  }

  /** The epoch that began when the key was opened last; 0 when it never was. */
  openedAt(key: WaitKey): number {
    return this.#openedAt.get(key) ?? 0;
  }

  /** Whether nothing that the keys stand for is missing, at least for this task. */
  admits(keys: readonly WaitKey[], id?: TaskId): boolean {
    return keys.every((key) => {
      const closed = this.#closed.get(key);
      return !closed || (id !== undefined && closed.released.has(id));
    });
  }

  /** Tasks of the lane that may go on although a key of theirs is closed for the others; the first ones. */
  released(lane: string, limit: number): TaskId[] {
    const ofLane = [...this.#closed.values()].filter((closed) => closed.lane === lane);
    return ofLane.flatMap(({ released }) => [...released].slice(0, limit));
  }

  /** To be called when a released task has run, or cannot: what it waits for next is a new question. */
  unrelease(id: TaskId): void {
    for (const { released } of this.#closed.values()) released.delete(id);
  }

  /** A task that needs these keys has just done what it wanted. */
  gotThrough(keys: readonly WaitKey[], id: TaskId): void {
    for (const key of keys) {
      this.#suspects.get(key)?.delete(id);
      const closed = this.#closed.get(key);
      if (closed?.watcher?.opensForAll !== true) continue;
      closed.tried.delete(id);
      this.#suspects.set(key, closed.tried);
      this.open(key);
    }
  }

  /** Whether others got through when this task had not: then it is its own trouble, and the others need not wait for it. */
  isAlone(key: WaitKey, id: TaskId): boolean {
    return this.#suspects.get(key)?.has(id) === true;
  }

  close(key: WaitKey, failure: Failure, { since, by }: Attempt = { since: this.#epoch }): void {
    if (this.openedAt(key) > since) return;
    const known = this.#closed.get(key);
    if (known?.failure.kind === failure.kind) {
      known.failure = failure;
      if (by !== undefined && known.released.has(by)) known.attempt += 1;
    } else this.#close(key, failure);
    const tried = this.#closed.get(key)?.tried;
    if (tried && by !== undefined) {
      // The one that has waited the longest comes first.
      tried.delete(by);
      if (tried.size < MOST_TRIED) tried.add(by);
    }
    this.#announce();
  }

  /** From a watcher, or from outside: a person signed in, a drive was plugged in, the network came back. */
  open(key: WaitKey): void {
    this.#epoch += 1;
    this.#openedAt.set(key, this.#epoch);
    this.#closed.get(key)?.stop();
    if (this.#closed.delete(key)) this.#announce();
  }

  /** Opens all that are closed for such a reason. */
  openAll(isMeant: (wait: Wait) => boolean): void {
    for (const wait of this.list()) if (isMeant(wait)) this.open(wait.key);
  }

  /** Nothing is probed from now on, also of what is closed later. */
  stop(): void {
    this.#isStopped = true;
    for (const { stop } of this.#closed.values()) stop();
  }

  /** Another reason asks for another watcher. */
  #close(key: WaitKey, failure: Failure): void {
    const known = this.#closed.get(key);
    known?.stop();
    const watcher = this.#ports.watcher(key, failure);
    const since = known?.since ?? this.#ports.clock.now();
    const closed: Closed = {
      key,
      failure,
      since,
      until: null,
      attempt: 1,
      tried: new Set(known?.tried),
      watcher,
      lane: null,
      released: new Set(),
      stop: idle,
    };
    this.#closed.set(key, closed);
    if (watcher) this.#probeIn(watcher.firstProbeInMs, closed, watcher);
  }

  #probeIn(ms: number, closed: Closed, watcher: Watcher): void {
    if (this.#isStopped) return;
    const { clock } = this.#ports;
    const aborter = new AbortController();
    closed.until = clock.now() + ms;
    const cancel = clock.after(ms, () => {
      void this.#probe(closed, watcher, aborter.signal);
    });
    closed.stop = () => {
      cancel();
      aborter.abort();
    };
  }

  async #probe(closed: Closed, watcher: Watcher, signal: AbortSignal): Promise<void> {
    const found = await this.#found(closed, watcher, signal);
    if (signal.aborted) return;
    if (found.kind === 'open') {
      this.open(closed.key);
      return;
    }
    if (found.kind === 'closed') Object.assign(closed, { failure: found.failure, attempt: closed.attempt + 1 });
    // Each probe says anew who may go on, so that the set cannot grow.
    else Object.assign(closed, { lane: found.lane, released: new Set(found.tasks) });
    this.#probeIn(found.againInMs, closed, watcher);
    this.#announce();
  }

  async #found({ key, failure }: Closed, watcher: Watcher, signal: AbortSignal): Promise<Probe> {
    try {
      return this.#ports.isNeeded(key) ? await watcher.probe(signal) : { kind: 'open' };
    } catch (error) {
      if (!signal.aborted) this.#ports.log('a probe failed', { key, error: errorText(error) });
      return { kind: 'closed', failure, againInMs: MINUTE };
    }
  }

  #announce(): void {
    for (const listener of this.#listeners) listener();
  }
}

function idle(): void {
  return undefined;
}

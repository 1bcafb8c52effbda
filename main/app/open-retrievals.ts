import type { Account, AccountId } from '../../shared/account.ts';
import type { Events } from '../../shared/contract.ts';
import { FIRN_PRICES, costOf, pricesOf } from '../../shared/prices.ts';
import type { RetrievalId, RetrievalView } from '../../shared/retrieval.ts';
import { type Allowance, allowanceAt, minuteOfDay } from '../../shared/schedule.ts';
import type { Settings } from '../../shared/settings.ts';
import { Live } from '../core/live.ts';
import { Parallelism } from '../core/parallelism.ts';
import type { Clock } from '../core/ports.ts';
import type { RetrievalPorts } from '../retrievals/steps/context.ts';
import { JobWatch } from '../retrievals/job-watch.ts';
import type { RunLoopPorts } from '../engine/run-loop.ts';
import { Line } from '../retrievals/line.ts';
import { RetrievalKind } from '../retrievals/kinds.ts';
import type { Retrieval } from '../retrievals/ports.ts';
import { Slots } from '../core/slots.ts';
import { Tally } from '../core/tally.ts';
import type { TaskRunner } from '../core/task-runner.ts';
import { traitsOf } from '../places/traits.ts';
import { Feed, type Guard, inPieces } from './feed.ts';
import { Retrievals } from '../retrievals/retrievals.ts';
import type { Db } from '../store/database.ts';
import type { CatalogueReader } from '../store/catalogue-reader.ts';
import { RetrievalStore } from '../store/retrievals.ts';
import { targetFiles } from '../targets/files.ts';
import { Pace } from '../transfer/pace.ts';
import { ProgressTicker, lookAtRetrievals } from './ticker.ts';

/** Asking is a request or two. */
const ASKED_AT_ONCE = 4;

export type OpenRetrievals = {
  kinds: RetrievalKind[];
  /** To be called with the runner of the kinds. */
  serve(tasks: TaskRunner, listeners: Listeners): ServedRetrievals;
};

type Listeners = {
  changed: (changes: Events['retrievals:changed']) => void;
  progress: (progress: Events['retrievals:progress']) => void;
  guard: Guard;
};

export type ServedRetrievals = {
  retrievals: Retrievals;
  store: RetrievalStore;
  feed: Feed<RetrievalId, RetrievalView>;
  close(): void;
};

/** Builds all that retrievals are made of. */
export function openRetrievals(world: {
  db: Db;
  reader: CatalogueReader;
  clock: Clock;
  settings: () => Settings;
  account: (id: AccountId) => Account | null;
  loop: Pick<RunLoopPorts, 'sleep'>;
}): OpenRetrievals {
  const { db, clock, settings, account, loop } = world;
  const store = new RetrievalStore(db);
  const live = new Live<RetrievalId>();
  const parallelism = new Parallelism(() => settings().parallelParts);
  const allowance = (): Allowance => allowanceAt(settings(), minuteOfDay(new Date(clock.now())));
  const line = new Line({
    kept: () => store.lineRate(),
    keep: (bytesPerSecond) => {
      store.keepLineRate(bytesPerSecond);
    },
    outstanding: () => store.outstanding(),
    limits: settings,
    now: () => clock.now(),
  });
  loop.sleep.onChange(() => {
    if (!loop.sleep.isAsleep) line.woke();
  });
  const ports: RetrievalPorts = {
    retrievals: store,
    files: targetFiles,
    jobs: new JobWatch(clock),
    limits: () => settings().retrievalLimits,
    costOf: (retrieval, bytes) => costOfRequest(retrieval, bytes, account(retrieval.accountId), settings()),
    line,
    allowance,
    pace: paceOf(allowance),
    turns: new Slots(() => 1),
    slots: new Slots(() => parallelism.current()),
    parallelism,
    written: new Map(),
    wrongs: new Tally(),
    live,
  };
  const kinds = [
    new RetrievalKind('asking', store, ports, () => ASKED_AT_ONCE),
    new RetrievalKind('fetching', store, ports, () => settings().parallelUploads),
  ];
  return {
    kinds,
    serve(tasks, { changed, progress, guard }) {
      const feed = new Feed(store, inPieces(store), changed, guard);
      const ticker = new ProgressTicker(() => lookAtRetrievals(live, store, clock), progress, guard);
      return {
        retrievals: new Retrievals({
          ...world,
          store,
          files: targetFiles,
          tasks,
          kinds,
          isLineFull: () => line.isFull(),
          capacity: () => line.capacity(),
        }),
        store,
        feed,
        close() {
          ticker.close();
          feed.close();
        },
      };
    },
  };
}

/** A limit of its own for what comes in, of the same height as the one for what goes out: lines carry both ways at once. */
function paceOf(allowance: () => Allowance): RetrievalPorts['pace'] {
  const pace = new Pace(Pace.newMemory());
  return async (bytes, signal) => {
    const allowed = allowance();
    pace.setRate(allowed === 'paused' ? null : allowed);
    await unlessAborted(pace.wait(bytes), signal);
  };
}

/** Resolves with the wait, or when the signal is aborted. */
function unlessAborted(waiting: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      signal.removeEventListener('abort', end);
      resolve();
    };
    signal.addEventListener('abort', end);
    void waiting.then(end);
  });
}

/** With the way out to the internet, which is most of it. */
function costOfRequest(
  { tier, region }: Retrieval,
  bytes: number,
  account: Account | null,
  { prices }: Settings,
): number {
  if (traitsOf(account).isInside) return 0;
  return costOf({ bytes, requests: 1, tier }, pricesOf(prices ?? FIRN_PRICES, region).prices).total;
}

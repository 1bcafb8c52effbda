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
import { LIMIT_KEY, LINE_KEY, RETRIEVAL_LANES } from '../retrievals/retrieval-kind.ts';
import { retrievalWorker } from '../retrievals/retrieval-worker.ts';
import { jobsWatcher, lookingWatcher, targetWatcher } from '../retrievals/watchers.ts';
import { nameIn } from '../../shared/wait.ts';
import type { ArchiveService } from '../places/ports/archive-service.ts';
import type { Engine } from './open-engine.ts';
import type { Retrieval } from '../retrievals/ports.ts';
import { Slots } from '../core/slots.ts';
import { Tally } from '../core/tally.ts';
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

type World = {
  db: Db;
  engine: Engine;
  reader: CatalogueReader;
  clock: Clock;
  settings: () => Settings;
  account: (id: AccountId) => Account | null;
  service: (account: Account) => ArchiveService;
  loop: Pick<RunLoopPorts, 'sleep'>;
};

/** Builds all that retrievals are made of. */
export function openRetrievals(world: World, { changed, progress, guard }: Listeners): ServedRetrievals {
  const { db, engine, clock, settings, account, loop } = world;
  const { waits } = engine;
  const store = new RetrievalStore(db, engine.tasks);
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
    onRoom: () => {
      if (waits.problem(LINE_KEY) && !line.isFull()) waits.open(LINE_KEY);
    },
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
    clock,
    limitWait: () => waits.problem(LIMIT_KEY),
  };
  engine.runner.employ(retrievalWorker({ ...world, ...ports }), [
    { name: RETRIEVAL_LANES.asking, limit: () => ASKED_AT_ONCE },
    { name: RETRIEVAL_LANES.awaiting, limit: () => ASKED_AT_ONCE },
    {
      name: RETRIEVAL_LANES.fetching,
      // Outside of the user's hours nothing is fetched.
      limit: () => (allowance() === 'paused' ? 0 : settings().parallelUploads),
      order: 'urgency',
      changesWithTime: true,
    },
  ]);
  watchWaits({ ...world, ...ports });
  const forget = store.onChange((ids, removed) => {
    for (const id of [...removed, ...ids.filter((one) => engine.tasks.head(one)?.lane === null)]) {
      ports.written.delete(id);
      ports.wrongs.clear(id);
    }
  });
  const feed = new Feed(store, inPieces(store), changed, guard);
  const ticker = new ProgressTicker(() => lookAtRetrievals(live, store, clock), progress, guard);
  return {
    retrievals: new Retrievals({
      ...world,
      ...engine,
      store,
      files: targetFiles,
      isLineFull: () => line.isFull(),
      capacity: () => line.capacity(),
    }),
    store,
    feed,
    close() {
      forget();
      ticker.close();
      feed.close();
    },
  };
}

/** Who looks whether what retrievals wait for together is there. */
function watchWaits(world: World & RetrievalPorts): void {
  const { engine, line, clock } = world;
  const { watchers, queue } = engine;
  const lanes = [RETRIEVAL_LANES.asking, RETRIEVAL_LANES.fetching];
  watchers.set('jobs', (key, failure) => {
    const [accountId, vault] = (nameIn('jobs', key) ?? '').split('/');
    if (accountId === undefined || vault === undefined) return null;
    return jobsWatcher({ accountId: accountId as AccountId, vault }, failure, world);
  });
  watchers.set('target', (key, failure) => {
    const firstOf = (): RetrievalId | null => queue.due(lanes, clock.now(), 1, (keys) => keys.includes(key))[0] ?? null;
    return targetWatcher(firstOf, failure, world);
  });
  watchers.set('limit', (_key, failure) => lookingWatcher(failure, () => true, clock));
  watchers.set('line', (_key, failure) => lookingWatcher(failure, () => !line.isFull(), clock));
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

import type { Account, AccountId } from '../../shared/account.ts';
import type { Failure } from '../../shared/failure.ts';
import type { RetrievalId } from '../../shared/retrieval.ts';
import { MINUTE } from '../../shared/units.ts';
import type { Clock } from '../engine/clock.ts';
import { backoffMs } from '../engine/backoff.ts';
import type { TaskPlace } from '../engine/task.ts';
import type { Probe, Watcher } from '../engine/waits.ts';
import type { ArchiveService } from '../places/ports/archive-service.ts';
import type { JobWatch } from './job-watch.ts';
import { patienceMs } from './patience.ts';
import type { RetrievalQueue, TargetFiles } from './ports.ts';
import { RETRIEVAL_LANES } from './retrieval-kind.ts';
import { isChosenFolder } from './target.ts';

export type WatchPorts = {
  retrievals: Pick<RetrievalQueue, 'awaited' | 'youngest' | 'get'>;
  jobs: JobWatch;
  files: TargetFiles;
  clock: Pick<Clock, 'now'>;
  account: (id: AccountId) => Account | null;
  service: (account: Account) => ArchiveService;
};

/** A list takes a request for each fifty jobs: this many milliseconds for each that waits, up to a minute. */
const LIST_MS_PER_JOB = 12;

/** One look at the jobs of a vault lets all go on whose outputs are ready, or came to nothing. */
export function jobsWatcher(place: TaskPlace, failure: Failure, ports: WatchPorts): Watcher {
  const { retrievals, jobs } = ports;
  const release = (tasks: readonly RetrievalId[]): Probe => ({
    kind: 'released',
    lane: RETRIEVAL_LANES.awaiting,
    tasks,
    againInMs: pauseMs(place, ports),
  });
  return {
    firstProbeInMs: failure.kind === 'awaiting-job' ? failure.lookInMs : pauseMs(place, ports),
    opensForAll: false,
    async probe(signal) {
      const account = ports.account(place.accountId);
      const waiting = retrievals.awaited(place);
      const listed = account && (await jobs.list({ ...place, service: ports.service(account) }, 0, signal));
      const all = [...new Set(waiting.map(({ id }) => id))];
      // Who may not list asks for each; any other trouble is told by the first that meets it.
      if (!listed?.ok) return release(listed?.failure.kind === 'access-denied' ? all : all.slice(0, 1));
      const atWork = new Set(
        waiting.flatMap(({ id, jobId }) => (listed.value.get(jobId)?.status === 'in-progress' ? [id] : [])),
      );
      return release(all.filter((id) => !atWork.has(id)));
    },
  };
}

/** Ever more rarely, as the last that was asked for gets older; and a long list less often than a short one. */
function pauseMs(place: TaskPlace, { retrievals, clock, account, service }: WatchPorts): number {
  const owner = account(place.accountId);
  const youngest = retrievals.youngest(place);
  if (owner === null || youngest.length === 0) return MINUTE;
  const { inventoryLagMs } = service(owner);
  const now = clock.now();
  const pauses = youngest.map(({ tier, requestedAt }) =>
    patienceMs(tier, Math.max(0, now - requestedAt), inventoryLagMs),
  );
  const count = youngest.reduce((sum, { waiting }) => sum + waiting, 0);
  return Math.max(Math.min(...pauses), Math.min(MINUTE, count * LIST_MS_PER_JOB));
}

/** Looks whether the folder that one of them goes to is there again. */
export function targetWatcher(firstOf: () => RetrievalId | null, failure: Failure, ports: WatchPorts): Watcher {
  let attempt = 1;
  const pause = (): number => backoffMs(failure, attempt, Math.random, 0);
  return {
    firstProbeInMs: pause(),
    opensForAll: true,
    async probe() {
      attempt += 1;
      const id = firstOf();
      const retrieval = id === null ? null : ports.retrievals.get(id);
      if (retrieval === null || (await isChosenFolder(retrieval, ports.files))) return { kind: 'open' };
      return { kind: 'closed', failure, againInMs: pause() };
    },
  };
}

/** For what is looked at only now and then: room within the limits, room on the line. */
export function lookingWatcher(failure: Failure, isOpen: () => boolean, clock: Pick<Clock, 'now'>): Watcher {
  const pause = (): number => {
    const usual = backoffMs(failure, 1, Math.random, 0);
    if (failure.kind !== 'retrieval-limit') return usual;
    return Math.max(1, Math.min(usual, failure.until - clock.now()));
  };
  return {
    firstProbeInMs: pause(),
    opensForAll: true,
    probe: () => Promise.resolve(isOpen() ? { kind: 'open' } : { kind: 'closed', failure, againInMs: pause() }),
  };
}

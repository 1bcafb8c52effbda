import { expect, it } from 'vitest';
import { Runner } from '../../main/engine/runner.ts';
import { DiskWatch } from '../../main/engine/disk-watch.ts';
import { Sleep } from '../../main/engine/sleep.ts';
import { Waits } from '../../main/engine/waits.ts';
import { Slots } from '../../main/core/slots.ts';
import type { Job } from '../../main/places/ports/archive-service.ts';
import { JobWatch } from '../../main/retrievals/job-watch.ts';
import { RETRIEVAL_LANES, retrievalKind } from '../../main/retrievals/retrieval-kind.ts';
import { retrievalWorker } from '../../main/retrievals/retrieval-worker.ts';
import { type WatchPorts, jobsWatcher } from '../../main/retrievals/watchers.ts';
import { RetrievalStore } from '../../main/store/retrievals.ts';
import { SqliteTaskQueue } from '../../main/store/tasks/task-queue.ts';
import { TaskStore } from '../../main/store/tasks/task-store.ts';
import { noRetrievalLimits } from '../../shared/retrieval-limits.ts';
import { DAY, HOUR, MINUTE, MiB, SECOND } from '../../shared/units.ts';
import type { ArchiveId } from '../../shared/upload.ts';
import { nameIn } from '../../shared/wait.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { account, hash, openStores } from '../support/store.ts';

const COUNT = 1000;
const READY_AFTER = 4 * HOUR;
const folder = '/back';

/** Retrievals of one vault, and a service that prepares what it is asked for in four hours. */
function open() {
  const { db } = openStores();
  const clock = new ManualClock(Date.UTC(2026, 10, 30));
  const tasks = new TaskStore(db, [retrievalKind]);
  const queue = new SqliteTaskQueue(db, tasks);
  const store = new RetrievalStore(db, tasks);
  const jobs: Job[] = [];
  const asked = { lists: 0, jobs: 0, singly: 0 };
  const now = (): number => clock.now();
  const stateOf = (job: Job): Job => {
    const isReady = job.createdAt + READY_AFTER <= now();
    return isReady ? { ...job, status: 'succeeded', completedAt: job.createdAt + READY_AFTER } : job;
  };
  const service = {
    now,
    inventoryLagMs: DAY,
    listJobs() {
      asked.lists += 1;
      return Promise.resolve({ ok: true, value: jobs.map(stateOf) });
    },
    describeJob(_vault: string, jobId: string) {
      asked.singly += 1;
      const job = jobs.find((one) => one.jobId === jobId);
      return Promise.resolve(job ? { ok: true, value: stateOf(job) } : { ok: false, failure: { kind: 'not-found' } });
    },
    async requestArchive({ archiveId, description }: { archiveId: ArchiveId; description: string }) {
      // As much as a request takes.
      await new Promise<void>((resolve) => clock.after(SECOND / 4, resolve));
      asked.jobs += 1;
      const jobId = `job-${asked.jobs}`;
      const told = { archiveSize: MiB, archiveTreeHash: null, treeHash: null, range: null };
      jobs.push({
        jobId,
        description,
        status: 'in-progress',
        message: '',
        createdAt: now(),
        completedAt: null,
        snsTopic: null,
        purpose: { kind: 'archive', archiveId, tier: 'Standard', ...told },
      });
      return { ok: true, value: { jobId } };
    },
  };
  const files = {
    folder: () => Promise.resolve({ ok: true, value: '1:2' }),
    mark: () => Promise.resolve({ ok: true, value: null }),
    exists: () => Promise.resolve(false),
    takesSize: () => Promise.resolve({ ok: true, value: null }),
    freeBytes: () => Promise.resolve(null),
  };
  const watch = {
    retrievals: store,
    jobs: new JobWatch(clock),
    files,
    clock,
    account: () => account,
    service: () => service,
  };
  const waits: Waits = new Waits({
    clock,
    watcher(key, failure) {
      const [accountId, vault = ''] = nameIn('jobs', key)?.split('/') ?? [];
      if (accountId === undefined) return null;
      return jobsWatcher({ accountId: account.id, vault }, failure, watch as unknown as WatchPorts);
    },
    isNeeded: (key) => queue.isNeeded(key),
    log: () => undefined,
  });
  const runner = new Runner({
    clock,
    queue,
    waits,
    disk: new DiskWatch({ clock, isUsable: () => true, onTrouble: () => undefined }),
    sleep: new Sleep(clock),
    random: () => 0.5,
    inventoryLagMs: () => DAY,
    troubleOf: () => null,
    isDamaged: () => false,
    onDamaged: () => undefined,
    onBug: (error) => {
      throw error;
    },
    log: () => undefined,
  });
  const world = {
    ...watch,
    limits: () => noRetrievalLimits,
    limitWait: () => null,
    costOf: () => 0,
    line: { room: () => DAY * MiB, capacity: () => DAY * MiB, isFull: () => false },
    turns: new Slots(() => 1),
  };
  runner.employ(retrievalWorker(world as unknown as Parameters<typeof retrievalWorker>[0]), [
    { name: RETRIEVAL_LANES.asking, limit: () => 4 },
    { name: RETRIEVAL_LANES.awaiting, limit: () => 4 },
    { name: RETRIEVAL_LANES.fetching, limit: () => 0 },
  ]);
  const folderMark = store.markOf(folder, '1:2');
  const news = Array.from({ length: COUNT }, (_, n) => ({
    accountId: account.id,
    region: account.region,
    vault: 'photos',
    archiveId: `archive-${n}` as ArchiveId,
    archiveSize: MiB,
    treeHash: hash('b'),
    path: `/photos/${n}.raw`,
    modifiedNs: null,
    range: { first: 0, last: MiB - 1 },
    rangeSize: MiB,
    tier: 'Standard' as const,
    folder,
    folderId: '1:2',
    folderMark,
    relativePath: `${n}.raw`,
    targetKey: `${n}`,
    onExisting: 'ask' as const,
  }));
  store.add(news, now());
  const inPhase = (phase: string): number =>
    tasks.sums(retrievalKind).reduce((sum, one) => sum + (one.phase === phase ? one.tasks : 0), 0);
  return { clock, runner, waits, asked, inPhase };
}

it('many of one vault are asked for at a steady rate, with few lists of its jobs, and go on by them as well', async () => {
  const { clock, runner, waits, asked, inPhase } = open();
  const begunAt = clock.now();
  runner.start();
  await clock.runUntil(() => asked.jobs >= COUNT / 2);
  const halfMs = clock.now() - begunAt;
  await clock.runUntil(() => inPhase('requested') === COUNT);
  const wholeMs = clock.now() - begunAt;
  expect(asked.jobs).toBe(COUNT);
  // The second half takes no longer than the first one: what is there already keeps nobody from asking.
  expect(wholeMs - halfMs).toBeLessThan(1.2 * halfMs);
  // The first few dozen are looked at more often: their lists are short.
  expect(asked.lists).toBeLessThan(20 + wholeMs / MINUTE);
  expect(asked.singly).toBe(0);

  const lists = asked.lists;
  await clock.runUntil(() => inPhase('downloading') === COUNT);
  expect(asked.lists - lists).toBeLessThan((clock.now() - begunAt) / MINUTE);
  expect(asked.singly).toBe(0);
  waits.stop();
  await runner.stop();
}, 60_000);

import { expect, test } from 'vitest';
import { RetrievalStore } from '../../main/store/retrievals.ts';
import { SqliteTaskQueue } from '../../main/store/tasks/task-queue.ts';
import { TaskStore } from '../../main/store/tasks/task-store.ts';
import type { NewRetrieval } from '../../main/retrievals/ports.ts';
import { LIMIT_KEY, LINE_KEY, RETRIEVAL_LANES, jobsKey, retrievalKind } from '../../main/retrievals/retrieval-kind.ts';
import type { Db } from '../../main/store/database.ts';
import { retrievalStatements } from '../../main/store/retrieval-statements.ts';
import { type WaitKey, accountKey } from '../../shared/wait.ts';
import type { RetrievalId } from '../../shared/retrieval.ts';
import { targetKey } from '../../shared/target-path.ts';
import { MiB } from '../../shared/units.ts';
import { archiveId } from '../support/catalogue.ts';
import { account, hash, openStores } from '../support/store.ts';

function open() {
  const stores = openStores();
  const tasks = new TaskStore(stores.db, [retrievalKind]);
  const queue = new SqliteTaskQueue(stores.db, tasks);
  return { ...stores, tasks, queue, retrievals: new RetrievalStore(stores.db, tasks) };
}

function newRetrieval(changes: Partial<NewRetrieval> = {}): NewRetrieval & { targetKey: string } {
  const retrieval: NewRetrieval = {
    accountId: account.id,
    region: account.region,
    vault: 'photos',
    archiveId: archiveId('a'),
    archiveSize: 3 * MiB,
    treeHash: hash('b'),
    path: '/photos/a.raw',
    modifiedNs: '1700000000123456789',
    range: { first: 0, last: 3 * MiB - 1 },
    rangeSize: MiB,
    tier: 'Standard',
    folder: '/back',
    folderId: '1:2',
    folderMark: 'mark',
    relativePath: 'photos/a.raw',
    onExisting: 'ask',
    ...changes,
  };
  return { ...retrieval, targetKey: targetKey(retrieval.folder, retrieval.relativePath) };
}

function add(retrievals: RetrievalStore, changes: Partial<NewRetrieval> = {}): RetrievalId {
  const one = newRetrieval(changes);
  const folderMark = retrievals.markOf(one.folder, one.folderId);
  const [id] = retrievals.add([{ ...one, folderMark }], 1);
  if (id === undefined) throw new Error('Nothing was added');
  return id;
}

function toDownloading(retrievals: RetrievalStore, id: RetrievalId): void {
  retrievals.apply(id, { kind: 'asked', tier: 'Standard', ...all, cost: 0.25, at: 10 });
  retrievals.apply(id, { kind: 'requested', jobId: 'job', adopted: false, ...all, at: 11 });
  retrievals.apply(id, { kind: 'all-asked', at: 11 });
  retrievals.apply(id, { kind: 'ready', outputs: [{ jobId: 'job', endsAt: 99, treeHash: hash('b') }], at: 12 });
}

const all = { first: 0, last: 3 * MiB - 1 };

const range = (index: number) => ({ first: index * MiB, last: (index + 1) * MiB - 1 });

test('a range is recorded once, adds up, and is dropped when it is damaged', () => {
  const { retrievals } = open();
  const id = add(retrievals);
  toDownloading(retrievals, id);
  retrievals.setPartial(id, { path: '/back/a.firn', fileId: '1:3', modifiedNs: null, isSparse: true });
  for (const index of [1, 0]) {
    retrievals.recordRange(id, { ...range(index), treeHash: hash('c'), confirmed: index === 0, at: 20 }, '77');
  }
  expect(retrievals.ranges(id).map(({ first, confirmed }) => [first, confirmed])).toEqual([
    [0, true],
    [MiB, false],
  ]);
  expect(retrievals.get(id)).toMatchObject({ receivedBytes: 2 * MiB, partial: { modifiedNs: '77' } });
  expect(() => {
    retrievals.recordRange(id, { ...range(1), treeHash: hash('c'), confirmed: true, at: 21 }, '78');
  }).toThrow(/UNIQUE/);
  retrievals.apply(id, { kind: 'damaged', ranges: [MiB, 7 * MiB], what: 'changed', at: 22 });
  expect(retrievals.get(id)?.receivedBytes).toBe(MiB);
  retrievals.apply(id, { kind: 'output-gone', jobIds: ['job'], at: 23 });
  expect(retrievals.ranges(id)).toHaveLength(1);
  retrievals.apply(id, { kind: 'requested', jobId: 'job-2', adopted: false, ...range(1), at: 24 });
  expect(retrievals.jobs(id).map(({ jobId, hasEnded }) => [jobId, hasEnded])).toEqual([
    ['job', true],
    ['job-2', false],
  ]);
  retrievals.apply(id, { kind: 'all-asked', at: 24 });
  retrievals.apply(id, { kind: 'ready', outputs: [{ jobId: 'job-2', endsAt: 99, treeHash: null }], at: 25 });
  retrievals.apply(id, { kind: 'damaged', ranges: 'all', what: 'gone', at: 26 });
  expect(retrievals.get(id)?.receivedBytes).toBe(0);
});

test('a request counts for the limits, also of a retrieval that was cleared, unless it never happened', () => {
  const { retrievals, tasks } = open();
  const id = add(retrievals);
  toDownloading(retrievals, id);
  const other = add(retrievals, { archiveId: archiveId('b') });
  retrievals.apply(other, { kind: 'asked', tier: 'Bulk', ...range(0), cost: 0.1, at: 30 });
  retrievals.apply(other, { kind: 'request-settled', at: 31 });
  retrievals.apply(id, { kind: 'cancelled', at: 32 });
  expect(tasks.remove(id)).toBe(true);
  expect(retrievals.requestsSince(0)).toEqual([{ at: 10, bytes: 3 * MiB, cost: 0.25 }]);
  expect(retrievals.requestsSince(10)).toEqual([]);
  expect(retrievals.requestedSince(0)).toEqual({ bytes: 3 * MiB, cost: 0.25 });
  expect(retrievals.requestedSince(10)).toEqual({ bytes: 0, cost: 0 });
});

test('what is due is told apart by what it does, and comes in order', () => {
  const { retrievals, queue } = open();
  const [a, b, c] = ['a', 'b', 'c'].map((name) => add(retrievals, { archiveId: archiveId(name) })) as [
    RetrievalId,
    RetrievalId,
    RetrievalId,
  ];
  const due = (lane: keyof typeof RETRIEVAL_LANES, closed: WaitKey[] = []) =>
    queue.due([RETRIEVAL_LANES[lane]], 100, 10, (keys) => !keys.some((key) => closed.includes(key)));
  toDownloading(retrievals, b);
  expect(due('asking')).toEqual([a, c]);
  expect(due('fetching')).toEqual([b]);
  // Who waits for a limit, or for the line, waits together with all behind; what was asked for goes on.
  expect(due('asking', [LIMIT_KEY])).toEqual([]);
  expect(due('asking', [LINE_KEY])).toEqual([]);
  expect(due('fetching', [LIMIT_KEY, LINE_KEY])).toEqual([b]);
  expect(due('fetching', [accountKey(account.id)])).toEqual([]);
  retrievals.apply(c, { kind: 'asked', tier: 'Bulk', ...all, cost: 0.1, at: 41 });
  expect(due('awaiting', [LINE_KEY])).toEqual([c]);
  retrievals.apply(c, { kind: 'requested', jobId: 'other', adopted: false, ...range(0), at: 42 });
  expect(due('asking', [LIMIT_KEY, LINE_KEY])).toEqual([c]);
  retrievals.apply(c, { kind: 'all-asked', at: 43 });
  expect(due('awaiting', [jobsKey({ accountId: account.id, vault: 'photos' })])).toEqual([]);
});

test('what ends first comes first, and what needs only its name before', () => {
  const { retrievals, queue } = open();
  const [a, b, c] = ['a', 'b', 'c'].map((name) => add(retrievals, { archiveId: archiveId(name) })) as [
    RetrievalId,
    RetrievalId,
    RetrievalId,
  ];
  for (const id of [a, b, c]) toDownloading(retrievals, id);
  retrievals.apply(b, { kind: 'output-gone', jobIds: ['job'], at: 13 });
  retrievals.apply(b, { kind: 'all-asked', at: 14 });
  retrievals.apply(b, { kind: 'ready', outputs: [{ jobId: 'job', endsAt: 50, treeHash: null }], at: 15 });
  retrievals.apply(c, { kind: 'downloaded', at: 16 });
  expect(queue.urgent([RETRIEVAL_LANES.fetching], 20, 10, () => true)).toEqual([c, b, a]);
});

test('one look at a vault tells what waits for Glacier alone in it', () => {
  const { retrievals, tasks } = open();
  const place = { accountId: account.id, vault: 'photos' };
  const ids = ['a', 'b', 'c'].map((name) => add(retrievals, { archiveId: archiveId(name) }));
  for (const [index, id] of ids.entries()) {
    retrievals.apply(id, { kind: 'requested', jobId: `job-${index}`, adopted: false, ...all, at: 10 + index });
    retrievals.apply(id, { kind: 'all-asked', at: 10 + index });
  }
  tasks.hold(ids[1] ?? never(), { kind: 'paused', at: 20 });
  expect(retrievals.awaited(place).map(({ jobId }) => jobId)).toEqual(['job-0', 'job-2']);
  expect(retrievals.youngest(place)).toEqual([{ tier: 'Standard', requestedAt: 12, waiting: 2 }]);
  expect(retrievals.awaited({ ...place, vault: 'other' })).toEqual([]);
});

test('looks that find nothing new are not a line each in the journal', () => {
  const { retrievals } = open();
  const id = add(retrievals);
  retrievals.apply(id, { kind: 'requested', jobId: 'job', adopted: true, ...all, at: 10 });
  const failure = { kind: 'awaiting-job', usualMs: 1000, lookInMs: 10 } as const;
  for (const attempt of [1, 2, 3])
    retrievals.apply(id, { kind: 'attempt-failed', failure, retryAt: 20, attempt, at: 11 });
  expect(retrievals.events(id, 10).map(({ kind }) => kind)).toEqual(['requested', 'attempt-failed']);
});

test('names are taken by open retrievals, whatever their case and form', () => {
  const { retrievals } = open();
  const id = add(retrievals, { relativePath: 'photos/\u00e4.RAW' });
  expect(retrievals.isTargetTaken(targetKey('/back', 'Photos/a\u0308.raw'))).toBe(true);
  expect(retrievals.isTargetTaken(targetKey('/other', 'photos/\u00e4.RAW'))).toBe(false);
  expect(retrievals.isQueued(newRetrieval())).toBe(true);
  retrievals.apply(id, { kind: 'cancelled', at: 2 });
  expect(retrievals.isTargetTaken(targetKey('/back', 'photos/\u00e4.RAW'))).toBe(false);
  expect(retrievals.isQueued(newRetrieval())).toBe(false);
});

test('an account with open retrievals stays, and takes those that are over with it', () => {
  const { retrievals, accounts } = open();
  const id = add(retrievals);
  expect(accounts.remove(account.id)).toBe(false);
  retrievals.apply(id, { kind: 'cancelled', at: 2 });
  expect(accounts.remove(account.id)).toBe(true);
  expect(retrievals.list()).toEqual([]);
});

test('the database itself refuses rows that no union allows', () => {
  const { retrievals, db } = open();
  const id = add(retrievals);
  const impossible = [
    `phase = 'requested'`,
    `phase = 'downloading'`,
    `asked_at = 5`,
    `phase = 'retrieved'`,
    `target_path = '/x'`,
    `first = 5`,
    `last = 5`,
    `last = archive_size`,
    `range_size = 3145728`,
    `tier = 'Fast'`,
    `on_existing = 'overwrite'`,
    `partial_path = '/x'`,
  ];
  for (const change of impossible) {
    expect(() => db.prepare(`UPDATE retrieval SET ${change} WHERE task_id = ?`).run(id), change).toThrow(/CHECK/);
  }
});

test('what was asked for and has not arrived adds up, but for what the user paused', () => {
  const { retrievals } = open();
  const id = add(retrievals);
  retrievals.apply(id, { kind: 'asked', tier: 'Standard', ...all, cost: 0.25, at: 10 });
  expect(retrievals.outstanding()).toBe(3 * MiB);
  retrievals.apply(id, { kind: 'request-settled', at: 11 });
  expect(retrievals.outstanding()).toBe(0);
  toDownloading(retrievals, id);
  retrievals.setPartial(id, { path: '/back/a.firn', fileId: '1:3', modifiedNs: null, isSparse: false });
  retrievals.recordRange(id, { ...range(1), treeHash: hash('c'), confirmed: true, at: 20 }, '77');
  expect(retrievals.outstanding()).toBe(2 * MiB);
  const other = { id: 'other' as RetrievalId, folderId: '1:99' };
  expect(retrievals.expectedInto(other)).toBe(2 * MiB);
  expect(retrievals.expectedInto({ ...other, folderId: '11:2' })).toBe(0);
  retrievals.apply(id, { kind: 'paused', at: 21 });
  expect(retrievals.outstanding()).toBe(0);
  retrievals.apply(id, { kind: 'resumed', at: 22 });
  retrievals.apply(id, { kind: 'output-gone', jobIds: ['job'], at: 23 });
  expect(retrievals.outstanding()).toBe(0);
});

test('that an output ended is forgotten when the user lets the rest be asked for anew, and not before', () => {
  const { retrievals, tasks } = open();
  const id = add(retrievals);
  toDownloading(retrievals, id);
  retrievals.apply(id, { kind: 'output-gone', jobIds: ['job'], at: 13 });
  retrievals.apply(id, { kind: 'paused', at: 14 });
  tasks.resume(id, 15);
  expect(retrievals.jobs(id)).toHaveLength(1);
  retrievals.apply(id, { kind: 'rejected', failure: { kind: 'output-ended', bytes: 3, cost: 1 }, at: 16 });
  tasks.resume(id, 17);
  expect(retrievals.jobs(id)).toEqual([]);
});

test('what is asked often is answered by an index', () => {
  const { db } = open();
  const plans = Object.entries(queriesOf(db)).map(([name, sql]) => {
    const rows = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...parametersOf(sql));
    return {
      name,
      scans: rows.map(({ detail }) => detail).filter((detail) => /^SCAN (task|retrieval)\b(?!.*INDEX)/.test(detail)),
    };
  });
  expect(plans.filter(({ scans }) => scans.length > 0)).toEqual([]);
});

/** The text of the statements that read. */
function queriesOf(db: Db): Record<string, string> {
  const statements = Object.entries(retrievalStatements(db)).map(([name, { source }]) => [name, source] as const);
  return Object.fromEntries(statements.filter(([, source]) => source.startsWith('SELECT')));
}

function parametersOf(sql: string): unknown[] {
  const names = [...new Set(sql.match(/@\w+/g) ?? [])].map((name) => [name.slice(1), 'x']);
  return names.length === 0 ? [] : [Object.fromEntries(names)];
}

function never(): never {
  throw new Error('It was not added');
}

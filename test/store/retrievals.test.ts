import { expect, test } from 'vitest';
import { RetrievalStore } from '../../main/store/retrievals.ts';
import { toRetrievalColumns, toRetrievalProgress } from '../../main/store/retrieval-rows.ts';
import type { NewRetrieval } from '../../main/retrievals/ports.ts';
import type { AccountId } from '../../shared/account.ts';
import type { RetrievalId, RetrievalProgress } from '../../shared/retrieval.ts';
import { targetKey } from '../../shared/target-path.ts';
import { MiB } from '../../shared/units.ts';
import { archiveId } from '../support/catalogue.ts';
import { account, hash, openStores } from '../support/store.ts';

function open() {
  const stores = openStores();
  return { ...stores, retrievals: new RetrievalStore(stores.db) };
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
  const { retrievals } = open();
  const id = add(retrievals);
  toDownloading(retrievals, id);
  const other = add(retrievals, { archiveId: archiveId('b') });
  retrievals.apply(other, { kind: 'asked', tier: 'Bulk', ...range(0), cost: 0.1, at: 30 });
  retrievals.apply(other, { kind: 'request-settled', at: 31 });
  retrievals.apply(id, { kind: 'cancelled', at: 32 });
  expect(retrievals.clearFinished()).toBe(1);
  expect(retrievals.requestsSince(0)).toEqual([{ at: 10, bytes: 3 * MiB, cost: 0.25 }]);
  expect(retrievals.requestsSince(10)).toEqual([]);
});

test('what is due is told apart by what it does, and comes in order', () => {
  const { retrievals } = open();
  const [a, b, c] = ['a', 'b', 'c'].map((name) => add(retrievals, { archiveId: archiveId(name) })) as [
    RetrievalId,
    RetrievalId,
    RetrievalId,
  ];
  const due = (what: 'asking' | 'fetching', now: number, { waiting = [] as AccountId[], isLineFull = false } = {}) =>
    retrievals.due(what, { now, limit: 10, waiting, isLineFull });
  toDownloading(retrievals, b);
  const failure = { kind: 'retrieval-limit', limit: '1 MiB in 24 hours', until: 500 } as const;
  retrievals.apply(a, { kind: 'attempt-failed', failure, retryAt: 500, attempt: 1, at: 40 });
  expect(due('asking', 100)).toEqual([c]);
  expect(due('fetching', 100)).toEqual([b]);
  expect(due('fetching', 100, { waiting: [account.id] })).toEqual([]);
  expect(due('asking', 500)).toEqual([a, c]);
  expect(due('asking', 500, { isLineFull: true })).toEqual([]);
  retrievals.apply(c, { kind: 'asked', tier: 'Bulk', ...all, cost: 0.1, at: 41 });
  expect(due('asking', 500, { isLineFull: true })).toEqual([c]);
  expect(retrievals.nextDue(100)).toBe(500);
  expect(retrievals.limitBefore(retrievals.get(c)?.position ?? 0)).toMatchObject({ until: 500 });
  expect(retrievals.limitBefore(retrievals.get(a)?.position ?? 0)).toBeNull();
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

test('every progress survives the round trip through the row', () => {
  const failure = { kind: 'offline', detail: 'no route' } as const;
  const all: RetrievalProgress[] = [
    { phase: { kind: 'queued', asked: null }, hold: { kind: 'paused' } },
    { phase: { kind: 'queued', asked: { first: 0, last: 6, at: 7 } }, hold: null },
    {
      phase: { kind: 'requested', requestedAt: 8 },
      hold: { kind: 'backoff', until: 5, attempt: 2, failure },
    },
    { phase: { kind: 'downloading', outputEndsAt: 9 }, hold: { kind: 'failed', failure } },
    { phase: { kind: 'finishing', path: null }, hold: null },
    { phase: { kind: 'finishing', path: '/x' }, hold: null },
    { phase: { kind: 'retrieved', path: '/x' }, hold: null },
    { phase: { kind: 'cancelled' }, hold: null },
  ];
  for (const progress of all) expect(toRetrievalProgress(toRetrievalColumns(progress))).toEqual(progress);
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
    `hold = 'backoff'`,
    `phase = 'cancelled', hold = 'paused'`,
    `first = 5`,
    `last = 5`,
    `last = archive_size`,
    `range_size = 3145728`,
    `tier = 'Fast'`,
    `on_existing = 'overwrite'`,
    `received_bytes = archive_size + 1`,
    `partial_path = '/x'`,
  ];
  for (const change of impossible) {
    expect(() => db.prepare(`UPDATE retrieval SET ${change} WHERE id = ?`).run(id), change).toThrow(/CHECK/);
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
  const { retrievals } = open();
  const id = add(retrievals);
  toDownloading(retrievals, id);
  retrievals.apply(id, { kind: 'output-gone', jobIds: ['job'], at: 13 });
  retrievals.apply(id, { kind: 'paused', at: 14 });
  retrievals.apply(id, { kind: 'resumed', at: 15 });
  expect(retrievals.jobs(id)).toHaveLength(1);
  retrievals.apply(id, { kind: 'rejected', failure: { kind: 'output-ended', bytes: 3, cost: 1 }, at: 16 });
  retrievals.apply(id, { kind: 'resumed', at: 17 });
  expect(retrievals.jobs(id)).toEqual([]);
});

test('looking for due work and for a name uses the indexes', () => {
  const { db } = open();
  const plan = (sql: string): string =>
    db
      .prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map((row) => row.detail)
      .join('\n');
  const isOpen = `phase NOT IN ('retrieved', 'cancelled')`;
  expect(plan(`SELECT id FROM retrieval WHERE ${isOpen} AND hold IS NULL ORDER BY position LIMIT 3`)).toContain(
    'retrieval_open',
  );
  expect(plan(`SELECT 1 FROM retrieval WHERE target_key = 'x' AND ${isOpen}`)).toContain('retrieval_target');
  expect(plan(`SELECT at FROM retrieval_request WHERE at > 5 ORDER BY at`)).toContain('retrieval_request_at');
});

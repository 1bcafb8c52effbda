import { everyArchive } from '../../shared/archive.ts';
import { expect, test } from 'vitest';
import type { StoredArchive } from '../../main/core/store-ports.ts';
import { IllegalTransition } from '../../main/engine/progress.ts';
import { holdColumns, toHold } from '../../main/store/hold-columns.ts';
import { BulkStore } from '../../main/store/tasks/bulk-store.ts';
import { fromColumns, toColumns } from '../../main/store/tasks/state-columns.ts';
import { SqliteTaskQueue } from '../../main/store/tasks/task-queue.ts';
import { uploadStatements } from '../../main/store/upload-statements.ts';
import { UPLOAD_LANES, uploadKind } from '../../main/uploads/upload-kind.ts';
import { accountKey } from '../../shared/wait.ts';
import type { AccountId } from '../../shared/account.ts';
import { MiB } from '../../shared/units.ts';
import {
  type ArchiveId,
  MULTIPART_IDLE_LIMIT_MS,
  type MultipartUploadId,
  type Progress,
  type UploadId,
} from '../../shared/upload.ts';
import { account, add, hash, newUpload, openStores } from '../support/store.ts';

const multipartUploadId = 'm' as MultipartUploadId;
const archiveId = 'a'.repeat(138) as ArchiveId;
const place: StoredArchive = { location: '/1/vaults/photos/archives/a', region: 'eu-central-1', storedAt: 7_000 };

test('an upload goes its way into the catalogue, and the journal tells how', () => {
  const { uploads, catalogue } = openStores();
  const id = add(uploads);
  uploads.apply(id, { kind: 'initiate-asked', at: 2 });
  uploads.apply(id, { kind: 'multipart-initiated', multipartUploadId, at: 3 });
  uploads.apply(id, {
    kind: 'attempt-failed',
    failure: { kind: 'offline', detail: 'x' },
    retryAt: 9,
    attempt: 1,
    at: 4,
  });
  uploads.apply(id, { kind: 'recovered', at: 5 });
  uploads.apply(id, { kind: 'parts-uploaded', treeHash: hash('b'), at: 6 });
  const last = uploads.apply(id, { kind: 'completed', archiveId, at: 7 }, place);
  expect(last).toEqual({ phase: { kind: 'stored', archiveId, treeHash: hash('b') }, hold: null });
  expect(uploads.events(id, 100).map((event) => event.kind)).toEqual([
    'initiate-asked',
    'multipart-initiated',
    'attempt-failed',
    'recovered',
    'parts-uploaded',
    'completed',
  ]);
  const page = catalogue.search({ ...everyArchive, offset: 0, limit: 10 });
  expect(page).toMatchObject({ total: 1, totalBytes: 3 * MiB });
  expect(page.items[0]).toMatchObject({
    archiveId,
    path: '/photos/a.raw',
    vault: 'photos',
    treeHash: hash('b'),
    modifiedAt: 1_700_000_000_123,
    ...place,
  });
});

test('nothing counts as stored without the place where it is', () => {
  const { uploads, catalogue } = openStores();
  const id = add(uploads);
  uploads.apply(id, { kind: 'multipart-initiated', multipartUploadId, at: 3 });
  uploads.apply(id, { kind: 'parts-uploaded', treeHash: hash('b'), at: 6 });
  expect(() => uploads.apply(id, { kind: 'completed', archiveId, at: 7 })).toThrow(/location/);
  expect(uploads.get(id)?.phase.kind).toBe('completing');
  expect(catalogue.count()).toBe(0);
});

test('an event that cannot happen changes nothing and is told to nobody', () => {
  const { uploads } = openStores();
  const id = add(uploads);
  const heard: string[] = [];
  uploads.onChange((ids) => heard.push(...ids));
  expect(() => uploads.apply(id, { kind: 'completed', archiveId, at: 2 }, place)).toThrow(IllegalTransition);
  expect(uploads.get(id)?.phase).toEqual({ kind: 'queued', initiateAskedAt: null });
  expect(uploads.events(id, 10)).toEqual([]);
  expect(heard).toEqual([]);
});

test('an archive that the catalogue refuses leaves the upload where it was', () => {
  const { uploads } = openStores();
  const store = (path: string): void => {
    const id = add(uploads, { path });
    uploads.apply(id, { kind: 'multipart-initiated', multipartUploadId, at: 3 });
    uploads.apply(id, { kind: 'parts-uploaded', treeHash: hash('b'), at: 6 });
    try {
      uploads.apply(id, { kind: 'completed', archiveId, at: 7 }, place);
    } catch (error) {
      expect(uploads.get(id)?.phase.kind).toBe('completing');
      throw error;
    }
  };
  store('/one');
  expect(() => {
    store('/two');
  }).toThrow(/UNIQUE/);
});

test('recorded parts add up, and a lost multipart upload drops them', () => {
  const { uploads } = openStores();
  const id = add(uploads);
  uploads.apply(id, { kind: 'multipart-initiated', multipartUploadId, at: 100 });
  expect(uploads.get(id)?.expiresAt).toBe(100 + MULTIPART_IDLE_LIMIT_MS);
  uploads.recordPart(id, { first: MiB, last: 2 * MiB - 1, treeHash: hash('c'), at: 200 });
  uploads.recordPart(id, { first: 0, last: MiB - 1, treeHash: hash('d'), at: 300 });
  expect(uploads.get(id)).toMatchObject({ uploadedBytes: 2 * MiB, expiresAt: 300 + MULTIPART_IDLE_LIMIT_MS });
  expect(uploads.parts(id).map((part) => part.first)).toEqual([0, MiB]);
  uploads.forgetParts(id, [0, 5 * MiB]);
  expect(uploads.get(id)?.uploadedBytes).toBe(MiB);
  uploads.apply(id, { kind: 'multipart-lost', at: 400 });
  expect(uploads.parts(id)).toEqual([]);
  expect(uploads.get(id)).toMatchObject({ uploadedBytes: 0, expiresAt: null });
});

test('the same range is not recorded twice', () => {
  const { uploads } = openStores();
  const id = add(uploads);
  const part = { first: 0, last: MiB - 1, treeHash: hash('c'), at: 200 };
  uploads.recordPart(id, part);
  expect(() => {
    uploads.recordPart(id, part);
  }).toThrow(/UNIQUE/);
  expect(uploads.get(id)?.uploadedBytes).toBe(MiB);
});

test('after parts, recorded or refused, every other commit waits for the disk again', () => {
  const { uploads, db } = openStores();
  const id = add(uploads);
  const part = { first: 0, last: MiB - 1, treeHash: hash('c'), at: 200 };
  const isFull = (): boolean => db.pragma('synchronous', { simple: true }) === 2;
  uploads.recordPart(id, part);
  uploads.recordPart(id, { ...part, first: MiB, last: 2 * MiB - 1, at: 201 });
  expect(isFull()).toBe(true);
  expect(() => {
    uploads.recordPart(id, { ...part, at: 202 });
  }).toThrow(/UNIQUE/);
  expect(isFull()).toBe(true);
});

test('a rejected completion forgets the bad parts alone', () => {
  const { uploads } = openStores();
  const id = add(uploads);
  uploads.apply(id, { kind: 'multipart-initiated', multipartUploadId, at: 1 });
  for (const first of [0, MiB, 2 * MiB]) {
    uploads.recordPart(id, { first, last: first + MiB - 1, treeHash: hash('c'), at: 2 });
  }
  uploads.apply(id, { kind: 'parts-uploaded', treeHash: hash('b'), at: 3 });
  uploads.apply(id, { kind: 'completion-rejected', message: 'wrong hash', badParts: [MiB], at: 4 });
  expect(uploads.get(id)?.phase.kind).toBe('uploading');
  expect(uploads.parts(id).map((part) => part.first)).toEqual([0, 2 * MiB]);
});

test('what is due comes in order, without what waits, failed, was paused, or belongs to a waiting account', () => {
  const { uploads, accounts, db, tasks } = openStores();
  const other = { ...account, id: '11111111-1111-4111-8111-111111111111' as AccountId };
  accounts.put(other, null, 2);
  const [first, second, third, fourth, fifth] = ['/1', '/2', '/3', '/4', '/5'].map((path) => add(uploads, { path }));
  const [foreign] = uploads.add([{ ...newUpload({ path: '/6' }), accountId: other.id }], 1);
  const failure = { kind: 'offline', detail: '' } as const;
  uploads.apply(second as UploadId, { kind: 'paused', at: 1 });
  uploads.apply(third as UploadId, { kind: 'attempt-failed', failure, retryAt: 50, attempt: 1, at: 1 });
  uploads.apply(fourth as UploadId, { kind: 'attempt-failed', failure, retryAt: 5000, attempt: 1, at: 1 });
  uploads.apply(fifth as UploadId, { kind: 'rejected', failure, at: 1 });
  const lanes = [UPLOAD_LANES.large, UPLOAD_LANES.small];
  const queue = new SqliteTaskQueue(db, tasks);
  expect(queue.due(lanes, 100, 10, () => true)).toEqual([first, third, foreign]);
  expect(queue.due(lanes, 100, 10, (keys) => !keys.includes(accountKey(other.id)))).toEqual([first, third]);
  expect(queue.due(lanes, 100, 1, () => true)).toEqual([first]);
  expect(queue.nextDue(100)).toBe(5000);
  expect(uploads.countOpen()).toBe(6);
});

test('a file is queued once for a vault, until it is stored or cancelled', () => {
  const { uploads } = openStores();
  const id = add(uploads);
  expect(uploads.openOf(account.id, 'photos', '/photos/a.raw')).toHaveLength(1);
  expect(uploads.openOf(account.id, 'others', '/photos/a.raw')).toHaveLength(0);
  uploads.apply(id, { kind: 'cancelled', at: 2 });
  expect(uploads.openOf(account.id, 'photos', '/photos/a.raw')).toHaveLength(0);
});

test('clearing takes finished uploads with their parts and journal, and nothing else', () => {
  const { uploads, db, tasks } = openStores();
  const gone = add(uploads, { path: '/gone' });
  const kept = add(uploads, { path: '/kept' });
  uploads.apply(gone, { kind: 'cancelled', at: 2 });
  const heard: string[] = [];
  uploads.onChange((_changed, removed) => heard.push(...removed));
  const bulk = new BulkStore(db, tasks);
  const clearing = bulk.begin({ kind: 'clear', selection: { kind: 'all', of: 'upload' } }, 3);
  expect(bulk.slice(clearing, 3, 1000)).toMatchObject({ done: true, taken: 1 });
  expect(heard).toEqual([gone]);
  expect(uploads.list().map((upload) => upload.id)).toEqual([kept]);
  expect(db.prepare('SELECT count(*) FROM task_event').pluck().get()).toBe(0);
});

test('every progress survives the round trip through the row', () => {
  const offline = { kind: 'offline', detail: 'no route' } as const;
  const facts = { path: '/a', pathKey: '/a', drive: '/', description: 'a', partSize: MiB, size: 5, modifiedNs: '9' };
  const state = { ...facts, fileId: '1:2', activeAt: 7 };
  const all: Progress[] = [
    { phase: { kind: 'queued', initiateAskedAt: null }, hold: { kind: 'paused' } },
    { phase: { kind: 'queued', initiateAskedAt: 7 }, hold: null },
    {
      phase: { kind: 'uploading', multipartUploadId },
      hold: { kind: 'backoff', until: 5, attempt: 2, failure: offline },
    },
    { phase: { kind: 'completing', multipartUploadId, treeHash: hash('e'), askedAt: 5 }, hold: null },
    {
      phase: { kind: 'unconfirmed', treeHash: hash('e'), askedAt: 5, since: 9 },
      hold: { kind: 'failed', failure: offline },
    },
    { phase: { kind: 'stored', archiveId, treeHash: hash('e') }, hold: null },
    { phase: { kind: 'aborting', multipartUploadId }, hold: null },
    { phase: { kind: 'cancelled' }, hold: null },
  ];
  const { columns } = uploadKind;
  for (const { phase, hold } of all) {
    const back = fromColumns(columns, phase.kind, toColumns(columns, { ...state, phase }));
    expect([back, toHold(holdColumns(hold))]).toEqual([{ ...state, phase }, hold]);
  }
});

test('the database itself refuses rows that no union allows', () => {
  const { uploads, db } = openStores();
  const id = add(uploads);
  const impossible: [string, string][] = [
    ['upload', `phase = 'uploading'`],
    ['upload', `phase = 'stored'`],
    ['upload', `multipart_upload_id = 'm'`],
    ['upload', `part_size = 3145728`],
    ['upload', `size = 0`],
    ['task', `hold = 'backoff'`],
    ['task', `hold = 'nonsense'`],
    ['task', `hold = 'paused', lane = NULL, ended_at = 5`],
    ['task', `done_bytes = -1`],
  ];
  for (const [table, change] of impossible) {
    const where = table === 'task' ? 'id' : 'task_id';
    expect(() => db.prepare(`UPDATE ${table} SET ${change} WHERE ${where} = ?`).run(id), change).toThrow(/CHECK/);
  }
  expect(() => db.prepare(`UPDATE upload SET phase = 'cancelled' WHERE task_id = ?`).run(id)).toThrow(/FOREIGN KEY/);
});

test('looking for paths, multipart uploads and what grows stale uses the indexes', () => {
  const { db } = openStores();
  const plan = (sql: string): string =>
    db
      .prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map((row) => row.detail)
      .join('\n');
  for (const [name, statement] of Object.entries(uploadStatements(db))) {
    const detail = plan((statement as unknown as { source: string }).source.replace(/@\w+|\?/g, '1'));
    expect(`${name}: ${detail}`).not.toMatch(/SCAN (upload|task)\b(?! USING (COVERING )?INDEX)/);
  }
  expect(plan(`SELECT 1 FROM catalogue WHERE path_key = '/x' AND place_id = 1`)).toContain('archive_path');
});

test('uploads are moved before another one or to the end, and keep that order', () => {
  const { uploads, db, tasks } = openStores();
  const bulk = new BulkStore(db, tasks);
  const move = (ids: UploadId[], before: UploadId | null): void => {
    expect(bulk.slice(bulk.begin({ kind: 'move', ids, before }, 1), 1, 1000).done).toBe(true);
  };
  const [a, b, c, d] = ['/a', '/b', '/c', '/d'].map((path) => add(uploads, { path })) as [
    UploadId,
    UploadId,
    UploadId,
    UploadId,
  ];
  const heard: string[] = [];
  uploads.onChange((ids) => heard.push(...ids));
  move([d, c], a);
  expect(uploads.openIds()).toEqual([d, c, a, b]);
  expect(new Set(heard)).toEqual(new Set([c, d]));
  move([d], null);
  expect(uploads.openIds()).toEqual([c, a, b, d]);
  uploads.apply(a, { kind: 'cancelled', at: 1 });
  move([a, d], b);
  expect(uploads.openIds()).toEqual([c, d, b]);
  add(uploads, { path: '/e' });
  expect(uploads.list().at(-1)?.path).toBe('/e');
});

test('what is due can be limited to small files', () => {
  const { uploads, db, tasks } = openStores();
  const huge = add(uploads, { path: '/huge', size: 500 * MiB });
  const small = add(uploads, { path: '/small', size: 64 * MiB });
  const queue = new SqliteTaskQueue(db, tasks);
  expect(queue.due([UPLOAD_LANES.small], 1, 10, () => true)).toEqual([small]);
  expect(queue.due([UPLOAD_LANES.large], 1, 10, () => true)).toEqual([huge]);
});

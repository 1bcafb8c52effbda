import { everyArchive } from '../../shared/archive.ts';
import { expect, test } from 'vitest';
import { ArchiveJournal } from '../../main/store/archive-journal.ts';
import type { ArchiveRecord } from '../../main/store/archive-record.ts';
import { type Rebuilt, rebuildCatalogue } from '../../main/store/catalogue-rebuild.ts';
import { isSearchTable, tablesOf } from '../../main/store/damage.ts';
import type { Db } from '../../main/store/database.ts';
import { MiB } from '../../shared/units.ts';
import type { ArchiveId, UploadId } from '../../shared/upload.ts';
import {
  DataFolder,
  type Life,
  START,
  archiveIdOf,
  beginUpload,
  catalogueOf,
  pathsOf,
  sendAll,
  store,
} from '../support/records.ts';
import { account, add, hash, openStores } from '../support/store.ts';

const nothing: Rebuilt = { added: 0, removed: 0, settled: 0 };

function recordsOf({ journal }: DataFolder): ArchiveRecord[] {
  return [...new ArchiveJournal(journal).records()].filter((record) => record !== null);
}

/** All rows of all tables but the search index, whose pages may lie otherwise. */
function contentOf(db: Db): unknown[] {
  // Which numbers were given out last says nothing of what is there.
  const tables = tablesOf(db).filter((table) => !isSearchTable(table) && table !== 'sqlite_sequence');
  return tables.map((table) => db.prepare(`SELECT * FROM ${table}`).all());
}

/** A folder whose journal tells of these files, stored and some of them deleted. */
async function journalOf(paths: readonly string[], deleted: readonly string[] = []): Promise<[DataFolder, Life]> {
  const folder = new DataFolder();
  const life = await folder.begin();
  life.db.pragma('synchronous = OFF');
  for (const path of paths) store(life, path);
  for (const path of deleted) life.catalogue.remove(account.id, 'photos', archiveIdOf(path), START + 5);
  return [folder, life];
}

/** What the journal tells of this file once the upload `id` has become an archive. */
function recordOf(path: string, id: UploadId | null, changes: Partial<ArchiveRecord> = {}): ArchiveRecord {
  return {
    at: START + 7,
    event: 'stored',
    vault: 'photos',
    path,
    size: 3 * MiB,
    modifiedNs: '1700000000123456789',
    archiveId: archiveIdOf(path),
    treeHash: hash('b'),
    location: `/1/vaults/photos/archives/${archiveIdOf(path)}`,
    description: 'd',
    region: account.region,
    account,
    uploadId: id,
    toldBy: 'upload',
    ...changes,
  };
}

test('the journal alone gives back the whole catalogue, and accounts without their secrets', async () => {
  const paths = Array.from({ length: 210 }, (_, index) => `/photos/${index}.raw`);
  const [folder, life] = await journalOf(paths, ['/photos/7.raw']);
  const { db, catalogue, accounts } = openStores();
  accounts.remove(account.id);
  expect(await rebuildCatalogue(db, recordsOf(folder))).toEqual({ added: 209, removed: 0, settled: 0 });
  expect(catalogueOf({ catalogue })).toEqual(catalogueOf(life));
  expect(accounts.list()).toEqual([account]);
  expect(accounts.secret(account.id)).toBeNull();
  const newest = catalogue.search({
    ...everyArchive,
    text: 'photos',
    accountIds: [account.id],
    vault: 'photos',
    offset: 0,
    limit: 1,
  });
  expect(newest).toMatchObject({ total: 209, items: [{ path: '/photos/209.raw' }] });
});

test('importing twice changes nothing', async () => {
  const [folder] = await journalOf(['/a', '/b', '/c'], ['/b']);
  const { db } = openStores();
  await rebuildCatalogue(db, recordsOf(folder));
  const before = contentOf(db);
  expect(await rebuildCatalogue(db, recordsOf(folder))).toEqual(nothing);
  expect(await rebuildCatalogue(db, [...recordsOf(folder), ...recordsOf(folder)])).toEqual(nothing);
  expect(contentOf(db)).toEqual(before);
});

test('an import that was interrupted goes on', async () => {
  const [folder, life] = await journalOf(Array.from({ length: 30 }, (_, index) => `/${index}`));
  const { db, catalogue } = openStores();
  function* interrupted(): Generator<ArchiveRecord> {
    yield* recordsOf(folder).slice(0, 20);
    throw new Error('killed');
  }
  await expect(rebuildCatalogue(db, interrupted())).rejects.toThrow('killed');
  await rebuildCatalogue(db, recordsOf(folder));
  expect(catalogueOf({ catalogue })).toEqual(catalogueOf(life));
});

test('what the journal says was deleted goes from an older catalogue', async () => {
  const [folder] = await journalOf(['/a', '/b'], ['/a']);
  const { db, catalogue } = openStores();
  await rebuildCatalogue(db, recordsOf(folder).slice(0, 2));
  expect(pathsOf({ catalogue })).toEqual(['/a', '/b']);
  expect(await rebuildCatalogue(db, recordsOf(folder))).toEqual({ added: 0, removed: 1, settled: 0 });
  expect(pathsOf({ catalogue })).toEqual(['/b']);
});

test('an account that the user removed comes back only with an archive that was not known yet', async () => {
  const [folder] = await journalOf(['/a']);
  const { db, accounts } = openStores();
  await rebuildCatalogue(db, recordsOf(folder));
  accounts.remove(account.id);
  await rebuildCatalogue(db, recordsOf(folder));
  expect(accounts.list()).toEqual([]);
});

test('an upload that an old queue shows in any phase is settled when the journal knows its archive', async () => {
  const { db, uploads, catalogue, accounts } = openStores();
  const life = { db, uploads, catalogue, accounts } as Life;
  const queued = add(uploads, { path: '/queued' });
  uploads.apply(queued, { kind: 'initiate-asked', at: START });
  const paused = add(uploads, { path: '/paused' });
  uploads.apply(paused, { kind: 'paused', at: START });
  const uploading = beginUpload(life, '/uploading');
  uploads.recordPart(uploading, { first: 0, last: MiB - 1, treeHash: hash('c'), at: START });
  const completing = beginUpload(life, '/completing');
  sendAll(life, completing);
  const unconfirmed = beginUpload(life, '/unconfirmed');
  sendAll(life, unconfirmed);
  uploads.apply(unconfirmed, { kind: 'multipart-lost', at: START });
  const still = add(uploads, { path: '/still waiting' });

  const all = [queued, paused, uploading, completing, unconfirmed];
  const records = all.map((id) => recordOf(uploads.get(id)?.path ?? '', id));
  expect(await rebuildCatalogue(db, records)).toEqual({ added: 5, removed: 0, settled: 5 });
  for (const id of all) {
    const upload = uploads.get(id);
    const archiveId = archiveIdOf(upload?.path ?? '');
    expect(upload).toMatchObject({ phase: { kind: 'stored', archiveId }, hold: null, uploadedBytes: 3 * MiB });
    expect(uploads.events(id, 1)).toEqual([
      { kind: 'found-in-journal', archiveId, treeHash: hash('b'), at: START + 7 },
    ]);
  }
  expect(uploads.openIds()).toEqual([still]);
  expect(pathsOf({ catalogue })).toEqual(['/completing', '/paused', '/queued', '/unconfirmed', '/uploading']);
});

test('an upload is settled by another one of the same file that the old queue does not know', async () => {
  const { db, uploads, catalogue } = openStores();
  const id = add(uploads, { path: '/a' });
  const unknown = '22222222-2222-4222-8222-222222222222' as UploadId;
  await rebuildCatalogue(db, [recordOf('/a', unknown)]);
  expect(uploads.get(id)?.phase.kind).toBe('stored');
  expect(pathsOf({ catalogue })).toEqual(['/a']);
});

test('an upload is not settled by an archive that was deleted before the file was added anew', async () => {
  const unknown = '22222222-2222-4222-8222-222222222222' as UploadId;
  const told = recordOf('/a', unknown);
  const { db, uploads, catalogue } = openStores();
  const id = add(uploads, { path: '/a' });
  const deleted: ArchiveRecord = { ...told, event: 'deleted', at: START + 8 };
  expect(await rebuildCatalogue(db, [told, deleted])).toEqual(nothing);
  expect(uploads.get(id)?.phase.kind).toBe('queued');
  expect(catalogue.count()).toBe(0);
  // The disk was full when the line of the deletion was to be written: the catalogue alone knows of it.
  await rebuildCatalogue(db, [told]);
  expect(uploads.get(id)?.phase.kind).toBe('queued');
});

test('an upload of another state of the file, or into another vault, is not settled', async () => {
  const { db, uploads } = openStores();
  const id = add(uploads, { path: '/a' });
  const others = [{ size: 5 }, { modifiedNs: '1' }, { vault: 'other' }, { path: null, modifiedNs: null }];
  const records = others.map((change, index) =>
    recordOf('/a', null, { ...change, archiveId: `x${index}` as ArchiveId }),
  );
  expect(await rebuildCatalogue(db, records)).toEqual({ added: 4, removed: 0, settled: 0 });
  expect(uploads.get(id)?.phase.kind).toBe('queued');
});

test('of two uploads of the same file, which the user wanted twice, one archive settles one', async () => {
  const { db, uploads } = openStores();
  const first = add(uploads, { path: '/a' });
  const second = add(uploads, { path: '/a' });
  await rebuildCatalogue(db, [recordOf('/a', second)]);
  expect(uploads.get(first)?.phase.kind).toBe('queued');
  expect(uploads.get(second)?.phase.kind).toBe('stored');
});

test('an upload is settled also when the catalogue has its archive already, from an inventory', async () => {
  const { db, uploads, catalogue, accounts } = openStores();
  const id = beginUpload({ db, uploads, catalogue, accounts } as Life, '/a');
  const again = add(uploads, { path: '/a' });
  const { uploadId, account: owner, archiveId, treeHash, modifiedNs, event, at, toldBy, ...known } = recordOf('/a', id);
  const row = { ...known, account_id: owner.id, archive_id: archiveId, tree_hash: treeHash, modified_ns: modifiedNs };
  catalogue.insert({ ...row, stored_at: at, told_by: 'inventory' }, null);
  expect(await rebuildCatalogue(db, [recordOf('/a', null)])).toEqual(nothing);
  expect(await rebuildCatalogue(db, [recordOf('/a', uploadId)])).toEqual({ added: 0, removed: 0, settled: 1 });
  expect(uploads.get(id)?.phase.kind).toBe('stored');
  expect(uploads.get(again)?.phase.kind).toBe('queued');
  expect(catalogue.count()).toBe(1);
});

test('an upload that is being cancelled goes on to be aborted', async () => {
  const { db, uploads, catalogue, accounts } = openStores();
  const id = beginUpload({ db, uploads, catalogue, accounts } as Life, '/a');
  uploads.apply(id, { kind: 'cancelled', at: START });
  await rebuildCatalogue(db, [recordOf('/a', null)]);
  expect(uploads.get(id)?.phase.kind).toBe('aborting');
  expect(catalogue.count()).toBe(1);
});

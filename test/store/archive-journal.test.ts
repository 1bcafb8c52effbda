import { appendFileSync, existsSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ArchiveJournal } from '../../main/store/archive-journal.ts';
import { type ArchiveRecord, readRecord, writeRecord } from '../../main/store/archive-record.ts';
import { MiB } from '../../shared/units.ts';
import type { UploadId } from '../../shared/upload.ts';
import { DataFolder, START, archiveIdOf, beginUpload, complete, pathsOf, sendAll, store } from '../support/records.ts';
import { account, hash, newUpload } from '../support/store.ts';

const record: ArchiveRecord = {
  at: START,
  event: 'stored',
  vault: 'photos',
  path: '/photos/Agátka ve "školce"\n📷.cr2',
  size: 3,
  modifiedNs: '1700000000123456789',
  archiveId: archiveIdOf('a'),
  treeHash: hash('b'),
  location: '/1/vaults/photos/archives/a',
  description: 'd',
  region: 'eu-central-1',
  account: { id: account.id, name: account.name, source: account.source, endpointUrl: null },
  uploadId: '11111111-1111-4111-8111-111111111111' as UploadId,
  toldBy: 'upload',
};

/** Breaks the commit of the transaction that stores an archive, after all its statements have succeeded. */
const BREAK_COMMIT = `
  CREATE TABLE never (id INTEGER PRIMARY KEY);
  CREATE TABLE broken (id INTEGER REFERENCES never (id) DEFERRABLE INITIALLY DEFERRED);
  CREATE TRIGGER break_commit AFTER INSERT ON catalogue BEGIN INSERT INTO broken VALUES (7); END`;

test('a stored archive is a line that people can read, with all that the catalogue knows', async () => {
  const folder = new DataFolder();
  const life = await folder.begin();
  const id = store(life, '/photos/a.raw');
  const archiveId = archiveIdOf('/photos/a.raw');
  expect(folder.lines()).toEqual([
    {
      at: new Date(START + 2).toISOString(),
      event: 'stored',
      vault: 'photos',
      path: '/photos/a.raw',
      size: 3 * MiB,
      modifiedAt: '2023-11-14T22:13:20.123Z',
      modifiedNs: '1700000000123456789',
      archiveId,
      treeHash: hash('b'),
      location: `/1/vaults/photos/archives/${archiveId}`,
      description: newUpload({ path: '/photos/a.raw' }).description,
      region: 'eu-central-1',
      account: { id: account.id, name: 'Test', source: { kind: 'environment' }, endpointUrl: null },
      uploadId: id,
      toldBy: 'upload',
    },
  ]);
});

test('a deleted archive is a line of its own, and the catalogue has it no longer', async () => {
  const folder = new DataFolder();
  const life = await folder.begin();
  store(life, '/a');
  expect(life.catalogue.remove(account.id, 'photos', archiveIdOf('/a'), START + 9)).not.toBeNull();
  expect(life.catalogue.remove(account.id, 'photos', archiveIdOf('/a'), START + 9)).toBeNull();
  expect(folder.lines().map(({ event, archiveId }) => ({ event, archiveId }))).toEqual([
    { event: 'stored', archiveId: archiveIdOf('/a') },
    { event: 'deleted', archiveId: archiveIdOf('/a') },
  ]);
  expect(pathsOf(life)).toEqual([]);
});

test('the line is written before the commit, so that a commit that fails loses no archive ID', async () => {
  const folder = new DataFolder();
  const life = await folder.begin();
  const id = beginUpload(life, '/a');
  sendAll(life, id);
  life.db.exec(BREAK_COMMIT);
  expect(() => {
    complete(life, id);
  }).toThrow(/FOREIGN KEY/);
  expect(life.uploads.get(id)?.phase.kind).toBe('completing');
  expect(folder.lines()).toHaveLength(1);

  life.db.exec('DROP TRIGGER break_commit');
  const next = await folder.killed().open();
  expect(next.uploads.get(id)?.phase).toMatchObject({ kind: 'stored', archiveId: archiveIdOf('/a') });
  expect(next.uploads.events(id, 1)[0]?.kind).toBe('found-in-journal');
  expect(pathsOf(next)).toEqual(['/a']);
});

test('a journal that cannot be written loses no archive, and has all of them as soon as it can', async () => {
  const folder = new DataFolder();
  const life = await folder.begin();
  rmSync(folder.journal);
  symlinkSync('/dev/full', folder.journal);
  store(life, '/a');
  store(life, '/b');
  expect(pathsOf(life)).toEqual(['/a', '/b']);
  expect(folder.saw('journal of archives not written')).toBe(true);

  rmSync(folder.journal);
  store(life, '/c');
  expect(folder.lines().map(({ path }) => path)).toEqual(['/a', '/b', '/c']);
});

test('what could not be written before a crash is written at the next start', async () => {
  const folder = new DataFolder();
  const life = await folder.begin();
  store(life, '/a');
  const journal = readFileSync(folder.journal);
  rmSync(folder.journal);
  symlinkSync('/dev/full', folder.journal);
  store(life, '/b');
  rmSync(folder.journal);
  writeFileSync(folder.journal, journal);

  const next = folder.killed();
  await next.open();
  expect(next.lines().map(({ path }) => path)).toEqual(['/a', '/b']);
});

test('what could not be written is written also when it has the number of an archive that was deleted', async () => {
  const folder = new DataFolder();
  const first = await folder.begin();
  store(first, '/a');
  await first.records.close();
  const life = await folder.open();
  life.catalogue.remove(account.id, 'photos', archiveIdOf('/a'), START + 5);
  const journal = readFileSync(folder.journal);
  rmSync(folder.journal);
  symlinkSync('/dev/full', folder.journal);
  store(life, '/b');
  rmSync(folder.journal);
  writeFileSync(folder.journal, journal);

  const next = folder.killed();
  expect(pathsOf(await next.open())).toEqual(['/b']);
  expect(next.lines().map(({ event, path }) => `${String(event)} ${String(path)}`)).toEqual([
    'stored /a',
    'deleted /a',
    'stored /b',
  ]);
});

test('a torn last line costs nothing: its archive is told again, and the next line begins anew', async () => {
  const folder = new DataFolder();
  const life = await folder.begin();
  for (const path of ['/a', '/b']) store(life, path);
  const torn = folder.killed();
  truncateSync(torn.journal, readFileSync(torn.journal).length - 40);
  const next = await torn.open();
  store(next, '/c');
  const told = [...new ArchiveJournal(torn.journal).records()].map((line) => line?.path ?? null);
  expect(told).toEqual(['/a', null, '/b', '/c']);
  expect(pathsOf(next)).toEqual(['/a', '/b', '/c']);
});

test('a journal that is lost is written anew from the catalogue', async () => {
  const folder = new DataFolder();
  const life = await folder.begin();
  for (const path of ['/a', '/b', '/c']) store(life, path);
  life.accounts.remove(account.id);
  await life.records.close();
  rmSync(folder.journal);
  const next = await folder.open();
  expect(folder.lines()).toMatchObject([
    { path: '/a', region: 'eu-central-1', account: { id: account.id, name: null, source: null } },
    { path: '/b' },
    { path: '/c' },
  ]);
  expect(next.accounts.list()).toEqual([]);
});

test('a start after a clean end reads nothing of a journal that has not changed', async () => {
  const folder = new DataFolder();
  const life = await folder.begin();
  store(life, '/a');
  await life.records.close();
  // As long as before and with the same end, so only its beginning would show that it was read.
  const text = readFileSync(folder.journal, 'utf8');
  writeFileSync(folder.journal, `{"at":"!${text.slice(8)}`);
  await folder.open();
  expect(folder.saw('journal of archives compared')).toBe(false);
});

test('another journal in its place is compared from the beginning', async () => {
  const folder = new DataFolder();
  const life = await folder.begin();
  store(life, '/a');
  await life.records.close();
  const other = { ...record, path: '/from elsewhere' };
  writeFileSync(folder.journal, `${writeRecord(other)}\n${'{"torn":\n'.repeat(200)}`);
  const next = await folder.open();
  expect(pathsOf(next).sort()).toEqual(['/a', '/from elsewhere']);
  const told = [...new ArchiveJournal(folder.journal).records()].flatMap((line) => line?.path ?? []);
  expect(told).toEqual(['/from elsewhere', '/a']);
});

test('a line says again what was written, for every kind of account', () => {
  const sources = [
    { kind: 'practice' },
    { kind: 'keys', accessKeyId: 'AKIA', kept: 'encrypted' },
    { kind: 'profile', profile: 'work' },
    { kind: 'environment' },
    null,
  ] as const;
  for (const source of sources) {
    const one = { ...record, account: { ...record.account, source } };
    expect(readRecord(writeRecord(one))).toEqual(one);
  }
  const bare = { ...record, path: null, modifiedNs: null, uploadId: null, event: 'deleted' as const };
  expect(readRecord(writeRecord(bare))).toEqual(bare);
});

test('what a newer Firn may add to a line is passed over, and what makes no sense is no line', () => {
  const parsed = JSON.parse(writeRecord(record)) as Record<string, unknown>;
  const changed = (changes: object): ArchiveRecord | null => readRecord(JSON.stringify({ ...parsed, ...changes }));
  expect(changed({ colour: 'blue' })).toEqual(record);
  expect(changed({ account: { ...record.account, source: { kind: 'oracle' } } })?.account.source).toBeNull();
  for (const nonsense of [
    { event: 'renamed' },
    { treeHash: 'beef' },
    { size: -1 },
    { size: 1.5 },
    { modifiedNs: '12x' },
    { archiveId: '' },
    { at: 'yesterday' },
    { account: null },
    { vault: undefined },
  ]) {
    expect(changed(nonsense), JSON.stringify(nonsense)).toBeNull();
  }
  expect(readRecord('[]')).toBeNull();
  expect(readRecord('\0\0\0')).toBeNull();
});

test('lines are read whole across any boundary, from any line on, and garbage is passed over', () => {
  const journal = new ArchiveJournal(new DataFolder().journal);
  expect(journal.exists()).toBe(false);
  expect([...journal.records()]).toEqual([]);
  const many = Array.from({ length: 4000 }, (_, index) => ({ ...record, path: `${record.path ?? ''}${index}` }));
  journal.append(many);
  const end = journal.size();
  expect(end).toBeGreaterThan(2 * MiB);
  journal.append([record]);
  expect([...journal.records()].map((line) => line?.path)).toEqual([...many, record].map(({ path }) => path));
  expect([...journal.records(end)]).toEqual([record]);
});

test('a file without a line in it is read to its end with little memory', () => {
  const { journal: file } = new DataFolder();
  for (let piece = 0; piece < 12; piece += 1) appendFileSync(file, new Uint8Array(MiB));
  const journal = new ArchiveJournal(file);
  journal.append([record]);
  expect([...journal.records()].filter((line) => line !== null)).toEqual([record]);
});

test('the journal is there from the first start on, so that a lost one can be told from an empty one', async () => {
  const folder = new DataFolder();
  const life = await folder.begin();
  expect(existsSync(folder.journal)).toBe(true);
  await life.records.close();
  expect(readFileSync(folder.journal, 'utf8')).toBe('');
});

import { everyArchive } from '../../shared/archive.ts';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { listBackups } from '../../main/store/backup-files.ts';
import { findDamage } from '../../main/store/damage.ts';
import { DatabaseDamagedError, DatabaseFromFutureError } from '../../main/store/database.ts';
import { steps } from '../../main/store/schema/index.ts';
import { taskKinds } from '../../main/app/task-kinds.ts';
import { ChoreStore } from '../../main/deletions/chore-store.ts';
import { TaskStore } from '../../main/store/tasks/task-store.ts';
import { noticeInOneLine } from '../../shared/notice.ts';
import { DAY } from '../../shared/units.ts';
import {
  DataFolder,
  type Life,
  START,
  archiveIdOf,
  beginUpload,
  complete,
  pathsOf,
  sendAll,
  store,
} from '../support/records.ts';
import { account, add } from '../support/store.ts';

const PAGE = 4096;

type Story = { folder: DataFolder; waiting: string; done: string };

/**
 * A folder with a life behind it: before the backup two archives, an upload that waits and one whose last answer is
 * open; after it the latter is stored, and so is a file that was added since. All is checkpointed and closed.
 */
async function lived(): Promise<Story> {
  const folder = new DataFolder();
  const life = await folder.begin();
  store(life, '/old 1');
  store(life, '/old 2');
  const waiting = add(life.uploads, { path: '/waiting' });
  const done = beginUpload(life, '/stored since');
  sendAll(life, done);
  await folder.backUp();
  complete(life, done);
  store(life, '/added since');
  await life.records.close();
  return { folder, waiting, done };
}

const wholeCatalogue = ['/added since', '/old 1', '/old 2', '/stored since'];

function damagedFiles({ folder }: DataFolder, suffix = ''): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('firn.damaged-') && name.endsWith(`.db${suffix}`));
}

/** The queue of the backup, settled by the journal; the whole catalogue; a notice; a database without a flaw. */
function expectRestored(life: Life, { folder, waiting, done }: Story): void {
  expect(pathsOf(life)).toEqual(wholeCatalogue);
  expect(life.uploads.get(waiting as never)?.phase.kind).toBe('queued');
  expect(life.uploads.get(done as never)?.phase).toMatchObject({
    kind: 'stored',
    archiveId: archiveIdOf('/stored since'),
  });
  expect(life.accounts.secret(account.id)).toEqual(Buffer.from([1, 2, 3]));
  expect(findDamage(life.db, 'everything')).toBeNull();
  expect(life.db.pragma('foreign_key_check')).toEqual([]);
  expect(life.notices.list()).toMatchObject([
    {
      kind: 'records-restored',
      at: folder.clock.now(),
      backupFile: listBackups(folder.backups)[0]?.file,
      backupAt: START + DAY,
      archivesAdded: 2,
      uploadsSettled: 1,
      journal: 'whole',
      uploadsPaused: 0,
    },
  ]);
}

describe('a damaged database is replaced by its newest backup and the journal, when', () => {
  const damages: Record<string, (folder: DataFolder) => void> = {
    'its header is zeroed': (folder) => {
      folder.overwrite(0, new Uint8Array(100));
    },
    'its first page is noise': (folder) => {
      folder.overwrite(100, new Uint8Array(PAGE - 100).fill(0x5a));
    },
    'it is cut in half': (folder) => {
      truncateSync(folder.file, Math.floor(folder.size() / 2 / PAGE) * PAGE);
    },
    'it is cut in the middle of a page': (folder) => {
      truncateSync(folder.file, folder.size() - PAGE - 100);
    },
    'it is empty': (folder) => {
      truncateSync(folder.file, 0);
    },
    'it is something else': (folder) => {
      writeFileSync(folder.file, 'This was a database once. '.repeat(1000));
    },
  };
  test.each(Object.entries(damages))('%s', async (_name, damage) => {
    const story = await lived();
    const { folder } = story;
    damage(folder);
    const damaged = readFileSync(folder.file);
    const life = await folder.open();
    expectRestored(life, story);
    const [kept] = damagedFiles(folder);
    expect(readFileSync(join(folder.folder, kept ?? '')).equals(damaged)).toBe(true);
    expect(life.notices.list()[0]).toMatchObject({ damagedFile: join(folder.folder, kept ?? '') });
    await life.records.close();

    const next = await folder.open();
    expect(pathsOf(next)).toEqual(wholeCatalogue);
    expect(next.notices.list()).toHaveLength(1);
    expect(damagedFiles(folder)).toHaveLength(1);
    next.notices.dismiss(next.notices.list()[0]?.id ?? 0);
    expect(next.notices.list()).toEqual([]);
  });

  test('it is gone', async () => {
    const story = await lived();
    rmSync(story.folder.file);
    const life = await story.folder.open();
    expectRestored(life, story);
    expect(life.notices.list()[0]).toMatchObject({ damage: 'the file is missing', damagedFile: null });
  });

  test.each(['upload', 'catalogue', 'task_event', 'sqlite_autoindex_catalogue_1'])(
    'pages of %s are noise, after a life that was killed',
    async (table) => {
      const story = await lived();
      const { folder } = story;
      folder.damage(table);
      writeFileSync(join(folder.folder, 'unclean'), '');
      const life = await folder.open();
      expectRestored(life, story);
    },
  );

  test('pages in the middle are noise, and it was seen only at work', async () => {
    const story = await lived();
    const { folder } = story;
    folder.damage('upload');
    const unaware = await folder.open();
    const told: string[] = [];
    unaware.records.start((detail) => told.push(detail));
    expect(() => unaware.uploads.list()).toThrow(/malformed/);
    unaware.records.seeDamage('malformed');
    unaware.records.seeDamage('malformed');
    expect(told).toEqual(['malformed']);
    await unaware.records.close();
    expectRestored(await folder.open(), story);
  });
});

test('a life that ended in good order costs no check, and one that was killed does', async () => {
  const { folder } = await lived();
  folder.damage('task_event');
  const clean = await folder.open();
  expect(clean.notices.list()).toEqual([]);
  const killed = folder.killed();
  const next = await killed.open();
  expect(next.notices.list()).toHaveLength(1);
});

test('a killed life leaves no trace of damage when there is none', async () => {
  const folder = new DataFolder();
  const life = await folder.begin();
  store(life, '/a');
  const next = await folder.killed().open();
  expect(next.notices.list()).toEqual([]);
  expect(pathsOf(next)).toEqual(['/a']);
});

test('without its newest commits, which somebody deleted, the database is caught up by the journal', async () => {
  const folder = new DataFolder();
  const life = await folder.begin();
  store(life, '/checkpointed');
  const id = beginUpload(life, '/only in the log');
  sendAll(life, id);
  life.db.pragma('wal_checkpoint(TRUNCATE)');
  complete(life, id);
  const killed = folder.killed();
  rmSync(`${killed.file}-wal`);
  const next = await killed.open();
  expect(next.uploads.get(id)?.phase.kind).toBe('stored');
  expect(pathsOf(next)).toEqual(['/checkpointed', '/only in the log']);
});

test('the companions of a damaged database are kept with it, and never touch the backup', async () => {
  const story = await lived();
  const { folder } = story;
  const life = await folder.open();
  add(life.uploads, { path: '/in the log' });
  const killed = folder.killed();
  killed.overwrite(0, new Uint8Array(PAGE));
  const log = readFileSync(`${killed.file}-wal`);
  const next = await killed.open();
  expect(next.uploads.list().map(({ path }) => path)).not.toContain('/in the log');
  const [kept] = damagedFiles(killed, '-wal');
  expect(readFileSync(join(killed.folder, kept ?? '')).equals(log)).toBe(true);
});

test('a log of another life beside a missing database is put aside, too', async () => {
  const story = await lived();
  const { folder } = story;
  rmSync(folder.file);
  writeFileSync(`${folder.file}-wal`, 'left over');
  expectRestored(await folder.open(), story);
  const [kept] = damagedFiles(folder, '-wal');
  expect(readFileSync(join(folder.folder, kept ?? ''), 'utf8')).toBe('left over');
});

test('a backup that is damaged, too, is passed over for an older one', async () => {
  const story = await lived();
  const { folder, done } = story;
  await folder.backUp();
  const newest = listBackups(folder.backups)[0]?.file ?? '';
  folder.damage('task_event', 3, newest);
  folder.overwrite(0, new Uint8Array(100));
  const life = await folder.open();
  expect(life.notices.list()).toMatchObject([{ kind: 'records-restored', backupAt: START + DAY }]);
  expect(life.uploads.get(done as never)?.phase.kind).toBe('stored');
  expect(folder.saw('backup passed over')).toBe(true);
  expect(existsSync(newest)).toBe(true);
});

test('a backup that somebody puts in the place of the database is caught up by the journal', async () => {
  const { folder, done } = await lived();
  copyFileSync(listBackups(folder.backups)[0]?.file ?? '', folder.file);
  const life = await folder.open();
  expect(pathsOf(life)).toEqual(wholeCatalogue);
  expect(life.uploads.get(done as never)?.phase.kind).toBe('stored');
  expect(life.notices.list()).toEqual([]);
});

test('without any backup the catalogue is what the journal tells, and the accounts are there to sign in to', async () => {
  const { folder } = await lived();
  rmSync(folder.backups, { recursive: true });
  folder.overwrite(0, new Uint8Array(100));
  const life = await folder.open();
  expect(pathsOf(life)).toEqual(wholeCatalogue);
  expect(life.uploads.list()).toEqual([]);
  expect(life.accounts.list()).toEqual([account]);
  expect(life.accounts.secret(account.id)).toBeNull();
  expect(life.notices.list()).toMatchObject([{ kind: 'records-rebuilt', archives: 4 }]);
});

test('a deletion that the user has cancelled since the backup deletes nothing before the user has looked', async () => {
  const folder = new DataFolder();
  const life = await folder.begin();
  store(life, '/old');
  const place = { accountId: account.id, vault: 'photos' };
  const tasks = new TaskStore(life.db, taskKinds);
  const chores = new ChoreStore(life.db, tasks);
  const id = chores.addEmptying(place, true, START, START);
  await folder.backUp();
  tasks.cancel(id, START + 5);
  await life.records.close();
  folder.overwrite(0, new Uint8Array(100));
  const next = await folder.open();
  expect(new ChoreStore(next.db, new TaskStore(next.db, taskKinds)).get(id)).toMatchObject({
    phase: 'listing',
    hold: { kind: 'paused' },
  });
  const [notice] = next.notices.list();
  expect(notice).toMatchObject({ uploadsPaused: 0, tasksPaused: 1 });
  expect(notice && noticeInOneLine(notice)).toContain(
    'Paused, until you resume it: 1 deletion or retrieval that the backup tells to be unfinished.',
  );
  // A notice that an earlier build has saved does not tell of them.
  if (notice?.kind === 'records-restored') delete notice.tasksPaused;
  expect(notice && noticeInOneLine(notice)).not.toContain('Paused');
});

test('a journal that does not tell what was stored since lets nothing be sent before the user has looked', async () => {
  for (const lose of ['all', 'the end'] as const) {
    const story = await lived();
    const { folder } = story;
    if (lose === 'all') rmSync(folder.journal);
    else writeFileSync(folder.journal, `${readFileSync(folder.journal, 'utf8').split('\n')[0] ?? ''}\n`);
    folder.overwrite(0, new Uint8Array(100));
    const life = await folder.open();
    expect(life.notices.list()).toMatchObject([{ journal: 'incomplete', uploadsPaused: 2, uploadsSettled: 0 }]);
    const waiting = life.uploads.openIds().map((id) => life.uploads.get(id)?.hold?.kind);
    expect(waiting).toEqual(['paused', 'paused']);
    expect(pathsOf(life)).toEqual(['/old 1', '/old 2']);
    expect(folder.lines().map(({ path }) => path)).toEqual(['/old 1', '/old 2']);
  }
});

test('a database of a newer Firn is refused and touched by nothing, whatever backups there are', async () => {
  const { folder } = await lived();
  const db = new Database(folder.file);
  db.pragma(`user_version = ${steps.length + 1}`);
  db.close();
  const before = readFileSync(folder.file);
  await expect(folder.open()).rejects.toThrow(DatabaseFromFutureError);
  expect(readFileSync(folder.file).equals(before)).toBe(true);
  expect(damagedFiles(folder)).toEqual([]);
});

test('when recovery is impossible, the damaged database stays where it is', async () => {
  const { folder } = await lived();
  folder.overwrite(0, new Uint8Array(100));
  const before = readFileSync(folder.file);
  mkdirSync(join(folder.folder, 'firn.db.restoring', 'in the way'), { recursive: true });
  await expect(folder.open()).rejects.toThrow(DatabaseDamagedError);
  expect(readFileSync(folder.file).equals(before)).toBe(true);
  rmSync(join(folder.folder, 'firn.db.restoring'), { recursive: true });
  expect((await folder.open()).notices.list()).toHaveLength(1);
});

test('a recovery that was killed begins anew, also between its two last steps', async () => {
  const story = await lived();
  const { folder } = story;
  folder.overwrite(0, new Uint8Array(100));
  writeFileSync(join(folder.folder, 'firn.db.restoring'), 'half a copy');
  writeFileSync(join(folder.folder, 'firn.db.restoring-wal'), 'half a log');
  const aside = join(folder.folder, 'firn.damaged-20261103T120000Z.db');
  renameSync(folder.file, aside);
  const life = await folder.open();
  expectRestored(life, story);
  expect(life.notices.list()[0]).toMatchObject({ damagedFile: aside });
  expect(readdirSync(folder.folder).filter((name) => name.includes('restoring'))).toEqual([]);
});

test('damaged files of the same second do not replace each other', async () => {
  const { folder } = await lived();
  for (let round = 0; round < 2; round += 1) {
    writeFileSync(folder.file, `damage ${round}`);
    await (await folder.open()).records.close();
  }
  expect(damagedFiles(folder)).toHaveLength(2);
});

test('a damaged search index is built anew from the tables, and nothing of the queue is lost', async () => {
  const { folder } = await lived();
  const life = await folder.open();
  const id = add(life.uploads, { path: '/since the backup' });
  await life.records.close();
  folder.damage('archive_text_data', 1);
  writeFileSync(join(folder.folder, 'unclean'), '');
  const next = await folder.open();
  expect(next.notices.list()).toMatchObject([{ kind: 'search-rebuilt' }]);
  expect(next.uploads.get(id)?.phase.kind).toBe('queued');
  const found = next.catalogue.search({ ...everyArchive, text: 'added', offset: 0, limit: 9 });
  expect(found.items.map(({ path }) => path)).toEqual(['/added since']);
  store(next, '/one more');
  expect(next.catalogue.search({ ...everyArchive, text: 'one more', offset: 0, limit: 9 }).total).toBe(1);
  expect(findDamage(next.db, 'everything')).toBeNull();
  expect(damagedFiles(folder)).toHaveLength(1);
});

test('an index that SQLite alone finds no fault with is found at fault once it failed at work', async () => {
  const { folder } = await lived();
  const life = await folder.open();
  life.db.unsafeMode(true);
  life.db.exec(`UPDATE archive_text_data SET block = zeroblob(length(block)) WHERE id > 10`);
  expect(findDamage(life.db, 'tables')).toBeNull();
  life.records.seeDamage('fts5: corruption');
  await life.records.close();
  expect((await folder.open()).notices.list()).toMatchObject([{ kind: 'search-rebuilt' }]);
});

test('a new folder begins without a word', async () => {
  const folder = new DataFolder();
  const life = await folder.open();
  expect(life.notices.list()).toEqual([]);
  expect(folder.logged).toEqual([]);
  await life.records.close();
  expect(readdirSync(folder.folder).sort()).toEqual(['archives.jsonl', 'firn.db']);
});

test('each notice says what was damaged, what is in use now, and where the damaged file is', async () => {
  const { folder } = await lived();
  folder.overwrite(0, new Uint8Array(100));
  const [notice] = (await folder.open()).notices.list();
  if (!notice) throw new Error('There is no notice');
  const words = noticeInOneLine(notice);
  expect(words).toContain('file is not a database');
  expect(words).toContain('3 November 2026');
  expect(words).toContain('2 archives stored since; 1 of them still waited in the queue');
  expect(words).toContain(join(folder.folder, 'firn.damaged-20261103T120000Z.db'));
});

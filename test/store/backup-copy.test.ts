import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { copyInThread, makeBackup } from '../../main/store/backup.ts';
import { copyDatabase } from '../../main/store/backup-copy.ts';
import { listBackups } from '../../main/store/backup-files.ts';
import { findDamage } from '../../main/store/damage.ts';
import { openForReading } from '../../main/store/database.ts';
import { MiB } from '../../shared/units.ts';
import { DataFolder, START, catalogueOf, store } from '../support/records.ts';
import { CatalogueStore } from '../../main/store/catalogue.ts';

const thread = fileURLToPath(new URL('../../out/main/backup-thread.js', import.meta.url));

/** A database of so many MiB that is open and being written to. */
function largeDatabase(folder: DataFolder, size: number) {
  const db = new Database(folder.file);
  onTestFinished(() => {
    db.close();
  });
  db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE filling (bytes BLOB); CREATE TABLE counted (n INTEGER PRIMARY KEY)');
  const fill = db.prepare('INSERT INTO filling VALUES (randomblob(1048576))');
  for (let written = 0; written < size; written += MiB) fill.run();
  db.pragma('wal_checkpoint(TRUNCATE)');
  return db;
}

test('a backup is one whole file with all that was committed, and reading it leaves nothing behind', async () => {
  const folder = new DataFolder();
  const life = await folder.begin();
  for (const path of ['/a', '/b']) store(life, path);
  await folder.backUp();
  const [backup] = listBackups(folder.backups);
  const copy = openForReading(backup?.file ?? '');
  expect(findDamage(copy, 'everything')).toBeNull();
  expect(catalogueOf({ catalogue: new CatalogueStore(copy) })).toEqual(catalogueOf(life));
  copy.close();
  expect(readdirSync(folder.backups)).toHaveLength(1);
});

test('a thread copies one moment of a database that goes on being written to', async () => {
  const folder = new DataFolder();
  const db = largeDatabase(folder, 30 * MiB);
  const count = db.prepare('INSERT INTO counted DEFAULT VALUES');
  count.run();
  const copying = copyInThread(thread)(folder.file, join(folder.folder, 'copy.db'));
  let written = 1;
  const writing = new AbortController();
  void copying.then(() => {
    writing.abort();
  });
  while (!writing.signal.aborted) {
    count.run();
    written += 1;
    await setTimeout(1);
  }
  expect(await copying).toEqual({ kind: 'copied' });
  const copy = new Database(join(folder.folder, 'copy.db'), { readonly: true });
  const [rows, last] = copy.prepare('SELECT count(*), max(n) FROM counted').raw().get() as [number, number];
  copy.close();
  expect(rows).toBe(last);
  expect(rows).toBeGreaterThan(0);
  expect(rows).toBeLessThanOrEqual(written);
  expect(db.prepare('SELECT count(*) FROM counted').pluck().get()).toBe(written);
});

test('a backup of a damaged database does not count, and the damage is told', async () => {
  const folder = new DataFolder();
  const life = await folder.begin();
  for (let index = 0; index < 50; index += 1) store(life, `/${index}`);
  await life.records.close();
  folder.damage('catalogue');
  expect(await copyDatabase(folder.file, join(folder.folder, 'copy.db'))).toMatchObject({ kind: 'source-damaged' });
  expect(readdirSync(folder.folder).filter((name) => name.startsWith('copy'))).toEqual([]);
});

test('a backup that cannot be made is told in the log, and leaves older ones and the queue alone', async () => {
  const folder = new DataFolder();
  const life = await folder.begin();
  await folder.backUp();
  const details = { file: folder.file, folder: folder.backups, at: START, beforeMigrationOf: null };
  const logged: unknown[] = [];
  const log = (message: string, { detail }: Record<string, unknown>): unknown => logged.push([message, detail]);
  const outcomes = [
    await makeBackup({ ...details, file: join(folder.folder, 'missing.db') }, copyDatabase, log),
    await makeBackup(details, copyInThread(join(folder.folder, 'no-thread.js')), log),
    await makeBackup({ ...details, folder: join(folder.file, 'below a file') }, copyDatabase, log),
  ];
  expect(outcomes.map(({ kind }) => kind)).toEqual(['failed', 'failed', 'failed']);
  expect(logged).toHaveLength(3);
  expect(listBackups(folder.backups)).toHaveLength(1);
  store(life, '/a');
  expect(catalogueOf(life)).toHaveLength(1);
});

test('a thread that dies is a failed backup', async () => {
  const folder = new DataFolder();
  const program = join(folder.folder, 'dies.mjs');
  writeFileSync(program, 'process.exit(3)');
  expect(await copyInThread(program)(folder.file, 'x')).toEqual({ kind: 'failed', detail: 'the thread ended early' });
});

test('a kill in the middle leaves no backup that is not whole, and the next one clears up', async () => {
  const folder = new DataFolder();
  largeDatabase(folder, 80 * MiB);
  mkdirSync(folder.backups);
  const target = join(folder.backups, 'firn-000001-20260601T090000Z.db');
  const options = JSON.stringify({ workerData: { from: folder.file, to: target } });
  const code = `new (require('node:worker_threads').Worker)(${JSON.stringify(thread)}, ${options})`;
  const child = spawn(process.execPath, ['-e', code], { stdio: 'inherit' });
  const exited = once(child, 'exit');
  while (!existsSync(`${target}.partial`)) await setTimeout(1);
  child.kill('SIGKILL');
  expect(await exited).toEqual([null, 'SIGKILL']);
  expect(listBackups(folder.backups)).toEqual([]);
  expect(existsSync(`${target}.partial`)).toBe(true);

  await folder.backUp();
  expect(readdirSync(folder.backups)).toHaveLength(1);
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  DatabaseDamagedError,
  DatabaseFromFutureError,
  migrate,
  openDatabase,
  openForReading,
} from '../../main/store/database.ts';
import { lockFolder } from '../../main/store/lock.ts';
import { steps } from '../../main/store/schema/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('a new database has the newest schema and syncs every commit', () => {
  const db = openDatabase(join(temporaryFolder(), 'firn.db'));
  expect(db.pragma('user_version', { simple: true })).toBe(steps.length);
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(db.pragma('synchronous', { simple: true })).toBe(2);
  for (const full of ['fullfsync', 'checkpoint_fullfsync']) expect(db.pragma(full, { simple: true })).toBe(1);
  expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
  db.close();
});

test('a database from a newer Firn is refused and left as it is', () => {
  const file = join(temporaryFolder(), 'firn.db');
  const db = openDatabase(file);
  db.pragma(`user_version = ${steps.length + 1}`);
  db.close();
  const before = readFileSync(file);
  expect(() => openDatabase(file)).toThrow(DatabaseFromFutureError);
  expect(() => openForReading(file)).toThrow(DatabaseFromFutureError);
  expect(readFileSync(file).equals(before)).toBe(true);
});

test('a file that is no database is called damaged and left as it is', () => {
  const file = join(temporaryFolder(), 'firn.db');
  writeFileSync(file, 'This was a database once. '.repeat(100));
  const before = readFileSync(file);
  expect(() => openDatabase(file)).toThrow(DatabaseDamagedError);
  expect(readFileSync(file).equals(before)).toBe(true);
});

test('a step that fails leaves the schema at the last step that worked', () => {
  const db = openDatabase(join(temporaryFolder(), 'firn.db'));
  const wanted = [...steps, 'CREATE TABLE extra (id INTEGER) STRICT', 'CREATE TABLE broken (id NONSENSE) STRICT'];
  expect(() => {
    migrate(db, wanted);
  }).toThrow();
  expect(db.pragma('user_version', { simple: true })).toBe(steps.length + 1);
  migrate(db, wanted.slice(0, -1));
  db.close();
});

test('a folder has one owner at a time', () => {
  const folder = temporaryFolder();
  const first = lockFolder(folder);
  expect(first).not.toBeNull();
  expect(lockFolder(folder)).toBeNull();
  first?.release();
  const second = lockFolder(folder);
  expect(second).not.toBeNull();
  second?.release();
});

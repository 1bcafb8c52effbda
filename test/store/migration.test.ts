import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test, vi } from 'vitest';
import { listBackups } from '../../main/store/backup-files.ts';
import { migrate } from '../../main/store/database.ts';
import { steps } from '../../main/store/schema/index.ts';
import { DataFolder } from '../support/records.ts';

/** A Firn to come, which knows one step more than this one. */
vi.mock('../../main/store/schema/index.ts', async (original) => {
  const { steps } = await original<{ steps: readonly string[] }>();
  return { steps: [...steps, 'CREATE TABLE of_tomorrow (id INTEGER) STRICT;'] };
});

test('a backup from an older Firn is brought up to date', async () => {
  const folder = new DataFolder();
  mkdirSync(folder.backups);
  const old = new Database(join(folder.backups, 'firn-000001-20260601T090000Z-schema-1.db'));
  migrate(old, steps.slice(0, 1));
  old.exec(
    `INSERT INTO account (id, name, source, region, added_at) VALUES ('a', 'Old', '{"kind":"practice"}', 'r', 1)`,
  );
  old.close();
  writeFileSync(folder.file, 'no database');
  const life = await folder.open();
  expect(life.accounts.list()).toMatchObject([{ name: 'Old' }]);
  expect(life.db.pragma('user_version', { simple: true })).toBe(steps.length);
});

test('before a migration there is a backup of the old schema', async () => {
  const folder = new DataFolder();
  const old = new Database(folder.file);
  old.pragma('journal_mode = WAL');
  migrate(old, steps.slice(0, 1));
  old.exec(
    `INSERT INTO account (id, name, source, region, added_at) VALUES ('a', 'Old', '{"kind":"practice"}', 'r', 1)`,
  );
  old.close();
  const life = await folder.open();
  expect(life.db.pragma('user_version', { simple: true })).toBe(steps.length);
  const [backup, ...more] = listBackups(folder.backups);
  expect(more).toEqual([]);
  expect(backup?.beforeMigrationOf).toBe(1);
  const copy = new Database(backup?.file ?? '', { readonly: true });
  expect(copy.pragma('user_version', { simple: true })).toBe(1);
  copy.close();
  await life.records.close();
  await folder.open();
  expect(listBackups(folder.backups)).toHaveLength(1);
});

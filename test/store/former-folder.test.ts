import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { adoptFormerFolder } from '../../main/app/former-folder.ts';
import { lockFolder } from '../../main/store/lock.ts';
import { FirnCommand } from '../support/firn-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** As an earlier Firn left it, killed, so that half of its database stands in the log beside it. */
function formerFolder(): { former: string; folder: string } {
  const root = temporaryFolder();
  const former = join(root, 'config', 'Firn');
  mkdirSync(join(former, 'practice', 'vaults'), { recursive: true });
  mkdirSync(join(former, 'GPUCache'));
  mkdirSync(join(former, 'Cache'));
  writeFileSync(join(former, 'practice', 'vaults', 'one'), 'archive');
  writeFileSync(join(former, 'archives.jsonl'), 'journal');
  writeFileSync(join(former, 'Local State'), 'the key');
  const db = new Database(join(former, 'firn.db'));
  db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE names (name TEXT); ');
  db.prepare('INSERT INTO names VALUES (?)').run('kept');
  // Copied while it is open: the log is still beside it.
  const copies = ['firn.db', 'firn.db-wal'].map((name) => [name, readFileSync(join(former, name))] as const);
  db.close();
  for (const [name, bytes] of copies) writeFileSync(join(former, name), bytes);
  return { former, folder: join(root, 'data', 'firn') };
}

function namesIn(folder: string): unknown[] {
  const db = new Database(join(folder, 'firn.db'), { readonly: true });
  const names = db.prepare('SELECT name FROM names').pluck().all();
  db.close();
  return names;
}

test('what an earlier Firn kept elsewhere is brought over once, without caches', () => {
  const { former, folder } = formerFolder();
  expect(adoptFormerFolder(former, folder)).toBeNull();
  expect(namesIn(folder)).toEqual(['kept']);
  expect(readFileSync(join(folder, 'practice', 'vaults', 'one'), 'utf8')).toBe('archive');
  expect(readFileSync(join(folder, 'archives.jsonl'), 'utf8')).toBe('journal');
  expect(readFileSync(join(folder, 'Local State'), 'utf8')).toBe('the key');
  expect(readdirSync(folder)).not.toContain('Cache');
  expect(existsSync(former)).toBe(false);
  mkdirSync(former, { recursive: true });
  writeFileSync(join(former, 'firn.db'), 'of a second earlier Firn');
  expect(adoptFormerFolder(former, folder)).toBeNull();
  expect(namesIn(folder)).toEqual(['kept']);
  expect(readFileSync(join(former, 'firn.db'), 'utf8')).toBe('of a second earlier Firn');
});

test('what was interrupted between two files goes on at the next start', () => {
  const { former, folder } = formerFolder();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'firn.db-wal'), readFileSync(join(former, 'firn.db-wal')));
  writeFileSync(join(folder, 'firn.log'), 'of this Firn');
  writeFileSync(join(former, 'firn.log'), 'of the earlier one');
  expect(adoptFormerFolder(former, folder)).toBeNull();
  expect(namesIn(folder)).toEqual(['kept']);
  expect(readFileSync(join(folder, 'firn.log'), 'utf8')).toBe('of this Firn');
  expect(readFileSync(join(folder, 'firn.log.former'), 'utf8')).toBe('of the earlier one');
});

test('nothing is moved while another Firn works with it', () => {
  const { former, folder } = formerFolder();
  const lock = lockFolder(former);
  expect(adoptFormerFolder(former, folder)).toEqual({ kind: 'data-folder-busy', folder: former });
  expect(existsSync(join(former, 'firn.db'))).toBe(true);
  lock?.release();
  expect(adoptFormerFolder(former, folder)).toBeNull();
  expect(namesIn(folder)).toEqual(['kept']);
});

test('a new place where nothing can be written leaves everything where it is, in words', () => {
  const { former, folder } = formerFolder();
  writeFileSync(join(folder, '..', '..', 'data'), 'a file');
  expect(adoptFormerFolder(former, folder)).toMatchObject({ kind: 'data-folder-unusable', folder });
  expect(namesIn(former)).toEqual(['kept']);
});

test('the command line without --data works with the folder of the window', async () => {
  const home = temporaryFolder();
  const firn = FirnCommand.withUsualFolder({ HOME: home });
  const before = await firn.run('queue');
  expect(before.problems).toContain(join(home, '.local/share/firn'));
  expect((await firn.run('pause', '--all')).code).toBe(0);
  expect(readdirSync(join(home, '.local/share/firn'))).toContain('firn.db');
  expect((await firn.run('queue')).code).toBe(0);
});

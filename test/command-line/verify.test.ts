import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CatalogueStore } from '../../main/store/catalogue.ts';
import { openDatabase } from '../../main/store/database.ts';
import { taskKinds } from '../../main/app/task-kinds.ts';
import { FileCheckStore } from '../../main/checks/file-check-store.ts';
import { TaskStore } from '../../main/store/tasks/task-store.ts';
import { MiB } from '../../shared/units.ts';
import type { TreeHash } from '../../shared/upload.ts';
import { archiveId, archiveRow } from '../support/catalogue.ts';
import { FirnCommand, finish } from '../support/firn-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { treeHashByDefinition } from '../support/tree-hash-by-definition.ts';

type Listed = { vault?: string; bytes?: Buffer; listedAt?: number };

/** A data folder whose catalogue has these files as archives of an account that is gone. */
function filled(archives: Record<string, Listed>): { firn: FirnCommand; pathOf: (name: string) => string } {
  const folder = temporaryFolder();
  const pathOf = (name: string): string => join(folder, name);
  const db = openDatabase(join(folder, 'firn.db'));
  const catalogue = new CatalogueStore(db);
  for (const [name, { vault = 'photos', bytes = Buffer.from(name), listedAt }] of Object.entries(archives)) {
    writeFileSync(pathOf(name), bytes);
    const file = { path: pathOf(name), size: bytes.length, tree_hash: treeHashByDefinition(bytes) as TreeHash };
    catalogue.insert(
      { ...archiveRow({ ...file, vault, archive_id: archiveId(name) }), listed_at: listedAt ?? null },
      null,
    );
  }
  db.close();
  return { firn: new FirnCommand(folder, {}), pathOf };
}

test('each archive is compared, and it is said which copies may go', async () => {
  const { firn, pathOf } = filled({ one: { listedAt: 1_700_000_200_000 }, two: {}, three: {} });
  writeFileSync(pathOf('three'), 'other');
  const { code, rows } = await firn.run('--json', 'verify');
  expect(code).toBe(1);
  expect(rows).toMatchObject([
    { event: 'checking', archives: 3, bytes: 11 },
    { event: 'checked', path: pathOf('three'), outcome: 'changed', safeToDelete: false },
    { event: 'checked', path: pathOf('two'), outcome: 'same', safeToDelete: false },
    { event: 'checked', path: pathOf('one'), outcome: 'same', safeToDelete: true, archiveId: archiveId('one') },
    { event: 'checked-all', found: { same: 2, changed: 1 }, safeToDelete: 1 },
  ]);
});

test('words tell what is not as it was, and the sum', async () => {
  const { firn, pathOf } = filled({ one: {}, two: {}, other: { vault: 'other' } });
  rmSync(pathOf('one'));
  const { code, output } = await firn.run('verify', '--vault', 'photos');
  expect(code).toBe(1);
  expect(output).toContain('Checking 2 archives (6 bytes) against the local files');
  expect(output).toContain(`${pathOf('one')}: There is no local file any more`);
  expect(output).toContain('Checked 2 archives: 1 the same, 1 missing. 0 local copies may safely be deleted');
  expect(await firn.run('verify', '--search', 'two')).toMatchObject({ code: 0 });
});

test('nothing to check is no success', async () => {
  const { firn } = filled({ one: {} });
  const outcome = await firn.run('verify', '--search', 'nothing like it');
  expect(outcome).toMatchObject({ code: 1, output: '' });
  expect(outcome.problems).toContain('Nothing found for "nothing like it".');
  expect((await firn.run('verify', '--vault', '../x')).code).toBe(2);
});

test('killed in the middle, "run" goes on', async () => {
  const { firn, pathOf } = filled({ one: {}, large: { bytes: Buffer.alloc(300 * MiB) } });
  const child = firn.start('--json', 'verify');
  const outcome = finish(child);
  child.stdout.once('data', () => child.kill('SIGKILL'));
  expect((await outcome).code).toBe(null);
  truncateSync(pathOf('large'), 5);
  const { code, rows } = await firn.run('--json', 'run');
  expect(code).toBe(1);
  expect(rows).toMatchObject([
    { event: 'checked', path: pathOf('large'), outcome: 'changed' },
    { event: 'checked', path: pathOf('one'), outcome: 'same' },
    { event: 'checked-all' },
  ]);
  const db = openDatabase(join(firn.dataFolder, 'firn.db'));
  expect(new FileCheckStore(db, new TaskStore(db, taskKinds)).waiting()).toEqual({ count: 0, bytes: 0 });
  db.close();
  expect((await firn.run('--json', 'run')).rows).toEqual([{ event: 'idle' }]);
});

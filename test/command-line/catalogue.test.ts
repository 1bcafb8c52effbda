import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CatalogueStore } from '../../main/store/catalogue.ts';
import { openDatabase } from '../../main/store/database.ts';
import { archiveId, archiveRow } from '../support/catalogue.ts';
import { FirnCommand } from '../support/firn-command.ts';
import { hash } from '../support/store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function commandIn(folder: string): FirnCommand {
  return new FirnCommand(mkdtempSync(join(folder, 'data-')), {});
}

/** A data folder with two archives of an account that is gone. */
function filled(folder: string): FirnCommand {
  const firn = commandIn(folder);
  const db = openDatabase(join(firn.dataFolder, 'firn.db'));
  const catalogue = new CatalogueStore(db);
  catalogue.insert(archiveRow({ path: '/photos/export.raw', archive_id: archiveId('-1') }), null);
  catalogue.insert(archiveRow({ path: '/other/2.raw', archive_id: archiveId('2'), vault: 'other' }), null);
  db.close();
  return firn;
}

async function listed(firn: FirnCommand): Promise<Record<string, unknown>[]> {
  const { rows } = await firn.run('--json', 'catalogue');
  return rows.map(({ id: _, ...row }) => row);
}

test.each(['csv', 'json'])('a catalogue goes by %s to another computer and is the same there', async (format) => {
  const folder = temporaryFolder();
  const from = filled(folder);
  const file = join(folder, `export.${format}`);
  const exported = await from.run('--json', 'catalogue', 'export', '--format', format, '--to', file);
  expect(exported).toMatchObject({ code: 0, rows: [{ event: 'exported', file, format, archives: 2, bytes: 10 }] });
  const to = commandIn(folder);
  const first = await to.run('--json', 'catalogue', 'import', file);
  expect(first).toMatchObject({ code: 0, problems: '', rows: [{ event: 'imported', added: 2, problems: [] }] });
  const again = await to.run('catalogue', 'import', file);
  expect(again).toMatchObject({ code: 0, output: 'Added 0 archives; 2 already there\n' });
  expect((await listed(to)).reverse()).toEqual(await listed(from));
});

test('what matches goes to standard output, and nothing else', async () => {
  const from = filled(temporaryFolder());
  const { code, rows } = await from.run(
    'catalogue',
    'export',
    '--format',
    'json',
    '--vault',
    'photos',
    '--search',
    'photos',
  );
  expect(code).toBe(0);
  expect(rows).toMatchObject([
    { format: 'firn-catalogue' },
    { path: '/photos/export.raw', archiveId: archiveId('-1') },
  ]);
  const page = await from.run('catalogue', 'export', '--format', 'html');
  expect(page.output).toMatch(/^<!doctype html>[^]*<\/html>\n$/);
});

test('a search is an option, and a word that is no command is refused with the nearest one', async () => {
  const from = filled(temporaryFolder());
  expect((await from.run('--json', 'catalogue', '--search', 'photos')).rows).toHaveLength(1);
  expect((await from.run('--json', 'catalogue', 'list', '--search', 'export')).rows).toHaveLength(1);
  const mistyped = await from.run('catalogue', 'exprot');
  expect([mistyped.code, mistyped.output]).toEqual([2, '']);
  expect(mistyped.problems).toContain('Did you mean "firn catalogue export"? To look for it: firn catalogue --search');
});

test('an export writes over nothing', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'mine.csv');
  writeFileSync(file, 'mine');
  const outcome = await filled(folder).run('catalogue', 'export', '--format', 'csv', '--to', file);
  expect(outcome).toMatchObject({ code: 1, output: '' });
  expect(outcome.problems).toContain('exists already');
  expect(readFileSync(file, 'utf8')).toBe('mine');
});

test('a journal of mt-aws-glacier needs a vault and a place', async () => {
  const folder = temporaryFolder();
  const firn = commandIn(folder);
  const file = join(folder, 'journal');
  const line = `A\t1357095845\tCREATED\t${archiveId('1')}\t5\t1355666755\t${hash('1')}\tphotos/räksmörgås.jpg`;
  writeFileSync(file, `${line}\ngarbage\n`);
  const withoutVault = await firn.run('catalogue', 'import', file, '--region', 'eu-west-1');
  expect(withoutVault.code).toBe(1);
  expect(withoutVault.problems).toContain('--vault NAME');
  const withoutRegion = await firn.run('catalogue', 'import', file, '--vault', 'photos');
  expect(withoutRegion.code).toBe(1);
  expect(withoutRegion.problems).toContain('--region');
  const imported = await firn.run('catalogue', 'import', file, '--vault', 'photos', '--region', 'eu-west-1');
  expect(imported).toMatchObject({ code: 1, output: 'Added 1 archive; 1 line left out\n' });
  expect(imported.problems).toBe(`${file}, line 2: it is no line of a journal of mt-aws-glacier.\n`);
  expect(await listed(firn)).toMatchObject([
    { path: 'photos/räksmörgås.jpg', place: 'vault:photos', vault: 'photos', region: 'eu-west-1' },
  ]);
  expect(readFileSync(join(firn.dataFolder, 'archives.jsonl'), 'utf8')).toContain(archiveId('1'));
});

test.each([
  [['catalogue', 'export'], '--format csv, json, html'],
  [['catalogue', 'export', '--format', 'pdf'], '--format is one of csv, json, html'],
  [['catalogue', 'archive'], '--vault NAME'],
  [['catalogue', 'import'], 'Say which file'],
  [['catalogue', 'import', 'a', 'b'], 'takes one FILE'],
  [['catalogue', 'import', 'a', '--vault', '../x'], 'cannot name a vault'],
])('%j makes no sense, and it is said why', async (args, why) => {
  const firn = commandIn(temporaryFolder());
  const { code, problems } = await firn.run(...args);
  expect(code).toBe(2);
  expect(problems).toContain(why);
  expect(existsSync(join(firn.dataFolder, 'firn.db'))).toBe(false);
});

import { everyArchive } from '../../shared/archive.ts';
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accountFor } from '../../main/catalogue/account-matching.ts';
import type { Home } from '../../main/catalogue/entry.ts';
import type { ExportFormat } from '../../shared/catalogue-exchange.ts';
import { inputs } from '../../shared/contract.ts';
import { exportToFile } from '../../main/catalogue/export.ts';
import { importCatalogue } from '../../main/catalogue/import.ts';
import type { Imported } from '../../shared/catalogue-exchange.ts';
import { rebuildCatalogue } from '../../main/store/catalogue-rebuild.ts';
import type { NewArchiveRow } from '../../main/store/catalogue.ts';
import type { ArchiveRow } from '../../main/store/archive-row.ts';
import { compareWithJournal } from '../../main/store/journal-comparison.ts';
import { writeDescription } from '../../shared/description.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { archiveId, archiveRow, everything, openCatalogue, rowsOf } from '../support/catalogue.ts';
import { account, hash } from '../support/store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

type Catalogue = ReturnType<typeof openCatalogue>;
type Outcome = Result<Imported>;

const counted = { windows1252: 0, countedBy: 'line' } as const;
const nothing = { added: 0, completed: 0, alreadyThere: 0, deleted: 0, problemCount: 0, problems: [], ...counted };
const ours: Home = {
  account: accountFor('environment', { kind: 'environment' }, null),
  region: 'eu-central-1',
  vault: 'photos',
};

async function importFile({ db, recorder }: Catalogue, file: string, home: Result<Home> = ok(ours)): Promise<Outcome> {
  return importCatalogue(db, file, { recorder, now: 1, home: () => Promise.resolve(home) });
}

function importText(into: Catalogue, text: string | Buffer, home?: Result<Home>): Promise<Outcome> {
  const file = join(temporaryFolder(), 'list');
  writeFileSync(file, text);
  return importFile(into, file, home);
}

/** Rows without what only this catalogue gives them. */
function facts(rows: ArchiveRow[]): Omit<ArchiveRow, 'id' | 'place_id'>[] {
  return rows.map(({ id: _, place_id: __, ...row }) => row).sort((a, b) => (a.archive_id < b.archive_id ? -1 : 1));
}

/** A catalogue of a new computer, without accounts. */
function emptyCatalogue(): Catalogue {
  const empty = openCatalogue();
  empty.accounts.remove(account.id);
  return empty;
}

async function exportOf({ db }: Catalogue, format: ExportFormat): Promise<string> {
  const file = join(temporaryFolder(), `export.${format}`);
  const outcome = await exportToFile(db, { choice: everything, format, exportedAt: 1 }, file);
  expect(outcome.ok).toBe(true);
  return file;
}

const rows: Partial<ArchiveRow>[] = [
  {},
  { path: '=cmd|"/c calc"!A1', archive_id: archiveId('-2') },
  { path: "'quoted', with\r\nlines\n", archive_id: archiveId('3'), modified_ns: '-62135596800000000001' },
  { path: null, modified_ns: null, archive_id: archiveId('4'), description: '' },
  {
    path: '/räksmörgås/📷\u0000\u202e.raw',
    archive_id: archiveId('_5'),
    vault: 'other.vault',
    size: 40_000_000_000_000,
  },
];

function filled(): Catalogue {
  const catalogue = openCatalogue();
  for (const row of rows) catalogue.catalogue.insert(archiveRow(row), null);
  return catalogue;
}

test.each(['json', 'csv'] as const)('an export in %s gives the same catalogue on an empty computer', async (format) => {
  const before = filled();
  const file = await exportOf(before, format);
  const after = emptyCatalogue();
  expect(await importFile(after, file)).toEqual(ok({ ...nothing, added: rows.length }));
  expect(facts(rowsOf(after.db))).toEqual(facts(rowsOf(before.db)));
  const told = { kind: 'imported', source: account.source, endpointUrl: null };
  expect(after.accounts.list()).toMatchObject([
    { id: account.id, name: account.name, source: told, endpointUrl: null },
  ]);
});

test.each(['json', 'csv'] as const)('an export in %s imported again changes nothing', async (format) => {
  const before = filled();
  const file = await exportOf(before, format);
  const rowsBefore = rowsOf(before.db);
  for (const round of [1, 2]) {
    expect(await importFile(before, file), `round ${round}`).toEqual(ok({ ...nothing, alreadyThere: rows.length }));
  }
  expect(rowsOf(before.db)).toEqual(rowsBefore);
  expect(before.journal.exists()).toBe(false);
});

test('every path survives the way through CSV and JSON', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }), async (path) => {
      for (const format of ['csv', 'json'] as const) {
        const before = openCatalogue();
        before.catalogue.insert(archiveRow({ path }), null);
        const after = emptyCatalogue();
        await importFile(after, await exportOf(before, format));
        expect(facts(rowsOf(after.db))).toEqual(facts(rowsOf(before.db)));
      }
    }),
    { numRuns: 25 },
  );
});

test('what a spreadsheet makes of the CSV is still understood: semicolons, other order, no byte order mark', async () => {
  const text =
    'archive_id;path;vault;region;account_id;size;tree_hash;stored_at\r\n' +
    `'${archiveId('-1')};"a; ""b""";photos;eu-central-1;${account.id};5;${hash('b')};2023-11-14 22:15:00\r\n`;
  const into = openCatalogue();
  expect(await importText(into, text)).toEqual(ok({ ...nothing, added: 1 }));
  expect(rowsOf(into.db)[0]).toMatchObject({
    archive_id: archiveId('-1'),
    path: 'a; "b"',
    stored_at: Date.UTC(2023, 10, 14, 22, 15),
  });
});

test('the journal of archives is imported, without what it says was deleted and with torn lines told', async () => {
  const from = openCatalogue();
  const [one, two] = [archiveRow(), archiveRow({ archive_id: archiveId('two') })];
  const journalled = await importText(from, await jsonOf(one, two));
  expect(journalled).toEqual(ok({ ...nothing, added: 2 }));
  const lines = readFileSync(join(from.folder, 'archives.jsonl'), 'utf8').trimEnd().split('\n');
  const gone = JSON.stringify({ ...(JSON.parse(lines[0] ?? '') as object), event: 'deleted' });
  const text = [...lines, gone, lines[1]?.slice(0, 40), '{"event":"stored"}', ''].join('\n');
  const into = emptyCatalogue();
  const outcome = ok({
    added: 1,
    completed: 0,
    alreadyThere: 0,
    deleted: 1,
    ...counted,
    problemCount: 2,
    problems: [
      { line: 4, reason: 'it is no JSON, or only a piece of it' },
      { line: 5, reason: 'it does not tell of an archive' },
    ],
  });
  expect(await importText(into, text)).toEqual(outcome);
  expect(await importText(into, text)).toEqual(ok({ ...outcome.value, added: 0, alreadyThere: 1 }));
});

async function jsonOf(...archives: NewArchiveRow[]): Promise<string> {
  const catalogue = openCatalogue();
  for (const archive of archives) catalogue.catalogue.insert(archive, null);
  return readFileSync(await exportOf(catalogue, 'json'), 'utf8');
}

const mtJournal = [
  `A\t1357095845\tCREATED\t${archiveId('one')}\t7684356\t1355666755\t${hash('1')}\tphotos/räksmörgås.jpg`,
  `B\t1357095846\tCREATED\t${archiveId('two')}\t7\tNONE\t${hash('2')}\tphotos/two words.jpg`,
  `A\t1357095847\tRETRIEVE_JOB\t${archiveId('one')}\tjob`,
  `A\t1357095848\tCREATED\t${archiveId('three')}\t9\t-1\t${hash('3')}\tphotos/gone.jpg`,
  `A\t1357095849\tDELETED\t${archiveId('three')}\tphotos/gone.jpg`,
  `1357095850 CREATED ${archiveId('four')} 11 ${hash('4')} photos/old format.jpg`,
  'garbage',
  `A\t1357095851\tCREATED\t${archiveId('five')}\t9\t1\tnohash\tx`,
].join('\n');

test('a journal of mt-aws-glacier goes into the vault and the account of the options', async () => {
  const into = openCatalogue();
  const outcome = {
    added: 3,
    completed: 0,
    alreadyThere: 0,
    deleted: 1,
    ...counted,
    problemCount: 2,
    problems: [
      { line: 7, reason: 'it is no line of a journal of mt-aws-glacier' },
      { line: 8, reason: 'its tree hash is none' },
    ],
  };
  expect(await importText(into, mtJournal)).toEqual(ok(outcome));
  const known = rowsOf(into.db).map((row) => [row.path, row.size, row.modified_ns, row.stored_at]);
  expect(known).toEqual([
    ['photos/old format.jpg', 11, null, 1_357_095_850_000],
    ['photos/two words.jpg', 7, null, 1_357_095_846_000],
    ['photos/räksmörgås.jpg', 7_684_356, '1355666755000000000', 1_357_095_845_000],
  ]);
  expect(rowsOf(into.db)[0]).toMatchObject({ account_id: account.id, vault: 'photos', region: 'eu-central-1' });
  expect(await importText(into, mtJournal)).toEqual(ok({ ...outcome, added: 0, alreadyThere: 3 }));
  expect(into.catalogue.count()).toBe(3);
});

test('an account that nobody has yet is added once, and without secrets', async () => {
  const into = emptyCatalogue();
  await importText(into, mtJournal);
  await importText(into, mtJournal, ok({ ...ours, account: accountFor('x', { kind: 'environment' }, null) }));
  expect(into.accounts.list()).toMatchObject([{ source: { kind: 'environment' }, region: 'eu-central-1' }]);
  expect(into.catalogue.count()).toBe(3);
});

test('a file that does not say whose archives it lists is not imported without it', async () => {
  const into = openCatalogue();
  const failure = { kind: 'invalid-input', detail: 'Say which vault' } as const;
  expect(await importText(into, mtJournal, fail(failure))).toEqual(fail(failure));
  expect(into.catalogue.count()).toBe(0);
});

test("Glacier's inventory in CSV is imported with the names in its descriptions", async () => {
  const path = 'C:/räksmörgås "1".raw';
  const described = writeDescription({ path, modifiedAt: 1_700_000_000_000 });
  const text =
    'ArchiveId,ArchiveDescription,CreationDate,Size,SHA256TreeHash\n' +
    `${archiveId('one')},${described},2013-01-02T03:04:05Z,5,${hash('1')}\n` +
    `${archiveId('two')},"{\\"Path\\":\\"a,b\\"}",2013-01-02T03:04:05Z,6,${hash('2').toUpperCase()}\n` +
    `${archiveId('three')},"half a quote" of,2013-01-02T03:04:05Z,6,${hash('3')}\n` +
    `${archiveId('four')},,2013-01-02T03:04:05Z,7,${hash('4')}\n`;
  const into = openCatalogue();
  expect(await importText(into, text)).toEqual(
    ok({ ...nothing, added: 3, problemCount: 1, problems: [{ line: 4, reason: 'it is no line of an inventory' }] }),
  );
  expect(rowsOf(into.db)).toMatchObject([
    { path: null, modified_ns: null, description: '' },
    { path: 'a,b', tree_hash: hash('2') },
    { path, modified_ns: '1700000000000000000', description: described, stored_at: Date.UTC(2013, 0, 2, 3, 4, 5) },
  ]);
});

test('a list of another tool adds names to archives that an inventory has told of, in UTF-16, too', async () => {
  const into = openCatalogue();
  const one = archiveRow({ path: null, modified_ns: null, description: '', archive_id: archiveId('one') });
  into.catalogue.insert(one, null);
  const text =
    'File Name\tArchive Id\tLast Modified\r\n' +
    `photos\\räksmörgås.jpg\t${archiveId('one')}\t2013-01-02 03:04:05\r\n` +
    `other.jpg\t${archiveId('two')}\t2013-01-02\r\n`;
  const reason = 'the catalogue does not know this archive, and its size, tree hash or date is not told';
  const problems = [{ line: 3, reason }];
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');
  expect(await importText(into, utf16)).toEqual(ok({ ...nothing, completed: 1, problemCount: 1, problems }));
  expect(rowsOf(into.db)).toMatchObject([
    { ...one, path: 'photos\\räksmörgås.jpg', modified_ns: '1357095845000000000' },
  ]);
  const found = into.catalogue.search({ ...everyArchive, text: 'mörg', offset: 0, limit: 10 });
  expect(found.items).toHaveLength(1);
  expect(await importText(into, utf16)).toEqual(ok({ ...nothing, alreadyThere: 1, problemCount: 1, problems }));
});

test('what the catalogue knows is never changed, and a contradiction is told', async () => {
  const into = openCatalogue();
  into.catalogue.insert(archiveRow(), null);
  const text = await jsonOf(archiveRow({ path: '/elsewhere', description: 'other', stored_at: 7 }));
  expect(await importText(into, text)).toEqual(ok({ ...nothing, alreadyThere: 1 }));
  for (const lie of [{ size: 6 }, { tree_hash: hash('c') }]) {
    const outcome = await importText(into, await jsonOf(archiveRow(lie)));
    expect(outcome).toMatchObject({ value: { alreadyThere: 0, problemCount: 1, problems: [{ line: 2 }] } });
  }
  expect(rowsOf(into.db)).toMatchObject([archiveRow()]);
});

test('what was imported is in the journal, so that it survives the loss of the database', async () => {
  const into = openCatalogue();
  const told = { account_id: account.id, size: 7_684_356, tree_hash: hash('1') };
  into.catalogue.insert(archiveRow({ ...told, path: null, archive_id: archiveId('one') }), null);
  await compareWithJournal(into.db, into.journal);
  expect(await importText(into, mtJournal)).toMatchObject({ value: { added: 2, completed: 1 } });
  await compareWithJournal(into.db, into.journal);
  const rebuilt = emptyCatalogue();
  const records = [...into.journal.records()].filter((record) => record !== null);
  await rebuildCatalogue(rebuilt.db, records);
  expect(facts(rowsOf(rebuilt.db))).toEqual(facts(rowsOf(into.db)));
});

test('an import goes on when the journal cannot be written, whose lines follow later', async () => {
  const into = openCatalogue();
  mkdirSync(join(into.folder, 'archives.jsonl'));
  expect(await importText(into, mtJournal)).toMatchObject({ value: { added: 3 } });
  expect(into.log).toEqual(['journal of archives not written']);
  rmdirSync(join(into.folder, 'archives.jsonl'));
  into.recorder.close();
  expect([...into.journal.records()]).toHaveLength(3);
});

test('two imports at the same time do not disturb each other', async () => {
  const into = openCatalogue();
  const outcomes = await Promise.all([importText(into, mtJournal), importText(into, mtJournal)]);
  expect(outcomes).toMatchObject([{ value: { deleted: 1 } }, { value: { deleted: 1 } }]);
  expect(into.catalogue.count()).toBe(3);
});

test.each([
  ['{"format":"firn-catalogue","version":2}\n', /newer Firn/],
  ['just some text\n', /nothing that Firn can import/],
  ['', /nothing that Firn can import/],
  ['name,size\na,1\n', /nothing that Firn can import/],
])('%j is not imported, and it is said why', async (text, why) => {
  const outcome = await importText(openCatalogue(), text);
  expect(outcome).toMatchObject({ ok: false, failure: { kind: 'invalid-input' } });
  if (!outcome.ok && outcome.failure.kind === 'invalid-input') expect(outcome.failure.detail).toMatch(why);
});

test('a file that is not there is told in a sentence', async () => {
  const outcome = await importFile(openCatalogue(), '/nowhere/at/all');
  expect(outcome).toMatchObject({ failure: { detail: '/nowhere/at/all cannot be read (ENOENT).' } });
});

test.each([
  [{ vault: '../../x' }, 'its vault has a name that Glacier does not allow'],
  [{ archive_id: '../../x' as never }, 'it has no archive ID'],
  [{ region: 'evil.example/' }, 'its region has a name that Amazon does not have'],
  [{ path: 'x'.repeat(40_000) }, 'its path is too long'],
  [{ description: 'x'.repeat(5000) }, 'one of its fields is too long'],
])('an archive with %o is left out', async (change, reason) => {
  const into = openCatalogue();
  const outcome = await importText(into, await jsonOf(archiveRow(change)));
  expect(outcome).toEqual(ok({ ...nothing, problemCount: 1, problems: [{ line: 2, reason }] }));
  expect(into.catalogue.count()).toBe(0);
});

test('a quote without its fellow costs one row, not the rest of the file', async () => {
  const row = (name: string, path: string): string =>
    `${archiveId(name)},${path},5,${hash('1')},2013-01-02T03:04:05Z\r\n`;
  const others = Array.from({ length: 500 }, (_, index) => row(`n${index}`, 'a.raw')).join('');
  const text = `Archive ID,Path,Size,TreeHash,Created\r\n${row('bad', '"open')}${others}`;
  const into = openCatalogue();
  const problems = [{ line: 2, reason: 'it is no row of CSV' }];
  expect(await importText(into, text)).toEqual(ok({ ...nothing, added: 500, problemCount: 1, problems }));
});

test('a line without end is told, and the lines after it are read', async () => {
  const [head = '', line = ''] = (await jsonOf(archiveRow())).split('\n');
  const into = openCatalogue();
  const outcome = await importText(into, `${head}\n${'x'.repeat(3_000_000)}\n${line}\n`);
  const problems = [{ line: 2, reason: 'it is too long' }];
  expect(outcome).toEqual(ok({ ...nothing, added: 1, problemCount: 1, problems }));
});

test('garbage after a good beginning never throws, and adds nothing that is no archive', async () => {
  const beginnings = [
    '{"format":"firn-catalogue","version":1}\n',
    `${mtJournal}\n`,
    'ArchiveId,ArchiveDescription,Size\n',
  ];
  const garbage = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.constantFrom('"', ',', '\n', '\u0000', '{'));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...beginnings), fc.array(garbage), async (beginning, pieces) => {
      const into = openCatalogue();
      const outcome = await importText(into, beginning + pieces.join(''));
      expect(outcome.ok).toBe(true);
      expect(into.catalogue.count()).toBeLessThanOrEqual(3);
    }),
    { numRuns: 60 },
  );
});

test('an old export does not bring back what was deleted since', async () => {
  const catalogue = filled();
  const file = await exportOf(catalogue, 'json');
  catalogue.catalogue.remove(account.id, 'photos', archiveId('-2'), 7);
  expect(await importFile(catalogue, file)).toEqual(ok({ ...nothing, alreadyThere: rows.length - 1, deleted: 1 }));
  expect(rowsOf(catalogue.db)).toHaveLength(rows.length - 1);
});

test('a compressed export is read as the export itself, and one that is cut off is refused in words', async () => {
  const from = openCatalogue();
  for (let index = 0; index < 2000; index += 1) {
    from.catalogue.insert(archiveRow({ archive_id: archiveId(`n${index}`), path: `/photos/${index}.raw` }), null);
  }
  const compressed = gzipSync(readFileSync(await exportOf(from, 'json')));
  const whole = openCatalogue();
  expect(await importText(whole, compressed)).toMatchObject({ ok: true, value: { added: 2000 } });
  const torn = openCatalogue();
  const outcome = await importText(torn, compressed.subarray(0, compressed.length - 100));
  expect(outcome).toMatchObject({ ok: false, failure: { kind: 'invalid-input' } });
  expect(JSON.stringify(outcome)).toContain('damaged or cut off');
  expect(rowsOf(torn.db)).toEqual([]);
});

test('an account that a file tells of gets no endpoint, and none of its credentials, before somebody confirms it', async () => {
  const before = openCatalogue();
  const endpointUrl = 'https://collector.example';
  before.accounts.put({ ...account, endpointUrl }, null, 1);
  before.catalogue.insert(archiveRow({ location: '/111122223333/vaults/photos/archives/a' }), null);
  for (const format of ['json', 'csv'] as const) {
    const after = emptyCatalogue();
    await importFile(after, await exportOf(before, format));
    const imported = { kind: 'imported', source: account.source, endpointUrl };
    expect(after.accounts.list()).toEqual([
      { ...account, source: imported, endpointUrl: null, number: '111122223333' },
    ]);
  }
});

test('an account whose id in the file is none of Firn’s gets one that can be confirmed, always the same', async () => {
  const before = openCatalogue();
  before.catalogue.insert(archiveRow({}), null);
  const file = await exportOf(before, 'json');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(account.id, 'studio'));
  const [one, other] = [emptyCatalogue(), emptyCatalogue()];
  for (const into of [one, one, other]) await importFile(into, file);
  const [restored, ...more] = one.accounts.list();
  expect(more).toEqual([]);
  expect(other.accounts.list()).toMatchObject([{ id: restored?.id }]);
  expect(rowsOf(one.db).map(({ account_id }) => account_id)).toEqual([restored?.id]);
  const confirmation = { id: restored?.id, endpointUrl: null, keys: null, mfaCode: null };
  expect(inputs['accounts:confirm'].safeParse(confirmation)).toMatchObject({ success: true });
});

test('archives belong to the account of their AWS account number, and never to one of another', async () => {
  const from = openCatalogue();
  from.catalogue.insert(archiveRow({ location: '/444455556666/vaults/photos/archives/a' }), null);
  const file = await exportOf(from, 'json');
  const [same, other] = [emptyCatalogue(), emptyCatalogue()];
  const mine = { ...account, source: { kind: 'profile', profile: 'work' } as const };
  same.accounts.put({ ...mine, id: 'mine' as never, number: '444455556666' }, null, 1);
  // The same id and the same kind of credentials, as "the default profile" is on every computer.
  other.accounts.put({ ...account, number: '111122223333' }, null, 1);
  for (const into of [same, other]) await importFile(into, file);
  expect(rowsOf(same.db).map(({ account_id }) => account_id)).toEqual(['mine']);
  expect(rowsOf(other.db).map(({ account_id }) => account_id)).not.toContain(account.id);
  expect(other.accounts.list()).toMatchObject([
    { id: account.id },
    { number: '444455556666', source: { kind: 'imported' } },
  ]);
});

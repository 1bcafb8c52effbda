import { existsSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ArchiveChoice } from '../../shared/archive.ts';
import type { ExportFormat } from '../../shared/catalogue-exchange.ts';
import { exportCatalogue, exportToFile } from '../../main/catalogue/export.ts';
import { writeNewFile } from '../../main/files/new-file.ts';
import { readRecord } from '../../main/store/archive-record.ts';
import type { ArchiveRow } from '../../main/store/archive-row.ts';
import { archiveId, archiveRow, everything, openCatalogue } from '../support/catalogue.ts';
import { oddlyAsync } from '../support/odd-file-system.ts';
import { account, hash } from '../support/store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const exportedAt = Date.UTC(2026, 0, 2, 3, 4, 5);

async function exported(format: ExportFormat, rows: Partial<ArchiveRow>[], choice: ArchiveChoice = everything) {
  const { db, catalogue } = openCatalogue();
  for (const [index, row] of rows.entries()) {
    catalogue.insert(archiveRow({ archive_id: archiveId(String(index)), ...row }), null);
  }
  const chunks: Buffer[] = [];
  const sum = await exportCatalogue(db, { choice, format, exportedAt }, (chunk) => {
    chunks.push(chunk);
    return Promise.resolve();
  });
  return { sum, text: Buffer.concat(chunks).toString('utf8') };
}

test('CSV has a header, CRLF, quotes, and times to the nanosecond', async () => {
  const { sum, text } = await exported('csv', [
    { path: '/photos/a "quoted", name\nof two lines.raw', modified_ns: '-1', archive_id: archiveId('one') },
  ]);
  expect(text).toBe(
    '\ufeffvault,path,size,modified_at,stored_at,archive_id,tree_hash,description,region,location,account_id,account_name,credentials,endpoint_url\r\n' +
      `"photos","/photos/a ""quoted"", name\nof two lines.raw",5,"1969-12-31T23:59:59.999999999Z","2023-11-14T22:15:00.000Z","${archiveId('one')}","${hash('b')}","a.raw","eu-central-1","/123456789012/vaults/photos/archives/${archiveId('one')}","${account.id}","Test","environment",\r\n`,
  );
  expect(sum).toEqual({ archives: 1, bytes: 5 });
});

test('a cell of CSV that a spreadsheet would take for a formula is marked as text', async () => {
  const names = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1', "'quoted'"];
  const { text } = await exported(
    'csv',
    names.map((path) => ({ path })),
  );
  for (const name of names) expect(text).toContain(`,"'${name}"`.slice(1));
  expect(text).not.toMatch(/(^|,)"[=+\-@\t\r＝]/m);
  const { text: ids } = await exported('csv', [{ archive_id: archiveId('-1') }]);
  expect(ids).toContain(`"'${archiveId('-1')}"`);
});

test('JSON has a line about itself and then the lines of the journal', async () => {
  const { text } = await exported('json', [{}, { path: null, modified_ns: null, account_id: 'gone' as never }]);
  const [first = '', second = '', third = '', ...rest] = text.split('\n');
  expect(JSON.parse(first)).toEqual({ format: 'firn-catalogue', version: 1, exportedAt: '2026-01-02T03:04:05.000Z' });
  expect(readRecord(second)).toMatchObject({ path: null, modifiedNs: null, account: { id: 'gone', source: null } });
  expect(readRecord(third)).toMatchObject({
    event: 'stored',
    at: 1_700_000_100_000,
    path: '/photos/a.raw',
    size: 5,
    modifiedNs: '1700000000123456789',
    account: { id: account.id, name: 'Test', source: { kind: 'environment' } },
  });
  expect(rest).toEqual(['']);
});

test('the record to print has what fetches an archive and proves it, and lets no name become markup', async () => {
  const { text } = await exported('html', [
    {
      path: '/a/<script>alert("x")</script>&amp;\u0000\u202e.raw',
      vault: 'photos',
      size: 123_456_789,
      archive_id: archiveId('one'),
    },
    { path: null, description: '<img src=x onerror=alert(1)>', modified_ns: null },
  ]);
  const bodyOf = text.slice(text.indexOf('<body>'));
  expect(bodyOf).toContain('<bdi>/a/&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;amp;\\u0000\u202e.raw</bdi>');
  expect(bodyOf).toContain('<code>&lt;img src=x onerror=alert(1)&gt;</code>');
  expect(bodyOf).not.toMatch(/<(script|img)/);
  expect(bodyOf).toContain(`<code>${archiveId('one')}</code>`);
  expect(bodyOf).toContain(hash('b'));
  expect(bodyOf).toContain('118 MiB (123,456,789 bytes)');
  expect(bodyOf).toContain('2023-11-14 22:15:00 UTC');
  expect(bodyOf).toContain('Test, 123456789012');
  expect(bodyOf).toContain('End of the record: 2 archives');
  expect(text).toMatch(/@page \{ size: A4/);
  expect(text).toContain('break-inside: avoid');
  expect(text).not.toMatch(/(src|href)=["']?http/);
});

test('only what matches the search and the vault is exported', async () => {
  const rows = [
    { path: '/photos/Weddings/1.raw' },
    { path: '/photos/2.raw' },
    { path: '/other/Weddings/3.raw', vault: 'other' },
  ];
  const found = await exported('json', rows, { ...everything, text: 'wedding', vault: 'photos' });
  expect(found.sum.archives).toBe(1);
  expect(found.text).toContain('/photos/Weddings/1.raw');
  const nothing = await exported('csv', rows, { ...everything, text: 'nothing like it' });
  expect(nothing.text.split('\r\n')).toHaveLength(2);
});

test('a file has its name only when it is whole, and none is written over', async () => {
  const { db, catalogue, folder } = openCatalogue();
  catalogue.insert(archiveRow(), null);
  const options = { choice: everything, format: 'json', exportedAt } as const;
  const file = join(folder, 'export.json');
  expect(await exportToFile(db, options, file)).toEqual({ ok: true, value: { archives: 1, bytes: 5 } });
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3);
  writeFileSync(file, 'mine');
  expect(await exportToFile(db, options, file)).toMatchObject({ ok: false, failure: { kind: 'invalid-input' } });
  expect(readFileSync(file, 'utf8')).toBe('mine');
  expect(readdirSync(folder)).toEqual(['export.json']);
});

test('a folder that is not there is told in a sentence', async () => {
  const { db, folder } = openCatalogue();
  const file = join(folder, 'nowhere', 'export.csv');
  const outcome = await exportToFile(db, { choice: everything, format: 'csv', exportedAt }, file);
  expect(outcome).toMatchObject({ ok: false, failure: { detail: `${file} cannot be written (ENOENT).` } });
  expect(existsSync(join(folder, 'nowhere'))).toBe(false);
});

test('a link that somebody planted is not followed, and a file of the user’s beside it stays as it is', async () => {
  const { db, folder } = openCatalogue();
  const file = join(folder, 'export.csv');
  const precious = join(folder, 'precious');
  writeFileSync(precious, 'mine');
  symlinkSync(precious, `${file}.partial`);
  const written = await exportToFile(db, { choice: everything, format: 'csv', exportedAt }, file);
  expect(written).toMatchObject({ ok: true });
  expect(readFileSync(precious, 'utf8')).toBe('mine');
  expect(readdirSync(folder).sort()).toEqual(['export.csv', 'export.csv.partial', 'precious']);
});

test.each(['file', 'dangling link'])(
  'what has the name already, be it a %s, is neither replaced nor followed',
  async (what) => {
    const { db, folder } = openCatalogue();
    const file = join(folder, 'export.csv');
    if (what === 'file') writeFileSync(file, 'mine');
    else symlinkSync(join(folder, 'elsewhere'), file);
    const written = await exportToFile(db, { choice: everything, format: 'csv', exportedAt }, file);
    expect(written).toMatchObject({ failure: { detail: `${file} exists already. Firn does not write over it.` } });
    expect(readdirSync(folder)).toEqual(['export.csv']);
    if (what === 'file') expect(readFileSync(file, 'utf8')).toBe('mine');
  },
);

test.each([
  ['a drive with links', false],
  ['a drive without links', true],
])('a file that takes the name while the export is written is not replaced on %s', async (_, isOdd) => {
  const folder = temporaryFolder();
  const file = join(folder, 'export.csv');
  oddlyAsync('link', 'EPERM', () => isOdd);
  const writing = writeNewFile(file, async (handle) => {
    await handle.writeFile('export');
    writeFileSync(file, 'mine');
  });
  await expect(writing).rejects.toThrow('EEXIST');
  expect(readFileSync(file, 'utf8')).toBe('mine');
  expect(readdirSync(folder)).toEqual(['export.csv']);
  await writeNewFile(join(folder, 'other.csv'), (handle) => handle.writeFile('export'));
  expect(readFileSync(join(folder, 'other.csv'), 'utf8')).toBe('export');
  expect(readdirSync(folder).sort()).toEqual(['export.csv', 'other.csv']);
});

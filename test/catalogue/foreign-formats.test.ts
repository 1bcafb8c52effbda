import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { accountFor } from '../../main/catalogue/account-matching.ts';
import type { Owner } from '../../main/catalogue/entry.ts';
import { importCatalogue } from '../../main/catalogue/import.ts';
import type { ArchiveRow } from '../../main/store/archive-row.ts';
import type { Imported } from '../../shared/catalogue-exchange.ts';
import { readDescription } from '../../shared/description.ts';
import { type Result, ok } from '../../shared/result.ts';
import { archiveId, archiveRow, openCatalogue, rowsOf } from '../support/catalogue.ts';
import { hash } from '../support/store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

type Catalogue = ReturnType<typeof openCatalogue>;

const sample = (name: string): string => fileURLToPath(new URL(`samples/${name}`, import.meta.url));
const owner = (region: string, vault: string | null): Owner => ({
  account: accountFor('environment', { kind: 'environment' }, null),
  region,
  vault,
});

function bring(into: Catalogue, file: string, whose: Owner): Promise<Result<Imported>> {
  const { db, recorder } = into;
  return importCatalogue(db, file, { recorder, now: 1, home: () => Promise.resolve(ok(whose)) });
}

function fileWith(content: string | Buffer): string {
  const file = join(temporaryFolder(), 'list');
  writeFileSync(file, content);
  return file;
}

const facts = (rows: ArchiveRow[]): unknown[] =>
  rows
    .map(({ archive_id, path, size, tree_hash, description, stored_at, modified_ns, vault, region }) => {
      return { archive_id, path, size, tree_hash, description, stored_at, modified_ns, vault, region };
    })
    .sort((a, b) => a.size - b.size || (a.archive_id < b.archive_id ? -1 : 1));

const inventoryNames = readFileSync(sample('descriptions.tsv'), 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t'))
  .map(([size = '', description = '']) => ({ size: Number(size), description }));

describe('an inventory of a vault', () => {
  test.each([
    ['as the AWS CLI saves it', 'awscli-output.json', null],
    ['as jq sets its lines', 'awscli-output-jq.json', null],
    ['in Glacier’s CSV', 'glacier-inventory.csv', 'photos'],
    ['in the JSON of glacier-cmd', 'glacier-cmd-inventory.json', 'photos'],
    ['in the CSV of glacier-cmd', 'glacier-cmd-inventory.csv', 'photos'],
  ])('%s brings all its archives, with descriptions as they are', async (_, name, vault) => {
    const into = openCatalogue();
    const outcome = await bring(into, sample(name), owner('us-east-1', vault));
    expect(outcome).toMatchObject({ ok: true, value: { added: 16, problemCount: 0, windows1252: 0 } });
    const rows = rowsOf(into.db);
    expect(rows.every((row) => row.vault === 'photos' && row.region === 'us-east-1')).toBe(true);
    const bySize = new Map(rows.map((row) => [row.size, row]));
    for (const { size, description } of inventoryNames) {
      expect(bySize.get(size)?.description.trim(), `${size}`).toBe(description.trim());
      expect(bySize.get(size)?.path).toBe(readDescription(description)?.path ?? null);
    }
    expect(await bring(into, sample(name), owner('us-east-1', vault))).toMatchObject({ value: { alreadyThere: 16 } });
  });

  test('says the same in all these forms', async () => {
    const forms = ['awscli-output.json', 'awscli-output-jq.json', 'glacier-inventory.csv'];
    const read = forms.map(async (name) => {
      const into = openCatalogue();
      await bring(into, sample(name), owner('us-east-1', 'photos'));
      return facts(rowsOf(into.db));
    });
    const [one, ...others] = await Promise.all(read);
    for (const other of others) expect(other).toEqual(one);
  });

  test('names its place: Amazon’s account number is kept with each archive', async () => {
    const into = openCatalogue();
    await bring(into, sample('awscli-output.json'), owner('us-east-1', null));
    for (const { location, archive_id } of rowsOf(into.db)) {
      expect(location).toBe(`/111122223333/vaults/photos/archives/${archive_id}`);
    }
  });

  test.each([
    ['another vault', owner('us-east-1', 'scans'), /is the inventory of the vault "photos", not of "scans"/],
    ['another region', owner('eu-west-1', null), /is of a vault in us-east-1, and the account is for eu-west-1/],
  ])('is not imported into %s than it names', async (_, whose, why) => {
    const into = openCatalogue();
    const outcome = await bring(into, sample('awscli-output.json'), whose);
    expect(outcome).toMatchObject({
      ok: false,
      failure: { kind: 'invalid-input', detail: expect.stringMatching(why) as string },
    });
    expect(into.catalogue.count()).toBe(0);
  });

  test('tells its vault also at its end, and may be in UTF-16 with a byte order mark', async () => {
    const { VaultARN, ...rest } = JSON.parse(readFileSync(sample('awscli-output.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    const text = JSON.stringify({ ...rest, VaultARN }, null, 2);
    for (const bytes of [Buffer.from(`\ufeff${text}`), Buffer.from(`\ufeff${text}`, 'utf16le')]) {
      const into = openCatalogue();
      expect(await bring(into, fileWith(bytes), owner('us-east-1', null))).toMatchObject({ value: { added: 16 } });
      expect(rowsOf(into.db)[0]?.vault).toBe('photos');
    }
  });

  test('that is cut off is refused, and nothing is added', async () => {
    const text = readFileSync(sample('awscli-output.json'), 'utf8');
    for (const length of [text.length - 1, text.length - 300, 1000]) {
      const into = openCatalogue();
      const outcome = await bring(into, fileWith(text.slice(0, length)), owner('us-east-1', null));
      expect(outcome).toMatchObject({
        ok: false,
        failure: { detail: expect.stringContaining('not the whole of an inventory') as string },
      });
      expect(into.catalogue.count()).toBe(0);
    }
  });

  test('has odd entries, which are told by their number and passed over', async () => {
    const document = JSON.parse(readFileSync(sample('awscli-output.json'), 'utf8')) as {
      ArchiveList: Record<string, unknown>[];
    };
    Object.assign(document.ArchiveList[1] ?? {}, { Size: '1,23E+11' });
    const outcome = await bring(openCatalogue(), fileWith(JSON.stringify(document)), owner('us-east-1', null));
    const problems = [{ line: 2, reason: 'it does not tell of an archive' }];
    expect(outcome).toMatchObject({ value: { added: 15, countedBy: 'entry', problemCount: 1, problems } });
  });
});

const saguFiles = [
  ['/Users/studio/Pictures/2013 Weddings/Müller, Anna & Tom.zip', 734_003_200, Date.UTC(2012, 8, 24, 11, 55, 1)],
  ['C:\\Bilder\\2014\\IMG "best" 0001.cr2', 25_165_824, Date.UTC(2015, 9, 13, 8, 2, 44)],
] as const;

describe('a log of SAGU', () => {
  test.each([
    ['its CSV, in Windows-1252', 'sagu-Glacier.csv', 2],
    ['the CSV of version 0.74, in which nothing is quoted', 'sagu-0.74-Glacier.csv', 0],
    ['its log', 'sagu-Glacier.log', 0],
    ['its YAML', 'sagu-Glacier.yaml', 0],
  ])('%s brings names, sizes, hashes, vaults and dates', async (_, name, windows1252) => {
    const into = openCatalogue();
    const elsewhere = 'it is in sa-east-1, and the account is for eu-west-1';
    const outcome = await bring(into, sample(name), owner('eu-west-1', null));
    expect(outcome).toMatchObject({
      value: { added: 2, problemCount: 1, windows1252, problems: [{ reason: elsewhere }] },
    });
    const rows = facts(rowsOf(into.db)) as ArchiveRow[];
    expect(rows.map((row) => [row.path, row.size, row.stored_at])).toEqual([...saguFiles].reverse());
    expect(rows.map((row) => row.vault)).toEqual(['photos', 'photos']);
    const other = await bring(into, sample(name), owner('sa-east-1', null));
    expect(other).toMatchObject({ value: { added: 1, problemCount: 2 } });
    const [scan] = rowsOf(into.db);
    expect(scan).toMatchObject({ path: '/home/studio/scans/a.tif', vault: 'scans.2015', region: 'sa-east-1' });
    expect(scan?.stored_at).toBe(Date.UTC(2020, 8, 21, 23, 15, 33));
  });
});

const umlauts = 'Übung/Straße – “Ärger”.jpg';

describe('a list of a spreadsheet', () => {
  test('in Windows-1252 keeps its letters, and sizes that the spreadsheet made into something else are told', async () => {
    const into = openCatalogue();
    expect(await bring(into, sample('excel-list-cp1252.csv'), owner('eu-central-1', null))).toEqual(
      ok({
        ...{ added: 1, completed: 0, alreadyThere: 0, deleted: 0, windows1252: 2, countedBy: 'line', problemCount: 2 },
        problems: [
          { line: 3, reason: '"1,23457E+11" is no size in bytes' },
          { line: 4, reason: '"25.165.824" is no size in bytes' },
        ],
      }),
    );
    expect(rowsOf(into.db)).toMatchObject([{ path: umlauts, size: 1_234_567 }]);
  });

  test('begins with a line that names its separator', async () => {
    const into = openCatalogue();
    const outcome = await bring(into, sample('excel-list-sep-line.csv'), owner('eu-central-1', null));
    expect(outcome).toMatchObject({ value: { added: 3, problemCount: 0 } });
    expect(rowsOf(into.db).map((row) => row.path)).toEqual(['x/café.cr2', 'big/archive.tar', umlauts]);
  });

  test.each([
    [
      'UTF-16 of either order, with a byte order mark',
      (text: string) => [utf16(text, 'le', true), utf16(text, 'be', true)],
    ],
    ['UTF-16 of either order, without one', (text: string) => [utf16(text, 'le', false), utf16(text, 'be', false)]],
    ['UTF-8 with a byte order mark', (text: string) => [Buffer.from(`\ufeff${text}`)]],
  ])('is read in %s', async (_, encoded) => {
    for (const bytes of encoded(readFileSync(sample('excel-list-sep-line.csv'), 'utf8'))) {
      const into = openCatalogue();
      const outcome = await bring(into, fileWith(bytes), owner('eu-central-1', null));
      expect(outcome).toMatchObject({ value: { added: 3, windows1252: 0 } });
      expect(rowsOf(into.db)[2]?.path).toBe(umlauts);
    }
  });

  test('has each line in the character set that it is in', async () => {
    const head = 'Archive ID;File name;Size;Tree hash;Upload date;Vault\n';
    const line = (id: string, path: string): string => `${archiveId(id)};${path};5;${hash('1')};2013-01-02;photos\n`;
    const bytes = Buffer.concat([
      Buffer.from(head + line('1', 'Ü in UTF-8')),
      Buffer.from(line('2', 'Ü in Windows'), 'latin1'),
    ]);
    const into = openCatalogue();
    expect(await bring(into, fileWith(bytes), owner('eu-central-1', null))).toMatchObject({
      value: { added: 2, windows1252: 1 },
    });
    expect(rowsOf(into.db).map((row) => row.path)).toEqual(['Ü in Windows', 'Ü in UTF-8']);
  });
});

describe('a name', () => {
  test('that stands damaged in the catalogue is mended by a better list', async () => {
    const into = openCatalogue();
    const row = archiveRow({ path: '\ufffdbung/Stra\ufffde.jpg', told_by: 'import', archive_id: archiveId('one') });
    into.catalogue.insert(row, null);
    const list = (path: string): string => fileWith(`Archive ID,Path\n${archiveId('one')},${path}\n`);
    expect(await bring(into, list('Urlaub/Strand.jpg'), owner(row.region, row.vault))).toMatchObject({
      value: { alreadyThere: 1 },
    });
    expect(await bring(into, list('Übung/Straße.jpg'), owner(row.region, row.vault))).toMatchObject({
      value: { completed: 1 },
    });
    expect(rowsOf(into.db)).toMatchObject([{ path: 'Übung/Straße.jpg' }]);
  });

  test('in a damaged line of Firn’s own is told and left out, never guessed', async () => {
    const line = Buffer.concat([
      Buffer.from('{"format":"firn-catalogue","version":1}\n{"path":"/r'),
      Buffer.from([0xe4, 0x22, 0x7d]),
    ]);
    const into = openCatalogue();
    const outcome = await bring(into, fileWith(line), owner('eu-central-1', null));
    expect(outcome).toMatchObject({ value: { added: 0, problems: [{ line: 2, reason: 'it is no text in UTF-8' }] } });
  });
});

function utf16(text: string, order: 'le' | 'be', hasMark: boolean): Buffer {
  const bytes = Buffer.from(hasMark ? `\ufeff${text}` : text, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
}

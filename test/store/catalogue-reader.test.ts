import { everyArchive } from '../../shared/archive.ts';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { CatalogueReader } from '../../main/store/catalogue-reader.ts';
import { CatalogueStore } from '../../main/store/catalogue.ts';
import { isDatabaseDamaged, openDatabase } from '../../main/store/database.ts';
import { archiveId, archiveRow } from '../support/catalogue.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const threadFile = fileURLToPath(new URL('../../out/main/reader-thread.js', import.meta.url));
const filter = { ...everyArchive, text: 'raw' };
const query = { ...filter, offset: 0, limit: 100 };

function open() {
  const file = join(temporaryFolder(), 'firn.db');
  const db = openDatabase(file);
  const reader = new CatalogueReader(threadFile, file);
  onTestFinished(async () => {
    await reader.close();
    db.close();
  });
  const catalogue = new CatalogueStore(db);
  const add = (name: string): void => {
    catalogue.insert(archiveRow({ archive_id: archiveId(name), path: `/photos/${name}.raw` }), null);
  };
  return { db, reader, catalogue, add };
}

test('a question is answered as the catalogue itself would, with all that was committed before it', async () => {
  const { reader, catalogue, add } = open();
  for (const name of ['one', 'two', 'three']) {
    add(name);
    const page = await reader.ask('search', query);
    expect(page).toEqual(catalogue.search(query));
    expect(page.items[0]?.path).toBe(`/photos/${name}.raw`);
  }
  const all = { kind: 'matching', ...filter, except: [] } as const;
  expect(await reader.ask('sum', all)).toEqual(catalogue.sum(all));
  expect(await reader.ask('between', filter, 1, 2)).toEqual({ ok: true, value: [1, 2] });
});

test('many questions at once are each answered', async () => {
  const { reader, add } = open();
  add('one');
  add('two');
  const texts = ['one', 'two', 'raw', 'nothing'];
  const pages = await Promise.all(texts.map((text) => reader.ask('search', { ...query, text })));
  expect(pages.map(({ total }) => total)).toEqual([1, 1, 2, 0]);
});

test('damage is told as damage, and the next question is answered', async () => {
  const { db, reader, add } = open();
  add('one');
  db.unsafeMode().exec(`UPDATE archive_text_data SET block = x'00' WHERE id > 10`);
  const asked = await reader.ask('search', query).catch((error: unknown) => error);
  expect(isDatabaseDamaged(asked)).toBe(true);
  expect(await reader.ask('search', { ...query, text: '' })).toMatchObject({ total: 1 });
});

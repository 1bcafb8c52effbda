import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { JOURNAL_FILE } from '../../main/store/archive-journal.ts';
import { readRecord, writeRecord } from '../../main/store/archive-record.ts';
import { recordOf } from '../../main/store/archive-recorder.ts';
import { openDatabase } from '../../main/store/database.ts';
import { compareWithJournal } from '../../main/store/journal-comparison.ts';
import { archiveId, archiveRow, openCatalogue } from '../support/catalogue.ts';
import { oddly } from '../support/odd-file-system.ts';
import { DataFolder, pathsOf, store } from '../support/records.ts';

/** In the year 300,000, which no date of JavaScript reaches. */
const NEVER_NS = '9404000000000000000000';

test('an archive whose file is from the year 300,000 is a line like any other, and can be read back', () => {
  const { db } = openCatalogue();
  const row = {
    ...archiveRow({ modified_ns: NEVER_NS, stored_at: 400_000_000_000_000 }),
    ...{ is_folder: 0, compressed: 0, encrypted: 0, original_size: null },
    id: 1,
    listed_at: null,
    missing_at: null,
    differs: null,
  };
  const line = writeRecord(recordOf(db, row));
  expect(JSON.parse(line)).toMatchObject({ modifiedAt: '9999-12-31T23:59:59.999Z', modifiedNs: NEVER_NS });
  expect(readRecord(line)).toMatchObject({ modifiedNs: NEVER_NS, at: Date.parse('9999-12-31T23:59:59.999Z') });
});

test('a record that cannot be written is set aside and told, and later lines go on', async () => {
  const folder = new DataFolder();
  const life = await folder.begin();
  life.catalogue.insert(archiveRow({ archive_id: archiveId('odd'), path: '/odd', modified_ns: 'some day' }), null);
  store(life, '/later');
  expect(folder.lines()).toMatchObject([{ path: '/later' }]);
  expect(life.notices.list()).toMatchObject([{ kind: 'archives-unwritten', archives: 1, first: '/odd' }]);
  await life.records.close();
  const next = await folder.open();
  expect(next.notices.list()).toHaveLength(1);
  expect(next.db.prepare('SELECT path FROM archive ORDER BY id').pluck().all()).toEqual(['/odd', '/later']);
});

test('a journal that is written anew has all but what cannot be written', async () => {
  const { db, catalogue, journal, folder } = openCatalogue();
  catalogue.insert(archiveRow({ archive_id: archiveId('a'), path: '/a' }), null);
  catalogue.insert(archiveRow({ archive_id: archiveId('odd'), path: '/odd', modified_ns: 'some day' }), null);
  catalogue.insert(archiveRow({ archive_id: archiveId('b'), path: '/b' }), null);
  rmSync(join(folder, JOURNAL_FILE), { force: true });
  db.prepare('DELETE FROM journal_mark').run();
  expect(await compareWithJournal(db, journal)).toMatchObject({
    written: 3,
    unwritable: [{ record: { path: '/odd' } }],
  });
  expect([...journal.records()].map((record) => record?.path)).toEqual(['/a', '/b']);
});

test('a journal that could not be read at the start is not taken to agree when Firn ends', async () => {
  const folder = new DataFolder();
  store(await folder.begin(), '/a');
  // The line was written, and a crash came before the commit.
  const killed = folder.killed();
  const db = openDatabase(killed.file);
  db.exec('DELETE FROM catalogue');
  db.close();
  let isBad = true;
  oddly('readSync', 'EIO', () => isBad);
  const blind = await killed.open();
  expect(killed.saw('journal of archives not compared')).toBe(true);
  isBad = false;
  await blind.records.close();
  expect(pathsOf(await killed.open())).toEqual(['/a']);
});

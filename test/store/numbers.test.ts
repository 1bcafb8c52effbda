import { expect, test } from 'vitest';
import { archiveId, archiveRow, openCatalogue } from '../support/catalogue.ts';
import { DataFolder, archiveIdOf, pathsOf, store } from '../support/records.ts';
import { account } from '../support/store.ts';

test('the number of an archive that is gone is never given to another one', () => {
  const { catalogue, db } = openCatalogue();
  const add = (name: string): unknown => {
    catalogue.insert(archiveRow({ archive_id: archiveId(name) }), null);
    return db.prepare('SELECT id FROM archive WHERE archive_id = ?').pluck().get(archiveId(name));
  };
  expect(add('a')).toBe(1);
  catalogue.remove(account.id, 'photos', archiveId('a'), 1);
  expect(add('b')).toBe(2);
});

test('nor is it after the tables were copied out of a damaged database', async () => {
  const folder = new DataFolder();
  const life = await folder.begin();
  for (const path of ['/a', '/b', '/c']) store(life, path);
  life.catalogue.remove(account.id, 'photos', archiveIdOf('/c'), 9);
  await life.records.close();
  folder.damage('archive_text_data');
  const killed = folder.killed();
  const seen = await killed.open();
  seen.records.seeDamage('as a search would');
  await seen.records.close();
  const rescued = await killed.open();
  expect(rescued.notices.list()).toMatchObject([{ kind: 'search-rebuilt' }]);
  store(rescued, '/d');
  expect(pathsOf(rescued)).toHaveLength(3);
  expect(rescued.db.prepare('SELECT max(id) FROM archive').pluck().get()).toBe(4);
  expect(rescued.db.prepare(`SELECT count(*) FROM sqlite_sequence WHERE name = 'catalogue'`).pluck().get()).toBe(1);
});

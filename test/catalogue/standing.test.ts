import { expect, test } from 'vitest';
import { type Standing, STANDINGS, type ToldBy, standingOf, everyArchive } from '../../shared/archive.ts';
import { archiveId, archiveRow, openCatalogue } from '../support/catalogue.ts';
import { account, hash } from '../support/store.ts';

const ways: ToldBy[] = ['upload', 'import', 'inventory'];
const other = { size: 6, treeHash: hash('c') };
const all = everyArchive;

test('an archive stands as the catalogue and the newest inventory say together', () => {
  const uploaded = { toldBy: 'upload', listedAt: null, missingAt: null, differs: null } as const;
  const cases: [Partial<Parameters<typeof standingOf>[0]>, Standing][] = [
    [{}, 'awaiting-inventory'],
    [{ listedAt: 5 }, 'confirmed'],
    [{ listedAt: 5, toldBy: 'import' }, 'confirmed'],
    [{ listedAt: 5, toldBy: 'inventory' }, 'only-in-vault'],
    [{ listedAt: 5, differs: other }, 'differs'],
    [{ missingAt: 6 }, 'missing'],
    [{ listedAt: 5, differs: other, missingAt: 6 }, 'missing'],
  ];
  for (const [changes, standing] of cases) expect(standingOf({ ...uploaded, ...changes })).toBe(standing);
});

test('the catalogue finds archives by their standing, whatever it is made of', () => {
  const { catalogue, db } = openCatalogue();
  const change = db.prepare('UPDATE catalogue SET listed_at = ?, missing_at = ?, differs = ? WHERE archive_id = ?');
  for (const told_by of ways) {
    for (const listedAt of [null, 5]) {
      for (const missingAt of [null, 6]) {
        for (const differs of listedAt === null ? [null] : [null, JSON.stringify(other)]) {
          const id = archiveId(`${told_by}-${listedAt}-${missingAt}-${differs === null}`);
          catalogue.insert(archiveRow({ archive_id: id, told_by }), null);
          change.run(listedAt, missingAt, differs, id);
        }
      }
    }
  }
  const known = catalogue.search({ ...all, offset: 0, limit: 100 }).items;
  expect(known).toHaveLength(18);
  for (const standing of STANDINGS) {
    const found = catalogue.search({ ...all, standing, offset: 0, limit: 100 }).items;
    expect(found).toEqual(known.filter((archive) => standingOf(archive) === standing));
    expect(found.length).toBeGreaterThan(0);
    expect(catalogue.sum({ kind: 'matching', ...all, standing, except: [] }).count).toBe(found.length);
  }
});

test('what an inventory has said stays when a name is filled in; an import counts more than an inventory', () => {
  const { catalogue, db, journal } = openCatalogue();
  const row = archiveRow({ path: null, told_by: 'inventory' });
  catalogue.insert({ ...row, listed_at: 7 }, null);
  const find = () => catalogue.find(account.id, 'photos', row.archive_id);
  const known = find();
  const told = { path: '/photos/a.raw', modified_ns: null, description: '', location: '' };
  expect(known && catalogue.fillIn(known, { ...told, told_by: 'inventory' })).toBe(true);
  expect(find()).toMatchObject({ path: '/photos/a.raw', told_by: 'inventory', listed_at: 7 });
  const named = find();
  expect(named && catalogue.fillIn(named, { ...told, told_by: 'import' })).toBe(false);
  expect(find()).toMatchObject({ told_by: 'import', listed_at: 7 });
  expect(db.prepare('SELECT count(*) FROM archive').pluck().get()).toBe(1);
  expect(journal.size()).toBe(0);
});

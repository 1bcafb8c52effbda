import { beforeAll, describe, expect, test } from 'vitest';
import { CatalogueStore } from '../../main/store/catalogue.ts';
import { type Db, openDatabase } from '../../main/store/database.ts';
import { everyArchive } from '../../shared/archive.ts';
import type { TreeHash } from '../../shared/upload.ts';
import { archiveId, archiveRow } from '../support/catalogue.ts';

const nameOf = (form: 'NFC' | 'NFD'): string => `/photos/Öl ${form}/Räksmörgås.jpg`.normalize(form);
const treeHash = '0123456789abcdef'.repeat(4) as TreeHash;

let db: Db;
beforeAll(() => {
  db = openDatabase(':memory:');
  const catalogue = new CatalogueStore(db);
  for (const form of ['NFC', 'NFD'] as const) {
    catalogue.insert(archiveRow({ path: nameOf(form), archive_id: archiveId(form), description: '' }), null);
  }
  const other = { path: '/x/other.txt', archive_id: archiveId('KfgFoeOASl1YCJlS24'), tree_hash: treeHash };
  catalogue.insert(archiveRow({ ...other, description: '' }), null);
});

function found(text: string): string[] {
  const { items } = new CatalogueStore(db).search({ ...everyArchive, text, offset: 0, limit: 10 });
  return items.map(({ archiveId: id }) => id.replace(/x+$/, '')).sort();
}

describe('a search', () => {
  const both = ['NFC', 'NFD'];

  test.each(['Räksmörgås', 'räksmörgås', 'raksmorgas', 'SMÖRG', 'öl', 'ÖL', 'ol', 'rä'])(
    'for %s finds names with accents, however the system wrote them and however they are typed',
    (text) => {
      expect(found(text.normalize('NFC'))).toEqual(both);
      expect(found(text.normalize('NFD'))).toEqual(both);
    },
  );

  test.each([
    ['a piece of an archive ID', 'eOASl1YC'],
    ['a whole archive ID', archiveId('KfgFoeOASl1YCJlS24')],
    ['most of an archive ID', archiveId('KfgFoeOASl1YCJlS24').slice(0, 120)],
    ['a piece of a tree hash', '89abcdef0123'],
    ['a tree hash in large letters', treeHash.toUpperCase()],
    ['both a piece of it and a word of the name', 'other eOASl1YC'],
  ])('for %s finds the archive', (_, text) => {
    expect(found(text)).toEqual(['KfgFoeOASl1YCJlS24']);
  });

  test.each(['OASl1YCe', '89abcdef0124', 'rb', 'rå'])('for %s finds nothing', (text) => {
    expect(found(text)).toEqual(text === 'rå' ? both : []);
  });
});

import { everyArchive } from '../../shared/archive.ts';
import { expect, test } from 'vitest';
import type { MultipartUploadId } from '../../shared/upload.ts';
import { archiveId, archiveRow, openCatalogue, rowsOf } from '../support/catalogue.ts';
import { account, add, hash } from '../support/store.ts';

type Catalogue = ReturnType<typeof openCatalogue>;

function find({ catalogue }: Catalogue, text: string): number {
  return catalogue.search({ ...everyArchive, text, offset: 0, limit: 1 }).total;
}

test('what is filled in keeps the number of the archive and is found by the search', () => {
  const open = openCatalogue();
  const { db, catalogue } = open;
  const bare = archiveRow({ path: null, modified_ns: null, description: '', location: '' });
  catalogue.insert(bare, null);
  catalogue.insert(archiveRow({ archive_id: archiveId('newer'), path: '/photos/newer.raw' }), null);
  const known = catalogue.find(account.id, 'photos', bare.archive_id);
  const told = {
    path: '/photos/name.raw',
    modified_ns: '5',
    description: 'words',
    location: '/1/x',
    told_by: 'import',
  } as const;
  expect(known && catalogue.fillIn(known, told)).toBe(true);
  expect(rowsOf(db)[1]).toMatchObject({ ...bare, ...told, id: known?.id });
  expect([find(open, 'name.raw'), find(open, 'words')]).toEqual([1, 1]);
  const again = catalogue.find(account.id, 'photos', bare.archive_id);
  expect(again && catalogue.fillIn(again, { ...told, path: '/other', description: 'other' })).toBe(false);
  expect(find(open, 'other')).toBe(0);
});

test('an upload becomes an archive that an import has told of already', () => {
  const open = openCatalogue();
  const { catalogue, db, uploads } = open;
  const id = add(uploads, { path: '/photos/a.raw' });
  uploads.apply(id, { kind: 'multipart-initiated', multipartUploadId: 'm' as MultipartUploadId, at: 1 });
  uploads.apply(id, { kind: 'parts-uploaded', treeHash: hash('b'), at: 2 });
  catalogue.insert(archiveRow({ path: 'imported/a.raw', location: '' }), null);
  const place = { location: '/1/vaults/photos/archives/a', region: account.region, storedAt: 3 };
  uploads.apply(id, { kind: 'completed', archiveId: archiveId('a'), at: 3 }, place);
  expect(rowsOf(db)).toMatchObject([{ path: '/photos/a.raw', location: place.location, stored_at: 3 }]);
  expect([find(open, 'imported'), find(open, '/photos/')]).toEqual([0, 1]);
});

test('what was deleted is remembered, also when the catalogue never had it, until it is seen in the vault again', () => {
  const { catalogue } = openCatalogue();
  const known = archiveRow();
  const unknown = archiveId('never seen');
  catalogue.insert(known, null);
  expect(catalogue.deletedAt(account.id, 'photos', known.archive_id)).toBeNull();
  expect(catalogue.remove(account.id, 'photos', known.archive_id, 7)).not.toBeNull();
  expect(catalogue.remove(account.id, 'photos', unknown, 8)).toBeNull();
  expect(catalogue.deletedAt(account.id, 'photos', known.archive_id)).toBe(7);
  expect(catalogue.deletedAt(account.id, 'photos', unknown)).toBe(8);
  expect(catalogue.deletedAt(account.id, 'other', unknown)).toBeNull();
  catalogue.insert(known, null);
  expect(catalogue.deletedAt(account.id, 'photos', known.archive_id)).toBeNull();
});

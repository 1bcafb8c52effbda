import { describe, expect, test } from 'vitest';
import { type ArchiveChoice, MAX_CHOSEN_IDS, everyArchive } from '../../shared/archive.ts';
import { MiB } from '../../shared/units.ts';
import type { ArchiveId, MultipartUploadId } from '../../shared/upload.ts';
import { account, add, hash, newUpload, openStores } from '../support/store.ts';

type Stores = ReturnType<typeof openStores>;

function store({ uploads }: Stores, path: string, archiveId: string, vault = 'photos'): void {
  const id = add(uploads, { path, vault });
  uploads.apply(id, { kind: 'multipart-initiated', multipartUploadId: `m${archiveId}` as MultipartUploadId, at: 1 });
  uploads.apply(id, { kind: 'parts-uploaded', treeHash: hash('b'), at: 2 });
  const place = { location: `/1/vaults/${vault}/archives/${archiveId}`, region: 'eu-central-1', storedAt: 3 };
  uploads.apply(id, { kind: 'completed', archiveId: archiveId as ArchiveId, at: 3 }, place);
}

function found({ catalogue }: Stores, text: string, vault: string | null = null): (string | null)[] {
  return catalogue.search({ ...everyArchive, text, vault, offset: 0, limit: 10 }).items.map((archive) => archive.path);
}

test('search finds pieces of words, all of them, in any case and script, newest first', () => {
  const stores = openStores();
  store(stores, '/photos/Agátka ve školce .cr2', 'one');
  const id = 'two'.padEnd(138, '-_');
  store(stores, '/photos/Weddings 2025/img_001.raw', id);
  store(stores, '/photos/Weddings 2025/img_002.raw', 'three', 'weddings');
  expect(found(stores, '')).toHaveLength(3);
  expect(found(stores, 'wedding')).toEqual(['/photos/Weddings 2025/img_002.raw', '/photos/Weddings 2025/img_001.raw']);
  expect(found(stores, 'ŠKOL')).toEqual(['/photos/Agátka ve školce .cr2']);
  expect(found(stores, '2025 001')).toEqual(['/photos/Weddings 2025/img_001.raw']);
  expect(found(stores, 'img', 'weddings')).toEqual(['/photos/Weddings 2025/img_002.raw']);
  expect(found(stores, 've')).toEqual(['/photos/Agátka ve školce .cr2']);
  expect(found(stores, id)).toEqual(['/photos/Weddings 2025/img_001.raw']);
  expect(found(stores, `img ${id}`)).toEqual(['/photos/Weddings 2025/img_001.raw']);
  expect(found(stores, `cr2 ${id}`)).toEqual([]);
  expect(found(stores, 'nothing like it')).toEqual([]);
});

test('signs that mean something to SQL or to the index are just characters', () => {
  const stores = openStores();
  store(stores, '/photos/100% "quoted" OR NOT* _x.raw', 'one');
  store(stores, '/photos/plain.raw', 'two');
  expect(found(stores, '"quoted"')).toHaveLength(1);
  expect(found(stores, 'NOT*')).toHaveLength(1);
  expect(found(stores, '%')).toHaveLength(1);
  expect(found(stores, '_x')).toHaveLength(1);
  expect(found(stores, "'; DROP TABLE archive; --")).toHaveLength(0);
});

test('a file is looked for by its path in any spelling, and its size', () => {
  const stores = openStores();
  store(stores, '/photos/Ärger.raw', 'one');
  const { identity } = newUpload().source;
  const of = (path: string, vault = 'photos', size = identity.size) =>
    stores.archived.of(account.id, vault, { path, identity: { ...identity, size } }).map((file) => file.path);
  expect(of('/photos/Ärger.raw')).toEqual(['/photos/Ärger.raw']);
  expect(of('/PHOTOS/ärger.raw'.normalize('NFD'))).toEqual(['/photos/Ärger.raw']);
  expect(of('/photos/Ärger.raw', 'other')).toEqual([]);
  expect(of('/photos/Ärger.raw', 'photos', 5)).toEqual([]);
});

describe('a choice of archives', () => {
  const all: Extract<ArchiveChoice, { kind: 'matching' }> = { kind: 'matching', ...everyArchive, except: [] };
  const pathsOf = ({ catalogue }: Stores, choice: ArchiveChoice) =>
    [...catalogue.chosen(choice)].map(({ path }) => path);

  test('is numbers, or all that match but for a few, summed and gone through newest first', () => {
    const stores = openStores();
    for (const name of ['a', 'b', 'c']) store(stores, `/photos/${name}.raw`, name);
    store(stores, '/photos/d.raw', 'd', 'weddings');
    const [a, b, c, d] = [...stores.catalogue.chosen(all)].map(({ id }) => id).reverse();
    if (!a || !b || !c || !d) throw new Error('an archive is missing');
    const photos = { ...everyArchive, vault: 'photos' };
    expect(stores.catalogue.between(photos, d, b)).toEqual({ ok: true, value: [b, c] });
    expect(pathsOf(stores, { kind: 'ids', ids: [a, c, 999] })).toEqual(['/photos/c.raw', '/photos/a.raw']);
    expect(pathsOf(stores, { ...all, vault: 'photos', except: [b] })).toEqual(['/photos/c.raw', '/photos/a.raw']);
    expect(stores.catalogue.sum({ ...all, text: 'photos', except: [a] })).toEqual({ count: 3, bytes: 9 * MiB });
    expect(stores.catalogue.sum({ kind: 'ids', ids: [999] })).toEqual({ count: 0, bytes: 0 });
  });

  test('is settled at the beginning, and can be written to on the way', () => {
    const stores = openStores();
    for (let index = 0; index < 1200; index += 1) store(stores, `/photos/${index}.raw`, `archive-${index}`);
    let seen = 0;
    for (const { vault, archive_id } of stores.catalogue.chosen(all)) {
      if (seen === 0) store(stores, '/photos/late.raw', 'late');
      stores.catalogue.remove(account.id, vault, archive_id, 4);
      seen += 1;
    }
    expect(seen).toBe(1200);
    expect(found(stores, '')).toEqual(['/photos/late.raw']);
  });

  test('can be as many numbers as the contract lets through', () => {
    const stores = openStores();
    store(stores, '/photos/a.raw', 'a');
    const ids = Array.from({ length: MAX_CHOSEN_IDS }, (_, index) => index + 1);
    expect(stores.catalogue.sum({ kind: 'ids', ids })).toEqual({ count: 1, bytes: 3 * MiB });
    expect(stores.catalogue.sum({ ...all, except: ids })).toEqual({ count: 0, bytes: 0 });
  });
});

test('the archives of an account outlive it', () => {
  const stores = openStores();
  store(stores, '/photos/a.raw', 'one');
  expect(stores.accounts.remove(account.id)).toBe(true);
  expect(found(stores, '')).toEqual(['/photos/a.raw']);
});

test('an account with open uploads is not removed', () => {
  const stores = openStores();
  add(stores.uploads);
  expect(stores.accounts.remove(account.id)).toBe(false);
  expect(stores.accounts.get(account.id)).toEqual(account);
});

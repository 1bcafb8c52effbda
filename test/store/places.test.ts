import { expect, test } from 'vitest';
import { PlaceStore } from '../../main/store/places.ts';
import type { AccountId } from '../../shared/account.ts';
import { account, openStores } from '../support/store.ts';

const photos = { accountId: account.id, region: account.region, service: 'glacier', name: 'photos' } as const;
const raw = { ...photos, service: 's3', name: 'my-bucket', prefix: 'raw' } as const;

function openPlaces() {
  const stores = openStores();
  return { ...stores, places: new PlaceStore(stores.db) };
}

test('a place is made when it is first spoken of, and is the same ever after', () => {
  const { places } = openPlaces();
  expect(places.called(account.id, 'photos')).toBeNull();
  const made = places.getOrCreate(photos);
  expect(made).toEqual({ ...photos, id: made.id, accountNumber: null, storageClass: null });
  expect(places.getOrCreate(photos)).toEqual(made);
  expect(places.called(account.id, 'photos')).toEqual(made);
  expect(places.get(made.id)).toEqual(made);
});

test('another service, name, prefix or account is another place', () => {
  const { places } = openPlaces();
  const bucket = { ...photos, service: 's3', prefix: '' } as const;
  const other = 'another account' as AccountId;
  const all = [photos, { ...photos, accountId: other }, { ...photos, name: 'more' }, bucket, raw].map((place) =>
    places.getOrCreate(place),
  );
  expect(new Set(all.map(({ id }) => id)).size).toBe(5);
});

test('a bucket has a class for new archives, the least dear unless somebody says another, and a vault has none', () => {
  const { places } = openPlaces();
  expect(places.getOrCreate(raw).storageClass).toBe('DEEP_ARCHIVE');
  expect(places.getOrCreate({ ...raw, prefix: 'jpg', storageClass: 'GLACIER_IR' }).storageClass).toBe('GLACIER_IR');
  expect(places.getOrCreate(photos).storageClass).toBeNull();
});

test('a place learns the number of its account once, and keeps it for good', () => {
  const { db, places, accounts } = openPlaces();
  const before = places.getOrCreate(photos);
  accounts.learnNumber(account.id, '111122223333');
  expect(places.get(before.id)?.accountNumber).toBe('111122223333');
  expect(places.getOrCreate({ ...photos, name: 'later' }).accountNumber).toBe('111122223333');
  const change = db.prepare(`UPDATE place SET account_number = '444455556666' WHERE id = ?`);
  expect(() => change.run(before.id)).toThrow('another AWS account');
});

test('a place never becomes another one, and outlives its account', () => {
  const { db, places, accounts } = openPlaces();
  const { id } = places.getOrCreate(photos);
  expect(() => db.prepare(`UPDATE place SET name = 'others' WHERE id = ?`).run(id)).toThrow('another one');
  expect(accounts.remove(account.id)).toBe(true);
  expect(places.get(id)).toMatchObject(photos);
});

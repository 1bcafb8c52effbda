import { expect, test } from 'vitest';
import { MiB } from '../../shared/units.ts';
import type { PracticeClient } from '../support/practice-client.ts';
import { practiceBench } from '../support/practice-bench.ts';
import { leaves } from '../support/practice-data.ts';

type Page = { items: Record<string, unknown>[]; marker: string | null };

async function pageOf(client: PracticeClient, path: string, key: string, query: string): Promise<Page> {
  const { json } = await client.call('GET', `${path}${query}`);
  return { items: json[key] as Page['items'], marker: json['Marker'] as string | null };
}

/** All pages of a listing. */
async function pagesOf(client: PracticeClient, path: string, key: string, limit: number | null): Promise<Page[]> {
  const pages: Page[] = [];
  for (let marker: string | null = ''; marker !== null;) {
    const query = `?marker=${encodeURIComponent(marker)}${limit === null ? '' : `&limit=${limit}`}`;
    const page = await pageOf(client, path, key, query);
    pages.push(page);
    marker = page.marker;
  }
  return pages;
}

test('parts come in pages of fifty, in order of their ranges', async () => {
  const { client } = await practiceBench();
  await client.createVault('photos');
  const uploadId = await client.newUpload('photos', 1 * MiB);
  const firsts = Array.from({ length: 101 }, (_, index) => ((index * 37) % 101) * MiB);
  for (const first of firsts) await client.part('photos', uploadId, first, leaves(1));
  const path = `/-/vaults/photos/multipart-uploads/${uploadId}`;
  const pages = await pagesOf(client, path, 'Parts', null);
  expect(pages.map(({ items }) => items.length)).toEqual([50, 50, 1]);
  expect(pages[0]?.marker).toMatch(/^[\w-]{50}$/);
  const listed = pages.flatMap(({ items }) => items.map((part) => part['RangeInBytes']));
  expect(listed).toEqual(Array.from({ length: 101 }, (_, index) => `${index * MiB}-${index * MiB}`));
  expect((await pagesOf(client, path, 'Parts', 40)).map(({ items }) => items.length)).toEqual([40, 40, 21]);
});

test('a listing goes on at the right place when what its marker names has gone', async () => {
  const { client } = await practiceBench();
  await client.createVault('photos');
  for (let count = 0; count < 5; count += 1) await client.newUpload('photos', 1 * MiB);
  const path = '/-/vaults/photos/multipart-uploads';
  const all = (await pagesOf(client, path, 'UploadsList', null)).flatMap(({ items }) => items);
  const first = await pageOf(client, path, 'UploadsList', '?limit=2');
  await client.abort('photos', String(first.items[1]?.['MultipartUploadId']));
  const rest = await pageOf(client, path, 'UploadsList', `?marker=${first.marker}`);
  expect([...first.items, ...rest.items]).toEqual(all);
});

test('vaults come in pages of ten, in ASCII order, and the marker is an ARN', async () => {
  const { client } = await practiceBench();
  const names = [...Array.from('abcdefghijkl'), 'B', '_', '...', 'a.b'];
  for (const name of names) expect((await client.createVault(name)).status).toBe(201);
  const pages = await pagesOf(client, '/-/vaults', 'VaultList', null);
  expect(pages.map(({ items }) => items.length)).toEqual([10, 6]);
  expect(pages[0]?.marker).toMatch(/^arn:aws:glacier:us-east-1:111122223333:vaults\/\w$/);
  expect(pages.flatMap(({ items }) => items.map((vault) => vault['VaultName']))).toEqual([...names].sort());
  expect((await pagesOf(client, '/-/vaults', 'VaultList', 7)).map(({ items }) => items.length)).toEqual([7, 7, 2]);
});

test('every page may fall short', async () => {
  const { client } = await practiceBench({ rules: { pageShortfall: 8 } });
  for (const name of 'abcdef') await client.createVault(name);
  const pages = await pagesOf(client, '/-/vaults', 'VaultList', null);
  expect(pages.map(({ items }) => items.length)).toEqual([2, 2, 2]);
});

test.each([
  ['/-/vaults', 11],
  ['/-/vaults/photos/multipart-uploads', 51],
  ['/-/vaults/photos/jobs', 51],
])('%s refuses a limit of %d, and what is no number or marker', async (path, limit) => {
  const { client } = await practiceBench();
  await client.createVault('photos');
  for (const query of [`limit=${limit}`, 'limit=0', 'limit=-1', 'limit=ten', 'limit=5.0', 'marker=made-up']) {
    const reply = await client.call('GET', `${path}?${query}`);
    expect([query, reply.status, reply.json['code']]).toEqual([query, 400, 'InvalidParameterValueException']);
    expect(reply.json['message']).toContain(query.split('=')[0]);
  }
  expect((await client.call('GET', `${path}?limit=${limit - 1}`)).status).toBe(200);
});

test('a marker of another listing is refused', async () => {
  const { client } = await practiceBench();
  for (const vault of ['a', 'b']) {
    await client.createVault(vault);
    for (let count = 0; count < 2; count += 1) await client.newUpload(vault, 1 * MiB);
  }
  const { marker } = await pageOf(client, '/-/vaults/a/multipart-uploads', 'UploadsList', '?limit=1');
  expect((await client.call('GET', `/-/vaults/b/multipart-uploads?marker=${marker}`)).status).toBe(400);
  expect((await client.call('GET', `/-/vaults/a/multipart-uploads?marker=${marker}`)).status).toBe(200);
});

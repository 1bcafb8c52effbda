import { expect, test } from 'vitest';
import { AMAZON_TIMES } from '../../main/glacier/ports/vault-times.ts';
import type { CensusPage } from '../../main/places/ports/census.ts';
import type { AccountId } from '../../shared/account.ts';
import type { PlaceId } from '../../shared/place.ts';
import { MiB } from '../../shared/units.ts';
import { glacierBench, never } from '../support/glacier-bench.ts';
import { type ScriptedServer, type Step, reply, scriptedServer } from '../support/scripted-server.ts';
import { valueOf } from '../support/value-of.ts';

const bench = glacierBench();
const head = {
  VaultARN: 'arn:aws:glacier:us-east-1:111122223333:vaults/photos',
  InventoryDate: '2026-11-12T14:19:01Z',
};
const entry = (number: number, ArchiveDescription = 'x'.repeat(900)) => ({
  ArchiveId: `archive-${String(number).padStart(6, '0')}`,
  ArchiveDescription,
  CreationDate: '2026-05-15T17:19:46.700Z',
  Size: number,
  SHA256TreeHash: 'be'.repeat(32),
});

const vault = {
  id: 1 as PlaceId,
  accountId: 'an account' as AccountId,
  accountNumber: null,
  region: 'us-east-1',
  service: 'glacier',
  name: 'photos',
  storageClass: null,
} as const;

const described = (size: number | null): Step =>
  reply(200, {
    json: {
      JobId: 'J',
      Action: 'InventoryRetrieval',
      CreationDate: '2026-11-12T10:00:00Z',
      CompletionDate: '2026-11-12T14:20:00Z',
      Completed: true,
      StatusCode: 'Succeeded',
      InventorySizeInBytes: size,
      InventoryRetrievalParameters: { Format: 'JSON' },
    },
  });

/** Answers with the range that is asked for. */
const output =
  (text: string): Step =>
  (socket, request) => {
    const bytes = Buffer.from(text);
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers['range'] ?? '') ?? [];
    if (first === undefined) {
      reply(200, { text })(socket, request);
      return;
    }
    const range = bytes.subarray(Number(first), Number(last) + 1);
    const headers = { 'content-range': `bytes ${first}-${last}/${bytes.length}` };
    reply(206, { headers, text: range.toString() })(socket, request);
  };

function censusAt(server: ScriptedServer) {
  const glacier = bench.open(server.url, { times: AMAZON_TIMES });
  return glacier.ports(vault).census;
}

async function pagesOf(text: string, size: number | null = Buffer.byteLength(text)): Promise<CensusPage[]> {
  const server = await scriptedServer();
  server.next(described(size), ...Array.from({ length: 10 }, () => output(text)));
  const census = censusAt(server);
  const pages: CensusPage[] = [];
  for (let cursor: string | null = null; ;) {
    const page: CensusPage = valueOf(await census.page('J', cursor, never));
    pages.push(page);
    cursor = page.next;
    if (cursor === null) return pages;
  }
}

const many = Array.from({ length: 20_000 }, (_, number) => entry(number));

test('a long inventory comes in pages, each archive once, and each page knows of when the list is', async () => {
  const text = JSON.stringify({ ...head, ArchiveList: many });
  const pages = await pagesOf(text);
  expect(pages.length).toBe(Math.ceil(text.length / (8 * MiB)));
  expect(pages.flatMap(({ entries }) => entries).map(({ archiveId }) => archiveId)).toEqual(
    many.map(({ ArchiveId }) => ArchiveId),
  );
  for (const page of pages) {
    expect(page.asOf).toBe(Date.UTC(2026, 10, 12, 14, 19, 1));
    expect(page.location).toBe('/111122223333/vaults/photos/archives/');
  }
});

test('an inventory whose length nobody tells comes in one page', async () => {
  const text = JSON.stringify({ ...head, ArchiveList: many });
  const [page, ...more] = await pagesOf(text, null);
  expect(more).toEqual([]);
  expect(page?.entries).toHaveLength(many.length);
});

test.each([0, 1, 2])('the list may end where a page does, or %i bytes after', async (after) => {
  const [list, end] = [JSON.stringify({ ...head, ArchiveList: many.slice(0, 7000) }).slice(0, -2), ']}'];
  const whole = list + ' '.repeat(8 * MiB - Buffer.byteLength(list) - end.length + after) + end;
  const pages = await pagesOf(whole);
  expect(pages.flatMap(({ entries }) => entries)).toHaveLength(7000);
  expect(pages).toHaveLength(after === 0 ? 1 : 2);
});

test.each([
  ['that breaks off in the middle', (text: string) => text.slice(0, -5000)],
  ['that has something else among its archives', (text: string) => text.replace(/\]\}$/, ',7]}')],
  ['without a date', (text: string) => text.replace('InventoryDate', 'Date')],
])('a list %s is not believed', async (_, spoil) => {
  const text = spoil(JSON.stringify({ ...head, ArchiveList: many }));
  await expect(pagesOf(text)).rejects.toThrow('answer-garbled');
});

test('entries that nobody can read are passed over, and told', async () => {
  const odd = { ...entry(7), SHA256TreeHash: null };
  const [page] = await pagesOf(JSON.stringify({ ...head, ArchiveList: [entry(1), odd, { Size: 1 }, entry(2)] }));
  expect(page?.entries.map(({ size }) => size)).toEqual([1, 2]);
  expect(page?.unreadable).toEqual([{ archiveId: odd.ArchiveId }, { archiveId: null }]);
});

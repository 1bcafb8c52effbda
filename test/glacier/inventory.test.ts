import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ok } from '../../shared/result.ts';
import { MiB } from '../../shared/units.ts';
import { ListSplitter } from '../../main/glacier/inventory-json.ts';
import { glacierBench, never } from '../support/glacier-bench.ts';
import { reply, scriptedServer } from '../support/scripted-server.ts';

const bench = glacierBench();
const treeHash = 'beb0fe31a1c7ca8c6c04d574ea906e3f97b31fdca7571defb5b44dca89b5af60';
const archive = (ArchiveId: string, ArchiveDescription: string | null = 'my archive1') => ({
  ArchiveId,
  ArchiveDescription,
  CreationDate: '2012-05-15T17:19:46.700Z',
  Size: 2_140_123,
  SHA256TreeHash: treeHash,
});
const known = (archiveId: string, description = 'my archive1') => ({
  archiveId,
  description,
  createdAt: Date.UTC(2012, 4, 15, 17, 19, 46, 700),
  size: 2_140_123,
  treeHash,
});

async function inventoryOf(json: unknown, text?: string) {
  const server = await scriptedServer();
  server.next(reply(200, text === undefined ? { json } : { text }));
  return bench.open(server.url).inventory('photos', 'J', never);
}

describe('an inventory in JSON', () => {
  const VaultARN = 'arn:aws:glacier:us-east-1:111122223333:vaults/photos';
  const date = { VaultARN, InventoryDate: '2011-12-12T14:19:01Z' };
  const head = { inventoryAt: Date.UTC(2011, 11, 12, 14, 19, 1), location: '/111122223333/vaults/photos/archives/' };
  const unreadable = 0;

  test('is read archive by archive, whatever stands in the descriptions', async () => {
    const nasty = '}],"ArchiveList":[{"\\" \\\\';
    const read = await inventoryOf({ ...date, ArchiveList: [archive('A'), archive('B', null), archive('C', nasty)] });
    expect(read).toEqual(ok({ ...head, unreadable, archives: [known('A'), known('B', ''), known('C', nasty)] }));
  });

  test('brings only the archives that are wanted, so that those of a huge vault need no memory', async () => {
    const server = await scriptedServer();
    server.next(reply(200, { json: { ...date, ArchiveList: ['A', 'B', 'C'].map((id) => archive(id)) } }));
    const isWanted = ({ archiveId }: { archiveId: string }): boolean => archiveId === 'B';
    const read = await bench.open(server.url).inventory('photos', 'J', never, isWanted);
    expect(read).toEqual(ok({ ...head, unreadable, archives: [known('B')] }));
  });

  test('may be empty', async () => {
    expect(await inventoryOf({ ...date, ArchiveList: [] })).toEqual(ok({ ...head, unreadable, archives: [] }));
    expect(await inventoryOf({ ...date, ArchiveList: null })).toEqual(ok({ ...head, unreadable, archives: [] }));
  });

  test('is read although an entry of it is odd, which is counted, and although a byte order mark is before it', async () => {
    const odd = { ...archive('B'), SHA256TreeHash: null };
    const text = `\ufeff${JSON.stringify({ ...date, ArchiveList: [archive('A'), odd, archive('C')] })}`;
    const read = await inventoryOf(null, text);
    expect(read).toEqual(ok({ ...head, unreadable: 1, archives: [known('A'), known('C')] }));
  });

  test.each([
    ['something else among the archives', JSON.stringify({ ...date, ArchiveList: [archive('A'), 7] })],
    ['no date', JSON.stringify({ ArchiveList: [archive('A')] })],
    ['no end', JSON.stringify({ ...date, ArchiveList: [archive('A'), archive('B')] }).slice(0, -2)],
    ['an end within an archive', JSON.stringify({ ...date, ArchiveList: [archive('A'), archive('B')] }).slice(0, -20)],
    ['nothing at all', ''],
    ['HTML', '<html></html>'],
    ['an archive without end', `{"ArchiveList":[{"ArchiveId":"${'x'.repeat(2 * MiB)}`],
    ['CSV', 'ArchiveId,ArchiveDescription,CreationDate,Size,SHA256TreeHash\n'],
  ])('with %s is not believed', async (_, text) => {
    expect(await inventoryOf(null, text)).toMatchObject({ failure: { kind: 'answer-garbled' } });
  });

  test('falls into the same pieces however its bytes come', () => {
    const item = fc.dictionary(fc.string(), fc.jsonValue());
    const other = fc.oneof(fc.string(), fc.integer(), fc.dictionary(fc.string(), fc.jsonValue()));
    const document = fc.record({ before: other, list: fc.array(item), after: other });
    const cutting = fc.array(fc.nat());
    const check = fc.property(document, cutting, fc.constantFrom(0, 1, 2), ({ before, list, after }, cuts, indent) => {
      const bytes = Buffer.from(JSON.stringify({ before, ArchiveList: list, after }, null, indent));
      const items: unknown[] = [];
      const splitter = new ListSplitter((json) => items.push(JSON.parse(json)));
      const edges = [0, ...cuts.map((cut) => cut % bytes.length).toSorted((a, b) => a - b), bytes.length];
      for (const [index, end] of edges.slice(1).entries()) splitter.push(bytes.subarray(edges[index], end));
      const whole = JSON.parse(bytes.toString()) as object;
      expect(items).toEqual(JSON.parse(JSON.stringify(list)));
      expect(JSON.parse(splitter.end())).toEqual({ ...whole, ArchiveList: [] });
    });
    fc.assert(check, { numRuns: 300 });
  });
});

describe('the output of a job', () => {
  const collect = async (
    step: Parameters<Awaited<ReturnType<typeof scriptedServer>>['next']>[0],
    range?: { first: number; last: number },
  ) => {
    const server = await scriptedServer();
    server.next(step);
    const chunks: Buffer[] = [];
    const write = (bytes: Uint8Array) => void chunks.push(Buffer.from(bytes));
    const request = { vault: 'photos', jobId: 'J', ...(range && { range }) };
    const outcome = await bench.open(server.url).jobOutput(request, { write, signal: never });
    return { outcome, received: server.received[0], bytes: Buffer.concat(chunks).toString() };
  };
  const ofA = 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb';

  test('asks for its range with both ends, and checks that it is the one that comes', async () => {
    const headers = {
      'content-range': 'bytes 3-3/10',
      'content-type': 'application/octet-stream',
      'x-amz-sha256-tree-hash': ofA.toUpperCase(),
    };
    const { outcome, received, bytes } = await collect(reply(206, { text: 'a', headers }), { first: 3, last: 3 });
    expect(outcome).toEqual(
      ok({ length: 1, treeHash: ofA, confirmed: true, contentType: 'application/octet-stream', description: '' }),
    );
    expect(received?.headers['range']).toBe('bytes=3-3');
    expect(received?.headers['authorization']).toContain(';range;');
    expect(bytes).toBe('a');
  });

  test.each([
    ['all of it', reply(200, { text: 'abc' })],
    ['another range', reply(206, { text: 'abc', headers: { 'content-range': 'bytes 0-2/10' } })],
    ['fewer bytes', reply(206, { text: 'ab', headers: { 'content-range': 'bytes 3-5/10' } })],
  ])('is not taken when %s comes instead of the range', async (_, step) => {
    const { outcome } = await collect(step, { first: 3, last: 5 });
    expect(outcome).toMatchObject({ failure: { kind: 'answer-garbled' } });
  });

  test('is not taken when its bytes do not have the tree hash that it tells', async () => {
    expect(
      (await collect(reply(200, { text: 'b', headers: { 'x-amz-sha256-tree-hash': ofA } }))).outcome,
    ).toMatchObject({
      failure: { kind: 'answer-garbled' },
    });
  });

  test('that breaks off is the fault of the network', async () => {
    const { outcome, bytes } = await collect((socket) =>
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'),
    );
    expect(outcome).toMatchObject({ failure: { kind: 'offline' } });
    expect(bytes).toBe('abc');
  });

  test('is given up when it cannot be written, and the connection with it', async () => {
    const server = await scriptedServer();
    server.next((socket) => socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${10 * MiB}\r\n\r\nabc`));
    const write = () => Promise.reject(new Error('the disk is full'));
    await expect(
      bench.open(server.url).jobOutput({ vault: 'photos', jobId: 'J' }, { write, signal: never }),
    ).rejects.toThrow('the disk is full');
    await server.allClosed();
  });

  test('that is refused does not reach the file', async () => {
    const { outcome, bytes } = await collect(
      reply(404, { json: { code: 'ResourceNotFoundException', message: 'The job ID was not found: J' } }),
    );
    expect(outcome).toMatchObject({ failure: { kind: 'not-found' } });
    expect(bytes).toBe('');
  });
});

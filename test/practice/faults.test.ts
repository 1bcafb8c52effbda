import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { MiB } from '../../shared/units.ts';
import type { Behaviour, Fault } from '../support/practice/faults.ts';
import { type PracticeBench, practiceBench } from '../support/practice-bench.ts';
import { leaves } from '../support/practice-data.ts';
import type { PracticeReply } from '../support/practice-request.ts';
import { treeHashByDefinition as treeHashOf } from '../support/tree-hash-by-definition.ts';

const data = leaves(1 * MiB);

type Bench = PracticeBench & { uploadId: string; send: () => Promise<PracticeReply>; ranges: () => Promise<unknown[]> };

/** An upload whose first part will meet the behaviour; further faults may be added. */
async function misbehaving(behaviour: Behaviour, more: Partial<Fault> = { nth: 1 }): Promise<Bench> {
  const script: Fault[] = [{ operation: 'UploadMultipartPart', ...more, behaviour }];
  const bench = await practiceBench({ faults: { script } });
  const { client } = bench;
  await client.createVault('photos');
  const uploadId = await client.newUpload('photos', 1 * MiB);
  const ranges = async (): Promise<unknown[]> => {
    const parts = (await client.parts('photos', uploadId)).json['Parts'] as { RangeInBytes: string }[] | undefined;
    return (parts ?? []).map(({ RangeInBytes }) => RangeInBytes);
  };
  return { ...bench, uploadId, send: () => client.part('photos', uploadId, 0, data), ranges };
}

function partEntries({ vault }: PracticeBench): unknown[] {
  return vault()
    .ledger.read()
    .filter(({ operation }) => operation === 'UploadMultipartPart')
    .map(({ status, committed, fault, problem }) => [status, committed, fault, problem]);
}

describe('a connection is cut', () => {
  test.each(['before-body', 'within-body', 'after-body'] as const)('%s, and nothing happened', async (when) => {
    const bench = await misbehaving({ kind: 'drop', when });
    await expect(bench.send()).rejects.toThrow();
    expect(await bench.ranges()).toEqual([]);
    expect((await bench.send()).status).toBe(204);
    expect(partEntries(bench)).toEqual([
      [null, false, `drop ${when}`, null],
      [204, true, null, null],
    ]);
  });

  test('after so many bytes', async () => {
    const bench = await misbehaving({ kind: 'drop', when: 'within-body', afterBytes: 300_000 });
    await expect(bench.send()).rejects.toThrow();
    const [entry] = bench
      .vault()
      .ledger.read()
      .filter(({ fault }) => fault !== null);
    expect(entry?.bytesReceived).toBeGreaterThanOrEqual(300_000);
    expect(entry?.bytesReceived).toBeLessThan(data.length);
  });

  test('after the effect, and only the answer is lost', async () => {
    const bench = await misbehaving({ kind: 'drop', when: 'after-effect' });
    await expect(bench.send()).rejects.toThrow();
    expect(await bench.ranges()).toEqual(['0-1048575']);
    expect(partEntries(bench)).toEqual([[null, true, 'drop after-effect', null]]);
  });

  test('in the answer', async () => {
    const bench = await misbehaving({ kind: 'truncated-answer' });
    await expect(bench.send()).rejects.toThrow();
    expect(await bench.ranges()).toEqual(['0-1048575']);
    expect(partEntries(bench)).toEqual([[204, true, 'truncated-answer', null]]);
  });

  test('in the body of an answer', async () => {
    const { client } = await misbehaving({ kind: 'truncated-answer' }, { operation: 'ListVaults' });
    await expect(client.call('GET', '/-/vaults')).rejects.toThrow('aborted');
  });
});

describe('an error takes the place of the answer', () => {
  test.each([
    ['ServiceUnavailableException', 500],
    ['ServiceUnavailable', 503],
    ['RequestTimeoutException', 408],
    ['ThrottlingException', 400],
    ['ExpiredTokenException', 403],
    ['AccessDeniedException', 403],
    ['InsufficientCapacityException', 503],
  ] as const)('%s with its status of %d', async (code, status) => {
    const bench = await misbehaving({ kind: 'error', when: 'after-body', code, body: 'json' });
    const reply = await bench.send();
    expect([reply.status, reply.json['code']]).toEqual([status, code]);
    expect(await bench.ranges()).toEqual([]);
    expect(partEntries(bench)).toEqual([[status, false, 'error after-body', null]]);
  });

  test('without a body, or as a page of HTML', async () => {
    const code = 'RequestTimeoutException';
    const bare = await (await misbehaving({ kind: 'error', when: 'after-body', code, body: 'none' })).send();
    expect([bare.status, bare.body.length]).toEqual([408, 0]);
    const html = { kind: 'error', when: 'after-body', code: 'ServiceUnavailable', body: 'html' } as const;
    const page = await (await misbehaving(html)).send();
    expect([page.status, page.headers['content-type']]).toEqual([503, 'text/html']);
    expect(page.body.toString()).toContain('<html>');
  });

  test.each(['before-body', 'within-body'] as const)('%s, and can be read', async (when) => {
    const bench = await misbehaving({ kind: 'error', when, code: 'RequestTimeoutException', body: 'json' });
    const reply = await bench.send();
    expect([reply.status, reply.headers.connection]).toEqual([408, 'close']);
    expect(await bench.ranges()).toEqual([]);
  });

  test('before the body, and can be read by a client that first sends all it has', async () => {
    const error = { kind: 'error', when: 'before-body', code: 'RequestTimeoutException', body: 'json' } as const;
    const { vault } = await misbehaving(error, { operation: 'CreateVault', vault: 'more' });
    const socket = net.connect(vault().port, '127.0.0.1');
    socket.write(`PUT /-/vaults/more HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${16 * MiB}\r\n\r\n`);
    await new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.write(leaves(16 * MiB), resolve);
    });
    let answer = '';
    for await (const piece of socket) answer += String(piece);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('after the effect', async () => {
    const code = 'ServiceUnavailableException';
    const bench = await misbehaving({ kind: 'error', when: 'after-effect', code, body: 'json' });
    expect((await bench.send()).status).toBe(500);
    expect(await bench.ranges()).toEqual(['0-1048575']);
    expect(partEntries(bench)).toEqual([[500, true, 'error after-effect', null]]);
  });
});

test('a completion whose answer is lost can be repeated and gives the archive it made', async () => {
  const bench = await misbehaving(
    { kind: 'drop', when: 'after-effect' },
    { operation: 'CompleteMultipartUpload', nth: 1 },
  );
  await bench.send();
  const complete = (): Promise<PracticeReply> =>
    bench.client.complete('photos', bench.uploadId, data.length, treeHashOf(data));
  await expect(complete()).rejects.toThrow();
  const lost = bench.vault().ledger.read().at(-1);
  expect(lost).toMatchObject({ committed: true, status: null });
  expect((await complete()).headers['x-amz-archive-id']).toBe(lost?.archiveId);
});

test('a wrong tree hash stands in the header, or in the listing', async () => {
  const bench = await misbehaving({ kind: 'wrong-tree-hash' }, {});
  const reply = await bench.send();
  expect(reply.status).toBe(204);
  expect(reply.headers['x-amz-sha256-tree-hash']).toMatch(/^[0-9a-f]{64}$/);
  expect(reply.headers['x-amz-sha256-tree-hash']).not.toBe(treeHashOf(data));

  const listing = await misbehaving({ kind: 'wrong-tree-hash' }, { operation: 'ListParts', nth: 1 });
  await listing.send();
  const hash = async (): Promise<unknown> =>
    ((await listing.client.parts('photos', listing.uploadId)).json['Parts'] as Record<string, string>[])[0]?.[
      'SHA256TreeHash'
    ];
  expect(await hash()).not.toBe(treeHashOf(data));
  expect(await hash()).toBe(treeHashOf(data));
});

test('a part is acknowledged and lost', async () => {
  const bench = await misbehaving({ kind: 'lost-part' });
  const reply = await bench.send();
  expect([reply.status, reply.headers['x-amz-sha256-tree-hash']]).toEqual([204, treeHashOf(data)]);
  expect(await bench.ranges()).toEqual([]);
  await bench.restart();
  expect(await bench.ranges()).toEqual([]);
  expect(partEntries(bench)).toEqual([[204, false, 'lost-part', null]]);
});

test('an upload expires when a part arrives', async () => {
  const bench = await misbehaving({ kind: 'expired-upload' });
  expect((await bench.send()).status).toBe(404);
  expect((await bench.client.parts('photos', bench.uploadId)).status).toBe(404);
});

test('a slow line takes its time both ways', async () => {
  const bench = await misbehaving({ kind: 'bandwidth', bytesPerSecond: 8 * MiB });
  const start = performance.now();
  expect((await bench.send()).status).toBe(204);
  expect(performance.now() - start).toBeGreaterThan(100);
  expect(await bench.ranges()).toEqual(['0-1048575']);
});

test('an answer that hangs holds up nothing else, and ends with the service', async () => {
  const bench = await misbehaving({ kind: 'delay', when: 'after-effect', ms: null });
  const hanging = bench.send();
  hanging.catch(() => undefined);
  expect((await bench.client.createVault('more')).status).toBe(201);
  while ((await bench.ranges()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await bench.restart();
  await expect(hanging).rejects.toThrow();
  expect(partEntries(bench)).toEqual([[null, true, 'delay after-effect', null]]);
});

test('an answer may be late', async () => {
  const bench = await misbehaving({ kind: 'delay', when: 'before-body', ms: 10 });
  expect((await bench.send()).status).toBe(204);
});

describe('the script', () => {
  test('names the requests by operation, vault, range and turn', async () => {
    const error = { kind: 'error', when: 'after-body', code: 'ThrottlingException', body: 'json' } as const;
    const { client, uploadId } = await misbehaving(error, { vault: 'photos', range: '1048576-2097151', nth: [1, 3] });
    const statuses: number[] = [];
    for (const first of [0, 1, 1, 1, 1]) {
      statuses.push((await client.part('photos', uploadId, first * MiB, data)).status);
    }
    expect(statuses).toEqual([204, 400, 204, 400, 204]);
  });

  test('may grow while the vault runs', async () => {
    const script: Fault[] = [];
    const { client } = await practiceBench({ faults: { script } });
    expect((await client.createVault('photos')).status).toBe(201);
    script.push({ behaviour: { kind: 'drop', when: 'before-body' } });
    await expect(client.createVault('photos')).rejects.toThrow();
    script.pop();
    expect((await client.createVault('photos')).status).toBe(201);
  });
});

test('the same seed makes the same trouble, and only for the operations it is for', async () => {
  const trouble = async (seed: number): Promise<(string | null)[]> => {
    const { client, vault } = await practiceBench({
      faults: { random: { seed, chance: 0.5, operations: ['DescribeVault'] } },
    });
    await client.createVault('photos');
    for (let count = 0; count < 30; count += 1) {
      await client.call('GET', '/-/vaults/photos').catch(() => undefined);
      await client.call('GET', '/-/vaults');
    }
    const entries = vault().ledger.read();
    expect(entries.filter(({ operation, fault }) => operation !== 'DescribeVault' && fault !== null)).toEqual([]);
    return entries.filter(({ operation }) => operation === 'DescribeVault').map(({ fault }) => fault);
  };
  const [first, second, other] = [await trouble(7), await trouble(7), await trouble(8)];
  expect(second).toEqual(first);
  expect(other).not.toEqual(first);
  expect(first.filter((fault) => fault !== null).length).toBeGreaterThan(5);
  expect(first).toContain(null);
});

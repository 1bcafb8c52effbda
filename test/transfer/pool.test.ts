import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { open, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Result, fail, ok } from '../../shared/result.ts';
import { MiB } from '../../shared/units.ts';
import type { SourceFile } from '../../main/core/ports.ts';
import type { SentHashes } from '../../main/aws/part-sender.ts';
import { TreeHasher } from '../../main/core/tree-hash.ts';
import { direct } from '../../main/aws/route.ts';
import type { HttpRequestHead } from '../../main/aws/connections.ts';
import { type PartPool, type PartPoolOptions, openPartPool } from '../../main/transfer/pool.ts';
import { buildPartWorker } from '../support/build-worker.ts';
import { sourceAt } from '../support/glacier-bench.ts';
import { type ScriptedServer, reply, scriptedServer } from '../support/scripted-server.ts';

let worker: Awaited<ReturnType<typeof buildPartWorker>>;
let folder = '';
const pools: PartPool[] = [];

beforeAll(async () => {
  worker = await buildPartWorker();
  folder = mkdtempSync(join(tmpdir(), 'firn-pool-'));
});
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await worker.remove();
});

describe('a part arrives byte for byte, with the hashes it was signed for', () => {
  const parts: [size: number, first: number, last: number][] = [
    [1, 0, 0],
    [MiB, 0, MiB - 1],
    [MiB + 1, 0, MiB],
    [5 * MiB, MiB, 4 * MiB - 1],
    [3 * MiB + 7, 3 * MiB, 3 * MiB + 6],
    [64 * MiB, 0, 64 * MiB - 1],
    // Too large to be held, so read twice.
    [66 * MiB + 1, 5, 66 * MiB],
  ];
  test.each(parts)('of a file of %i bytes: %i to %i', async (size, first, last) => {
    const server = await scriptedServer();
    server.next(reply(204, { headers: { 'x-amz-sha256-tree-hash': 'T' } }));
    const content = randomBytes(size);
    const source = await file(content);
    let sent = 0;
    let signedFor: SentHashes | null = null;
    const prepare = (hashes: SentHashes) => {
      signedFor = hashes;
      return Promise.resolve(ok(putTo(server)));
    };
    const outcome = await pool().send({ withTree: true, source, range: { first, last } }, prepare, {
      signal: never,
      onSent: (bytes) => (sent += bytes),
    });

    const expected = content.subarray(first, last + 1);
    const hashes = { linear: createHash('sha256').update(expected).digest('hex'), treeHash: treeHashOf(expected) };
    expect(outcome).toMatchObject({
      ok: true,
      value: { hashes, response: { status: 204, headers: { 'x-amz-sha256-tree-hash': 'T' } } },
    });
    expect(signedFor).toEqual(hashes);
    expect(server.received[0]?.body.equals(expected)).toBe(true);
    expect(server.received[0]?.headers).toMatchObject({ 'content-length': String(expected.length), 'x-test': 'yes' });
    expect(sent).toBe(expected.length);
  });

  test.each([3 * MiB + 5, 70 * MiB])(
    'of %i bytes is hashed once, without a tree, when nobody wants one',
    async (size) => {
      const server = await scriptedServer();
      server.next(reply(200));
      const content = randomBytes(size);
      const part = { withTree: false, source: await file(content), range: { first: 1, last: size - 1 } };
      const outcome = await pool().send(part, () => Promise.resolve(ok(putTo(server))), quiet);
      const linear = createHash('sha256').update(content.subarray(1)).digest('hex');
      expect(outcome).toMatchObject({ ok: true, value: { hashes: { linear, treeHash: null } } });
      expect(server.received[0]?.body.equals(content.subarray(1))).toBe(true);
    },
  );
});

describe('a file', () => {
  test('that is missing or was changed is not sent', async () => {
    const source = await file(Buffer.alloc(100));
    await writeFile(source.path, Buffer.alloc(50));
    const whole = { withTree: true, source, range: { first: 0, last: 99 } };
    expect(await pool().send(whole, unasked, quiet)).toEqual(
      fail({ kind: 'file-changed', path: source.path, what: 'it became 50 bytes shorter' }),
    );
    await rm(source.path);
    expect(await pool().send(whole, unasked, quiet)).toEqual(fail({ kind: 'source-missing', path: source.path }));
  });

  test('that is written to between the two passes is not sent to its end, even when its time was set back', async () => {
    const server = await scriptedServer();
    const path = join(folder, 'large');
    await writeFile(path, Buffer.alloc(70 * MiB));
    await utimes(path, 1_000, 1_000);
    const source = await sourceAt(path);
    const prepare = async () => {
      const handle = await open(path, 'r+');
      await handle.write('changed', 3 * MiB);
      await handle.close();
      await utimes(path, 1_000, 1_000);
      return ok(putTo(server));
    };
    const outcome = await pool().send(
      { withTree: true, source, range: { first: 0, last: 70 * MiB - 1 } },
      prepare,
      quiet,
    );
    expect(outcome).toEqual(fail({ kind: 'file-changed', path, what: 'it was written to while it was read' }));
    await server.allClosed();
    expect(server.received).toEqual([]);
  });
});

describe('an abort', () => {
  test('while the part is on its way closes the connection and throws the reason', async () => {
    const server = await scriptedServer();
    const controller = new AbortController();
    server.early(() => {
      controller.abort(new Error('paused by the user'));
    });
    const source = await file(randomBytes(32 * MiB));
    const sending = pool().send({ withTree: true, source, range: { first: 0, last: 32 * MiB - 1 } }, signed(server), {
      ...quiet,
      signal: controller.signal,
    });
    await expect(sending).rejects.toThrow('paused by the user');
    await server.allClosed();
  });

  test('while the part waits for its signature or for its turn frees the place', async () => {
    const server = await scriptedServer();
    server.next(reply(204));
    const single = pool({ threads: 1, partsPerThread: 1 });
    const source = await file(Buffer.from('abc'));
    const part = { withTree: true, source, range: { first: 0, last: 2 } };
    const controller = new AbortController();
    const stoppable = { ...quiet, signal: controller.signal };
    let hashed: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (hashed = resolve));
    const waitForever = (): Promise<Result<HttpRequestHead>> => {
      hashed();
      return new Promise(() => undefined);
    };
    const stopped = [single.send(part, waitForever, stoppable), single.send(part, unasked, stoppable)];
    const rejections = Promise.all(stopped.map((sending) => expect(sending).rejects.toThrow('no more')));
    await asked;
    const after = single.send(part, signed(server), quiet);
    controller.abort(new Error('no more'));
    await rejections;
    expect(await after).toMatchObject({ ok: true });
    await expect(single.send(part, unasked, { ...quiet, signal: controller.signal })).rejects.toThrow('no more');
  });
});

describe('the pool', () => {
  test('hands on why a request could not be prepared, and goes on', async () => {
    const server = await scriptedServer();
    server.next(reply(204));
    const single = pool({ threads: 1, partsPerThread: 1 });
    const source = await file(Buffer.from('abc'));
    const part = { withTree: true, source, range: { first: 0, last: 2 } };
    const missing = fail({ kind: 'credentials-missing' as const, detail: 'none' });
    expect(await single.send(part, () => Promise.resolve(missing), quiet)).toEqual(missing);
    await expect(single.send(part, () => Promise.reject(new Error('a bug')), quiet)).rejects.toThrow('a bug');
    expect(await single.send(part, signed(server), quiet)).toMatchObject({ ok: true });
  });

  test.each([
    ['than it was told', 'full', { threads: 1, partsPerThread: 2 }, 2],
    ['than one thread may carry when it is gentle', 'gentle', { threads: 4, partsPerThread: 1 }, 1],
  ] as const)('carries no more parts at once %s', async (_, effort, options, allowed) => {
    const server = await scriptedServer();
    const single = pool(options);
    single.setEffort(effort);
    const source = await file(Buffer.from('abcd'));
    let open = 0;
    let most = 0;
    const answer: Parameters<ScriptedServer['next']>[0] = (socket, request) => {
      open -= 1;
      reply(204)(socket, request);
    };
    server.next(answer, answer, answer, answer);
    const prepare = () => {
      open += 1;
      most = Math.max(most, open);
      return signed(server)();
    };
    const parts = [0, 1, 2, 3].map((at) =>
      single.send({ withTree: true, source, range: { first: at, last: at } }, prepare, quiet),
    );
    expect((await Promise.all(parts)).every((part) => part.ok)).toBe(true);
    expect(most).toBeLessThanOrEqual(allowed);
    expect(server.received.map(({ body }) => body.toString()).toSorted()).toEqual(['a', 'b', 'c', 'd']);
  });

  test('carries parts that do not fit into its memory together, whole and all of them', async () => {
    const server = await scriptedServer();
    const content = randomBytes(90 * MiB);
    const source = await file(content);
    const ranges = [0, 1, 2, 3, 4].map((part) => ({ first: part * 18 * MiB, last: (part + 1) * 18 * MiB - 1 }));
    server.next(...ranges.map(() => reply(204)));
    const scarce = pool({ threads: 2, memoryBytes: 20 * MiB });
    const outcomes = await Promise.all(
      ranges.map((range) => scarce.send({ withTree: true, source, range }, signed(server), quiet)),
    );
    for (const outcome of outcomes) expect(outcome).toMatchObject({ value: { response: { status: 204 } } });
    const received = server.received.map(({ body }) => treeHashOf(body)).toSorted();
    const expected = ranges.map(({ first, last }) => treeHashOf(content.subarray(first, last + 1))).toSorted();
    expect(received).toEqual(expected);
  });

  test('gives the memory of a part that was given up to the next', async () => {
    const server = await scriptedServer();
    server.next(reply(204));
    const source = await file(randomBytes(8 * MiB));
    const scarce = pool({ threads: 2, memoryBytes: 8 * MiB });
    const part = { withTree: true, source, range: { first: 0, last: 8 * MiB - 1 } };
    const controller = new AbortController();
    const stoppable = { ...quiet, signal: controller.signal };
    let hashed: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (hashed = resolve));
    const waitForever = (): Promise<Result<HttpRequestHead>> => {
      hashed();
      return new Promise(() => undefined);
    };
    const holding = expect(scarce.send(part, waitForever, stoppable)).rejects.toThrow('no more');
    await asked;
    const waiting = expect(scarce.send(part, unasked, stoppable)).rejects.toThrow('no more');
    const after = scarce.send(part, signed(server), quiet);
    controller.abort(new Error('no more'));
    await Promise.all([holding, waiting]);
    expect(await after).toMatchObject({ ok: true });
  });

  test('takes many parts of one upload, that share a signal, without taking them for a leak', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => void warnings.push(warning);
    process.on('warning', note);
    const controller = new AbortController();
    const source = await file(Buffer.from('abc'));
    const part = { withTree: true, source, range: { first: 0, last: 2 } };
    const options = { ...quiet, signal: controller.signal };
    const single = pool({ threads: 1, partsPerThread: 1 });
    const parts = Array.from({ length: 20 }, () => single.send(part, () => new Promise(() => undefined), options));
    controller.abort(new Error('enough'));
    for (const sending of parts) await expect(sending).rejects.toThrow('enough');
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });

  test('changes between gentle and full speed from the next part on, and finishes what has begun', async () => {
    const server = await scriptedServer();
    const both = pool({ threads: 2, partsPerThread: 1 });
    const source = await file(Buffer.from('abcd'));
    const waiting: (() => void)[] = [];
    const send = (at: number) => {
      server.next(reply(204));
      const prepare = async () => {
        await new Promise<void>((resolve) => waiting.push(resolve));
        return signed(server)();
      };
      return both.send({ withTree: true, source, range: { first: at, last: at } }, prepare, quiet);
    };
    both.setEffort('gentle');
    const first = send(0);
    await expect.poll(() => waiting.length).toBe(1);
    const second = send(1);
    both.setEffort('full');
    await expect.poll(() => waiting.length).toBe(2);
    const third = send(2);
    await expect.poll(() => waiting.length).toBe(3);
    both.setEffort('gentle');
    const fourth = send(3);
    await expect.poll(() => waiting.length).toBe(4);
    for (const goOn of waiting) goOn();
    for (const outcome of await Promise.all([first, second, third, fourth])) expect(outcome.ok).toBe(true);
  });

  test.runIf(process.platform === 'linux')('lowers the gentle thread alone, and only while it is wanted', async () => {
    const server = await scriptedServer();
    server.next(reply(204), reply(204));
    const gentle = pool({ threads: 2 });
    const source = await file(Buffer.from('ab'));
    const before = lowered();
    gentle.setEffort('gentle');
    await gentle.send({ withTree: true, source, range: { first: 0, last: 0 } }, signed(server), quiet);
    expect(lowered() - before).toBe(1);
    gentle.setEffort('full');
    await gentle.send({ withTree: true, source, range: { first: 1, last: 1 } }, signed(server), quiet);
    await expect.poll(lowered).toBe(before);
  });

  test('keeps connections open from part to part', async () => {
    const server = await scriptedServer();
    server.next(reply(204), reply(204));
    const single = pool({ threads: 1 });
    const source = await file(Buffer.from('ab'));
    for (const at of [0, 1])
      await single.send({ withTree: true, source, range: { first: at, last: at } }, signed(server), quiet);
    expect(server.received.map(({ connection }) => connection)).toEqual([0, 0]);
  });

  /** A thread that dies of its first message, so many times; then it works. */
  function dyingWorker(deaths: number): string {
    const file = join(folder, `dying-${deaths}.mjs`);
    const count = join(folder, `deaths-${deaths}`);
    writeFileSync(
      file,
      `import { existsSync, readFileSync, writeFileSync } from 'node:fs';
       import { parentPort } from 'node:worker_threads';
       const count = ${JSON.stringify(count)};
       const deaths = existsSync(count) ? Number(readFileSync(count, 'utf8')) : 0;
       if (deaths >= ${deaths}) await import(${JSON.stringify(pathToFileURL(worker.workerFile).href)});
       else parentPort.once('message', () => { writeFileSync(count, String(deaths + 1)); throw new Error('out of luck'); });`,
    );
    return file;
  }

  test('sends the parts of a thread that dies by another one', async () => {
    const server = await scriptedServer();
    server.next(reply(204), reply(204));
    const single = pool({ threads: 1, workerFile: dyingWorker(2) });
    const source = await file(Buffer.from('abc'));
    const part = { withTree: true, source, range: { first: 0, last: 2 } };
    const outcomes = await Promise.all([
      single.send(part, signed(server), quiet),
      single.send(part, signed(server), quiet),
    ]);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ ok: true });
  });

  test('gives a part up that three threads died of, and says so', async () => {
    const server = await scriptedServer();
    server.next(reply(204));
    const single = pool({ threads: 1, workerFile: dyingWorker(3) });
    const source = await file(Buffer.from('abc'));
    const part = { withTree: true, source, range: { first: 0, last: 2 } };
    expect(await single.send(part, unasked, quiet)).toEqual(
      fail({ kind: 'unexpected', detail: '3 threads that sent this part stopped: out of luck' }),
    );
    expect(await single.send(part, signed(server), quiet)).toMatchObject({ ok: true });
  });

  test('says so when its threads cannot even start', async () => {
    const source = await file(Buffer.from('abc'));
    const outcome = await pool({ workerFile: join(folder, 'nothing.mjs') }).send(
      { withTree: true, source, range: { first: 0, last: 2 } },
      unasked,
      quiet,
    );
    expect(outcome).toMatchObject({ failure: { kind: 'unexpected' } });
  });

  test('fails what it carries when it is closed, and all that comes later', async () => {
    const server = await scriptedServer();
    const single = pool({ threads: 1, partsPerThread: 1 });
    const source = await file(Buffer.from('abc'));
    const part = { withTree: true, source, range: { first: 0, last: 2 } };
    server.next(() => void single.close());
    const outcomes = await Promise.all([single.send(part, signed(server), quiet), single.send(part, unasked, quiet)]);
    outcomes.push(await single.send(part, unasked, quiet));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ failure: { kind: 'unexpected' } });
  });
});

const never = new AbortController().signal;
const quiet = { signal: never, onSent: () => undefined };

function pool(options: Partial<PartPoolOptions> = {}): PartPool {
  const opened = openPartPool({ workerFile: worker.workerFile, threads: 2, ...options });
  pools.push(opened);
  return opened;
}

/** Threads of this process that let everything else go first. */
function lowered(): number {
  const tasks = readdirSync('/proc/self/task').map((task) => readFileSync(`/proc/self/task/${task}/stat`, 'utf8'));
  return tasks.filter((stat) => stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16] === '19').length;
}

let files = 0;
async function file(content: Uint8Array): Promise<SourceFile> {
  files += 1;
  const path = join(folder, `file ${files}`);
  await writeFile(path, content);
  return sourceAt(path);
}

function putTo(server: ScriptedServer): HttpRequestHead {
  return { url: `${server.url}/part`, method: 'PUT', headers: { 'x-test': 'yes' }, route: direct };
}

function signed(server: ScriptedServer) {
  return () => Promise.resolve(ok(putTo(server)));
}

/** For parts that must not get as far as their signature. */
function unasked(): never {
  throw new Error('the request was prepared');
}

function treeHashOf(content: Uint8Array): string {
  const hasher = new TreeHasher();
  hasher.update(content);
  return hasher.digest();
}

import { readdirSync, statSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MiB } from '../../shared/units.ts';
import type { LedgerEntry } from '../../main/practice/server.ts';
import { type PracticeBench, practiceBench } from '../support/practice-bench.ts';
import { leaves } from '../support/practice-data.ts';
import { sha256, signedHeaders } from '../support/practice-request.ts';
import { treeHashByDefinition as treeHashOf } from '../support/tree-hash-by-definition.ts';

const data = leaves(1 * MiB);

type Open = PracticeBench & { uploadId: string; target: string; headers: Record<string, string> };

/** An open upload and the signed headers of its first part. */
async function opened(rules = {}): Promise<Open> {
  const bench = await practiceBench({ rules });
  await bench.client.createVault('photos');
  const uploadId = await bench.client.newUpload('photos', 1 * MiB);
  const target = `/-/vaults/photos/multipart-uploads/${uploadId}`;
  const headers = signedHeaders(bench.vault().url, {
    method: 'PUT',
    target,
    at: bench.now(),
    headers: {
      'content-range': `bytes 0-${data.length - 1}/*`,
      'x-amz-content-sha256': sha256(data),
      'x-amz-sha256-tree-hash': treeHashOf(data),
    },
  });
  return { ...bench, uploadId, target, headers };
}

function head({ target, headers }: Open, more: Record<string, string>): string {
  const lines = Object.entries({ ...headers, ...more }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `PUT ${target} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

/** Writes raw bytes and gives back everything that comes until the other side ends the connection. */
function converse(bench: PracticeBench, ...pieces: (string | Buffer)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(bench.vault().port, '127.0.0.1');
    let received = '';
    socket.on('data', (bytes) => (received += bytes.toString('latin1')));
    socket.once('end', () => {
      resolve(received);
    });
    socket.once('error', reject);
    for (const piece of pieces) socket.write(piece);
  });
}

/** Resolves when so many bytes of a body are in the folder of the practice vault. */
async function arrived({ folder }: PracticeBench, length: number): Promise<void> {
  const incoming = join(folder, 'us-east-1', 'incoming');
  while (!readdirSync(incoming).some((file) => statSync(join(incoming, file)).size === length)) await soon();
}

function soon(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

/** The first entry with bytes of a part, as soon as it is there. */
async function partEntry(bench: PracticeBench): Promise<LedgerEntry> {
  for (;;) {
    const entry = bench
      .vault()
      .ledger.read()
      .find(({ operation }) => operation === 'UploadMultipartPart');
    if (entry) return entry;
    await soon();
  }
}

test('a connection that dies within a body leaves nothing but a line in the ledger', async () => {
  const bench = await opened();
  const socket = net.connect(bench.vault().port, '127.0.0.1');
  socket.write(head(bench, { 'content-length': String(data.length) }));
  socket.write(data.subarray(0, 1000));
  await arrived(bench, 1000);
  socket.destroy();
  expect(await partEntry(bench)).toMatchObject({
    vault: 'photos',
    multipartUploadId: bench.uploadId,
    range: 'bytes 0-1048575/*',
    bytesReceived: 1000,
    status: null,
    code: null,
    committed: false,
    problem: null,
  });
  expect((await bench.client.parts('photos', bench.uploadId)).json['Parts']).toEqual([]);
});

test('a body that stands still is answered with 408 and ended', async () => {
  const bench = await opened({ bodyIdleMs: 50 });
  const answer = await converse(bench, head(bench, { 'content-length': String(data.length) }), 'a few bytes');
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  expect(answer).toContain('{"code":"RequestTimeoutException","message":"Request timed out.","type":"Client"}');
  expect(await partEntry(bench)).toMatchObject({ status: 408, committed: false, bytesReceived: 11 });
});

test('a client that waits for 100 Continue gets it', async () => {
  const bench = await opened();
  const request = http.request(bench.vault().url + bench.target, {
    method: 'PUT',
    headers: { ...bench.headers, 'content-length': data.length, expect: '100-continue' },
  });
  request.flushHeaders();
  await new Promise((resolve) => request.once('continue', resolve));
  request.end(data);
  const response = await new Promise<http.IncomingMessage>((resolve) => request.once('response', resolve));
  expect(response.statusCode).toBe(204);
});

test('a part without Content-Length is refused', async () => {
  const bench = await opened();
  const answer = await converse(
    bench,
    head(bench, { 'transfer-encoding': 'chunked', connection: 'close' }),
    `${data.length.toString(16)}\r\n`,
    data,
    '\r\n0\r\n\r\n',
  );
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('Required parameter missing: Content-Length');
  expect((await bench.client.parts('photos', bench.uploadId)).json['Parts']).toEqual([]);
});

test('a body longer than any part is not kept', async () => {
  const bench = await opened();
  const lines = head(bench, { 'content-length': '4294967297', connection: 'close' });
  const socket = net.connect(bench.vault().port, '127.0.0.1');
  socket.write(lines);
  socket.write(data);
  await soon();
  expect(readdirSync(join(bench.folder, 'us-east-1', 'incoming'))).toEqual([]);
  socket.destroy();
  expect(await partEntry(bench)).toMatchObject({ status: null, committed: false });
});

test('a refused body is read to its end, and the connection serves on', async () => {
  const bench = await opened();
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const statuses: (number | undefined)[] = [];
  const ports = new Set<number | undefined>();
  for (const authorization of ['wrong', bench.headers['authorization']]) {
    const headers = { ...bench.headers, authorization, 'content-length': data.length };
    const request = http.request(bench.vault().url + bench.target, { method: 'PUT', headers, agent });
    request.end(data);
    const response = await new Promise<http.IncomingMessage>((resolve) => request.once('response', resolve));
    ports.add(request.socket?.localPort);
    statuses.push(response.statusCode);
    response.resume();
    await new Promise((resolve) => response.once('end', resolve));
  }
  agent.destroy();
  expect(statuses).toEqual([403, 204]);
  expect(ports.size).toBe(1);
});

describe('answers', () => {
  test('carry the service time, a request ID and a length, and no body where none belongs', async () => {
    const { client, vault } = await practiceBench();
    const created = await client.createVault('photos');
    expect(created.headers.date).toBe('Sun, 22 Nov 2026 12:00:00 GMT');
    expect(created.headers['content-length']).toBe('0');
    const listed = await client.call('GET', '/-/vaults');
    expect(listed.headers['content-length']).toBe(String(listed.body.length));
    const ids = vault()
      .ledger.read()
      .map(({ requestId }) => requestId);
    expect(ids).toEqual([created.headers['x-amzn-requestid'], listed.headers['x-amzn-requestid']]);
  });

  test.each([
    ['GET', '/'],
    ['GET', '/-/buckets'],
    ['PATCH', '/-/vaults/photos'],
    ['POST', '/-/vaults'],
    ['GET', '/-/vaults/photos/multipart-uploads/a/b'],
    ['GET', '/-/vaults//multipart-uploads'],
  ])('%s %s is no operation', async (method, target) => {
    const { client, vault } = await practiceBench();
    const reply = await client.call(method, target);
    expect([reply.status, reply.json['code']]).toEqual([400, 'BadRequest']);
    expect(vault().ledger.read()).toMatchObject([{ method, target, operation: null, status: 400, code: 'BadRequest' }]);
  });
});

test('it listens on the loopback interface alone', async () => {
  const { vault } = await practiceBench();
  expect(vault().url).toBe(`http://127.0.0.1:${vault().port}`);
});

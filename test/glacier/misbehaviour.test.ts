import { describe, expect, test } from 'vitest';
import { MiB } from '../../shared/units.ts';
import type { MultipartUploadId } from '../../shared/upload.ts';
import { glacierBench, never } from '../support/glacier-bench.ts';
import { refuse, reply, scriptedServer } from '../support/scripted-server.ts';

const bench = glacierBench();
const upload = { vault: 'photos', multipartUploadId: 'U1' as MultipartUploadId };

describe('a request meets', () => {
  test('a dropped connection: the network is to blame, and nothing is sent twice', async () => {
    const server = await scriptedServer();
    server.next((socket) => socket.destroy());
    expect(await bench.open(server.url).listVaults(never)).toEqual({
      ok: false,
      failure: { kind: 'offline', detail: 'the connection was cut' },
    });
    expect(server.received).toHaveLength(1);
  });

  test('a connection dropped within the answer', async () => {
    const server = await scriptedServer();
    server.next((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"VaultList":'));
    expect(await bench.open(server.url).listVaults(never)).toMatchObject({ failure: { kind: 'offline' } });
  });

  test('no answer at all: it gives up and closes the connection', async () => {
    const server = await scriptedServer();
    const glacier = bench.open(server.url, { idleTimeoutMs: 50 });
    expect(await glacier.listVaults(never)).toMatchObject({ failure: { kind: 'timed-out' } });
    await server.allClosed();
  });

  test('an answer that stops in the middle', async () => {
    const server = await scriptedServer();
    server.next((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{'));
    const glacier = bench.open(server.url, { idleTimeoutMs: 50 });
    expect(await glacier.listVaults(never)).toMatchObject({ failure: { kind: 'timed-out' } });
    await server.allClosed();
  });

  test('a 408 without a body', async () => {
    const server = await scriptedServer();
    server.next(reply(408));
    expect(await bench.open(server.url).describeVault('photos', never)).toMatchObject({
      failure: { kind: 'timed-out' },
    });
  });

  test('an HTML page instead of an answer', async () => {
    const server = await scriptedServer();
    server.next(reply(503, { text: '<html><h1>503</h1></html>', headers: { 'content-type': 'text/html' } }));
    server.next(reply(200, { text: '<html>Sign in to the hotel</html>' }));
    const glacier = bench.open(server.url);
    expect(await glacier.listVaults(never)).toMatchObject({ failure: { kind: 'service-error', status: 503 } });
    expect(await glacier.listVaults(never)).toMatchObject({ failure: { kind: 'answer-garbled' } });
  });

  test('a redirect, which it does not follow', async () => {
    const server = await scriptedServer();
    server.next(reply(302, { headers: { location: '/elsewhere' } }));
    expect(await bench.open(server.url).listVaults(never)).toMatchObject({ failure: { kind: 'answer-garbled' } });
    expect(server.received).toHaveLength(1);
  });

  test('JSON cut short, of another shape, or with an impossible time', async () => {
    const server = await scriptedServer();
    server.next(
      reply(200, { text: '{"VaultList":[{"VaultName":"pho' }),
      reply(200, { json: { VaultList: [{ VaultARN: 'arn' }] } }),
      reply(200, { json: { VaultList: [{ VaultName: 'photos', CreationDate: 'yesterday' }] } }),
    );
    const glacier = bench.open(server.url);
    for (let i = 0; i < 3; i += 1)
      expect(await glacier.listVaults(never)).toMatchObject({ failure: { kind: 'answer-garbled' } });
  });

  test('something that is not HTTP', async () => {
    const server = await scriptedServer();
    server.next((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    expect(await bench.open(server.url).listVaults(never)).toMatchObject({ failure: { kind: 'answer-garbled' } });
  });

  test('an answer without end', async () => {
    const server = await scriptedServer();
    server.next((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${100 * MiB}\r\n\r\n`);
      socket.write(Buffer.alloc(20 * MiB, ' '));
    });
    expect(await bench.open(server.url).listVaults(never)).toMatchObject({ failure: { kind: 'answer-garbled' } });
    await server.allClosed();
  });

  test('nobody there', async () => {
    expect(await bench.open('http://127.0.0.1:1').listVaults(never)).toEqual({
      ok: false,
      failure: { kind: 'offline', detail: 'nothing answers at 127.0.0.1', cause: 'refused' },
    });
  });
});

describe('a request is', () => {
  test('not sent without encryption beyond this computer', async () => {
    const failure = {
      kind: 'invalid-input',
      detail: 'The address http://glacier.example is not safe to use: it must begin with https://.',
    };
    expect(await bench.open('http://glacier.example').listVaults(never)).toEqual({ ok: false, failure });
  });

  test('not sent when the name of the vault would make it another one', async () => {
    const server = await scriptedServer();
    const glacier = bench.open(server.url);
    for (const name of ['..', '.', '', 'a/b', 'é', 'x'.repeat(256)]) {
      expect(await glacier.createVault(name, never)).toMatchObject({ failure: { kind: 'invalid-input' } });
    }
    expect(server.received).toEqual([]);
  });

  test('stopped by its signal, which closes the connection and is the reason thrown', async () => {
    const server = await scriptedServer();
    const controller = new AbortController();
    server.next(() => {
      controller.abort(new Error('the user thought better of it'));
    });
    await expect(bench.open(server.url).listVaults(controller.signal)).rejects.toThrow('the user thought better of it');
    await server.allClosed();
    await expect(bench.open(server.url).listVaults(controller.signal)).rejects.toThrow('the user thought better of it');
    expect(server.received).toHaveLength(1);
  });

  test('sent over the connection of the one before', async () => {
    const server = await scriptedServer();
    server.next(reply(201), reply(201));
    const glacier = bench.open(server.url);
    await glacier.createVault('a', never);
    await glacier.createVault('b', never);
    expect(server.received.map(({ connection }) => connection)).toEqual([0, 0]);
  });

  test('answered before its body is out, and the rest of the body stays at home', async () => {
    const server = await scriptedServer();
    const source = await bench.file('large', Buffer.alloc(32 * MiB));
    server.early((socket, request) => {
      socket.pause();
      refuse(404, 'ResourceNotFoundException', 'The upload ID was not found: U1')(socket, request);
    });
    const sent: number[] = [];
    const options = { signal: never, onSent: (bytes: number) => void sent.push(bytes) };
    const part = { ...upload, source, range: { first: 0, last: 32 * MiB - 1 } };
    expect(await bench.open(server.url).uploadPart(part, options)).toEqual({
      ok: false,
      failure: { kind: 'multipart-missing' },
    });
    expect(sent.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(32 * MiB);
  });
});

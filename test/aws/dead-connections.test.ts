import { describe, expect, test } from 'vitest';
import { type DeadConnections, isDead, ownAddresses } from '../../main/aws/dead-connections.ts';
import { watchNetwork } from '../../main/aws/network-watch.ts';
import { ok } from '../../shared/result.ts';
import { glacierBench, never } from '../support/glacier-bench.ts';
import { type Step, reply, scriptedServer } from '../support/scripted-server.ts';

const bench = glacierBench();
const noVaults = reply(200, { json: { VaultList: [] } });
/** As a server does that has closed a connection while it was idle: the next request meets nobody. */
const closed: Step = (socket) => socket.resetAndDestroy();

describe('a kept connection that the other side has closed', () => {
  test('is replaced by a fresh one when the request may be repeated: 60 of 60 succeed', async () => {
    const server = await scriptedServer();
    const glacier = bench.open(server.url);
    for (let count = 0; count < 60; count += 1) {
      // Every second request meets a connection that was closed after the one before.
      if (count % 2 === 1) server.next(closed);
      server.next(noVaults);
      expect(await glacier.listVaults(never)).toEqual(ok([]));
    }
    expect(server.received).toHaveLength(90);
  });

  test('is told for parts, which may have arrived, and replaced for the next', async () => {
    const server = await scriptedServer();
    const source = await bench.file('part', Buffer.alloc(1000, 'snow'));
    const glacier = bench.open(server.url, { partSender: bench.pool({}) });
    const confirmed: Step = (socket, request) => {
      const { 'x-amz-sha256-tree-hash': treeHash = '' } = request.headers;
      reply(204, { headers: { 'x-amz-sha256-tree-hash': treeHash } })(socket, request);
    };
    const part = { vault: 'photos', multipartUploadId: 'U1' as never, source, range: { first: 0, last: 999 } };
    const send = () => glacier.uploadPart(part, { signal: never, onSent: () => undefined });
    server.next(confirmed, closed, confirmed);
    // All parts go to the same thread, which has a connection left from the first.
    expect(await send()).toMatchObject({ ok: true });
    expect(await send()).toMatchObject({ failure: { kind: 'offline', cause: 'stale' } });
    expect(server.received).toHaveLength(2);
    expect(await send()).toMatchObject({ ok: true });
  });

  test('is not replaced for what would be done twice', async () => {
    const server = await scriptedServer();
    const glacier = bench.open(server.url);
    server.next(noVaults, closed, noVaults);
    await glacier.listVaults(never);
    const initiated = await glacier.initiate({ vault: 'photos', description: '', partSize: 1048576 }, never);
    expect(initiated).toMatchObject({ failure: { kind: 'offline', cause: 'stale' } });
    expect(server.received).toHaveLength(2);
  });

  test('is replaced once: what is closed every time is told', async () => {
    const server = await scriptedServer();
    const glacier = bench.open(server.url);
    server.next(noVaults, closed, closed, noVaults);
    await glacier.listVaults(never);
    expect(await glacier.listVaults(never)).toMatchObject({ failure: { kind: 'offline' } });
    expect(server.received).toHaveLength(3);
  });
});

describe('connections that lead nowhere any more', () => {
  test('are closed at once, and what waits on them is told', async () => {
    const server = await scriptedServer();
    const glacier = bench.open(server.url);
    const asked = glacier.initiate({ vault: 'photos', description: '', partSize: 1048576 }, never);
    await expect.poll(() => server.received.length).toBe(1);
    glacier.dropConnections({ kind: 'from-elsewhere', addresses: ['127.0.0.1'] });
    glacier.dropConnections({ kind: 'from-elsewhere', addresses: ['192.0.2.1'] });
    expect(await asked).toMatchObject({ failure: { kind: 'offline' } });
    await server.allClosed();
  });

  test.each([
    ['192.0.2.1', ['192.0.2.1'], false],
    ['::ffff:192.0.2.1', ['192.0.2.1'], false],
    ['fe80::1%eth0', ['fe80::1'], false],
    ['192.0.2.1', ['192.0.2.2'], true],
    [undefined, [], false],
  ])('from %s, at a computer that has %j', (localAddress, addresses, expected) => {
    expect(isDead({ localAddress } as never, { kind: 'from-elsewhere', addresses })).toBe(expected);
  });

  test('are those of all networks after sleep, and of the network that was left', () => {
    const told: DeadConnections[] = [];
    const world = { now: 0, addresses: ['127.0.0.1', '192.0.2.1'] };
    const watch = watchNetwork((dead) => told.push(dead), { addresses: () => world.addresses, now: () => world.now });
    const later = (ms: number, ...addresses: string[]): void => {
      world.now += ms;
      world.addresses = addresses;
      watch.look();
    };
    later(5000, '127.0.0.1', '192.0.2.1', '198.51.100.1');
    expect(told).toEqual([]);
    later(5000, '127.0.0.1', '198.51.100.1');
    expect(told.splice(0)).toEqual([{ kind: 'from-elsewhere', addresses: ['127.0.0.1', '198.51.100.1'] }]);
    later(3_600_000, '127.0.0.1', '198.51.100.1');
    expect(told).toEqual([{ kind: 'all' }]);
    watch.close();
    expect(ownAddresses()).toContain('127.0.0.1');
  });
});

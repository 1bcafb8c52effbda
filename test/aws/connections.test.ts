import { writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ok } from '../../shared/result.ts';
import { MiB } from '../../shared/units.ts';
import { openConnections } from '../../main/aws/connections.ts';
import { proxyFromEnvironment, proxyFromRules } from '../../main/aws/proxy.ts';
import { caFilesOf } from '../../main/aws/trust.ts';
import { testCertificate } from '../support/certificate.ts';
import { glacierBench, never } from '../support/glacier-bench.ts';
import { httpsServer, proxyServer } from '../support/https-server.ts';

const bench = glacierBench();
const noVaults: RequestListener = (_, response) => response.end('{"VaultList":[]}');

/** Connections that trust the tests' certificate. */
async function trusting(): Promise<{ caFiles: string[] }> {
  return { caFiles: [(await bench.file('certificate.pem', Buffer.from(testCertificate.cert))).path] };
}

describe('a secure connection', () => {
  test('is made when the certificate is trusted', async () => {
    const server = await httpsServer(noVaults);
    expect(await bench.open(server.url, await trusting()).listVaults(never)).toEqual(ok([]));
  });

  test('is refused when nobody vouches for the certificate', async () => {
    const server = await httpsServer(noVaults);
    expect(await bench.open(server.url).listVaults(never)).toEqual({
      ok: false,
      failure: { kind: 'offline', detail: 'nobody this computer trusts vouches for the certificate of localhost' },
    });
  });

  test('is refused when the certificate is for another host', async () => {
    const server = await httpsServer(noVaults);
    const glacier = bench.open(server.url.replace('localhost', '127.0.0.2'), await trusting());
    expect(await glacier.listVaults(never)).toMatchObject({ failure: { kind: 'offline' } });
  });

  test('serves again after an answer that was there before the last bytes had left', async () => {
    const sockets = new Set<unknown>();
    const server = await httpsServer((request, response) => {
      sockets.add(request.socket);
      response.writeHead(204).end();
    });
    const connections = openConnections(await trusting());
    const head = { url: server.url, method: 'PUT', headers: {}, proxyUrl: null };
    const inOnePiece = { sliceSize: () => 16 * MiB, wait: () => Promise.resolve() };
    for (let part = 0; part < 3; part += 1) {
      const answer = await connections.send(head, Buffer.alloc(16 * MiB), { signal: never, pace: inOnePiece });
      expect(answer).toMatchObject({ value: { status: 204 } });
    }
    expect(sockets.size).toBe(1);
    connections.close();
  });
});

describe('certificates of the environment', () => {
  test('are those of AWS_CA_BUNDLE, and then also the ones that Node would read by itself', () => {
    expect(caFilesOf({})).toEqual([]);
    expect(caFilesOf({ NODE_EXTRA_CA_CERTS: 'extra.pem' })).toEqual([]);
    expect(caFilesOf({ AWS_CA_BUNDLE: 'bundle.pem' })).toEqual(['bundle.pem']);
    expect(caFilesOf({ AWS_CA_BUNDLE: 'bundle.pem', NODE_EXTRA_CA_CERTS: 'extra.pem' })).toEqual([
      'bundle.pem',
      'extra.pem',
    ]);
  });

  test('that cannot be read are named, and are found when they are there', async () => {
    const server = await httpsServer(noVaults);
    const path = join(bench.folder, 'late.pem');
    for (const content of [null, 'no certificate']) {
      if (content !== null) writeFileSync(path, content);
      const glacier = bench.open(server.url, { caFiles: [path] });
      expect(await glacier.listVaults(never)).toEqual({
        ok: false,
        failure: { kind: 'offline', detail: `there are no certificates to be read in ${path}, see AWS_CA_BUNDLE` },
      });
      writeFileSync(path, testCertificate.cert);
      expect(await glacier.listVaults(never)).toEqual(ok([]));
    }
  });
});

describe('a proxy', () => {
  test('opens the way, once for requests that follow each other', async () => {
    const server = await httpsServer(noVaults);
    const proxy = await proxyServer();
    const proxyUrl = proxy.url.replace('//', '//us%40er:pass@');
    const glacier = bench.open(server.url, { ...(await trusting()), proxyFor: () => proxyUrl });
    expect(await glacier.listVaults(never)).toEqual(ok([]));
    expect(await glacier.listVaults(never)).toEqual(ok([]));
    const authorization = `Basic ${Buffer.from('us@er:pass').toString('base64')}`;
    expect(proxy.tunnels).toEqual([{ target: server.url.slice('https://'.length), authorization }]);
  });

  test('carries parts, too', async () => {
    const received: Buffer[] = [];
    const server = await httpsServer((request, response) => {
      request.on('data', (chunk: Buffer) => received.push(chunk));
      request.on('end', () =>
        response.writeHead(204, { 'x-amz-sha256-tree-hash': request.headers['x-amz-sha256-tree-hash'] }).end(),
      );
    });
    const proxy = await proxyServer();
    const content = Buffer.alloc(3_000_000, 'snow');
    const source = await bench.file('through the proxy', content);
    const trusted = await trusting();
    const glacier = bench.open(server.url, { ...trusted, proxyFor: () => proxy.url, partSender: bench.pool(trusted) });
    const part = {
      vault: 'photos',
      multipartUploadId: 'U1' as never,
      source,
      range: { first: 0, last: content.length - 1 },
    };
    expect(await glacier.uploadPart(part, { signal: never, onSent: () => undefined })).toMatchObject({ ok: true });
    expect(Buffer.concat(received).equals(content)).toBe(true);
    expect(proxy.tunnels).toHaveLength(1);
  });

  test.each([
    [407, 'asks for a password'],
    [403, 'does not open the way (status 403)'],
  ])('that answers %i is named', async (status, words) => {
    const proxy = await proxyServer(status);
    const glacier = bench.open('https://localhost:1', { proxyFor: () => proxy.url });
    const detail = `the proxy ${proxy.url.slice('http://'.length)} ${words}`;
    expect(await glacier.listVaults(never)).toEqual({ ok: false, failure: { kind: 'offline', detail } });
  });

  test.each(['socks5://127.0.0.1:1080', 'nonsense'])('like %s is told to be of no use', async (proxyUrl) => {
    const glacier = bench.open('https://localhost:1', { proxyFor: () => proxyUrl });
    expect(await glacier.listVaults(never)).toMatchObject({
      failure: { kind: 'offline', detail: expect.stringContaining(proxyUrl) as string },
    });
  });

  test.each([
    [{}, null],
    [{ https_proxy: 'http://p:3128' }, 'http://p:3128'],
    [{ HTTPS_PROXY: 'p:3128' }, 'http://p:3128'],
    [{ ALL_PROXY: 'http://p' }, 'http://p'],
    [{ HTTP_PROXY: 'http://p' }, null],
    [{ https_proxy: 'http://p', no_proxy: '*' }, null],
    [{ https_proxy: 'http://p', no_proxy: 'example.org, amazonaws.com' }, null],
    [{ https_proxy: 'http://p', no_proxy: '.eu-west-1.amazonaws.com:443' }, null],
    [{ https_proxy: 'http://p', no_proxy: 'amazonaws.com:8443' }, 'http://p'],
    [{ https_proxy: 'http://p', no_proxy: 'aws.com' }, 'http://p'],
  ])('of the environment %j is %s', (environment, expected) => {
    expect(proxyFromEnvironment('https://glacier.eu-west-1.amazonaws.com', environment)).toBe(expected);
  });

  test('is never asked for what is on this computer', () => {
    const environment = { https_proxy: 'http://p', all_proxy: 'http://p' };
    for (const url of ['http://127.0.0.1:9', 'https://localhost:9', 'https://[::1]:9']) {
      expect(proxyFromEnvironment(url, environment)).toBeNull();
    }
  });

  test.each([
    ['DIRECT', null],
    ['PROXY proxy.example:8080; DIRECT', 'http://proxy.example:8080'],
    ['HTTPS proxy.example:443', 'https://proxy.example:443'],
    ['SOCKS5 proxy.example:1080', 'socks5://proxy.example:1080'],
    ['', null],
  ])('of the system "%s" is %s', (rules, expected) => {
    expect(proxyFromRules(rules)).toBe(expected);
  });
});

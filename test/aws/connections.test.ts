import { rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { ok } from '../../shared/result.ts';
import { MiB } from '../../shared/units.ts';
import { openConnections } from '../../main/aws/connections.ts';
import { type Route, direct } from '../../main/aws/route.ts';
import { parseProxy } from '../../main/aws/proxies/proxy.ts';
import { caFilesOfProfile } from '../../main/aws/profile-certificates.ts';
import { systemCertificates } from '../../main/aws/system-certificates.ts';
import { caFilesOf } from '../../main/aws/trust.ts';
import { testCertificate } from '../support/certificate.ts';
import { glacierBench, never } from '../support/glacier-bench.ts';
import { httpsServer, proxyServer } from '../support/https-server.ts';

const bench = glacierBench();
const noVaults: RequestListener = (_, response) => response.end('{"VaultList":[]}');

/** Connections that trust the tests' certificate. */
async function trusting(): Promise<Route> {
  return { ...direct, caFiles: [(await bench.file('certificate.pem', Buffer.from(testCertificate.cert))).path] };
}

describe('a secure connection', () => {
  test('is made when the certificate is trusted', async () => {
    const server = await httpsServer(noVaults);
    expect(await bench.open(server.url, { routeTo: trusting }).listVaults(never)).toEqual(ok([]));
  });

  test('is refused when nobody vouches for the certificate', async () => {
    const server = await httpsServer(noVaults);
    expect(await bench.open(server.url).listVaults(never)).toEqual({
      ok: false,
      failure: {
        kind: 'offline',
        detail: expect.stringMatching(/^the certificate of localhost is not signed by an authority/) as string,
        cause: 'untrusted',
      },
    });
  });

  test('is refused when the certificate is for another host', async () => {
    const server = await httpsServer(noVaults);
    const proxy = parseProxy((await proxyServer()).url);
    const routeTo = async (): Promise<Route> => ({ ...(await trusting()), ways: [proxy] });
    const glacier = bench.open(server.url.replace('localhost', 'elsewhere.test'), { routeTo });
    expect(await glacier.listVaults(never)).toMatchObject({ failure: { kind: 'offline', cause: 'wrong-host' } });
  });

  test('serves again after an answer that was there before the last bytes had left', async () => {
    const sockets = new Set<unknown>();
    const server = await httpsServer((request, response) => {
      sockets.add(request.socket);
      response.writeHead(204).end();
    });
    const connections = openConnections();
    const head = { url: server.url, method: 'PUT', headers: {}, route: await trusting() };
    const inOnePiece = { sliceSize: () => 16 * MiB, wait: () => Promise.resolve() };
    for (let part = 0; part < 3; part += 1) {
      const answer = await connections.send(head, Buffer.alloc(16 * MiB), { signal: never, pace: inOnePiece });
      expect(answer).toMatchObject({ value: { status: 204 } });
    }
    expect(sockets.size).toBe(1);
    connections.close();
  });
});

describe('certificates', () => {
  test('of the environment are those of both variables', () => {
    expect(caFilesOf({})).toEqual([]);
    expect(caFilesOf({ NODE_EXTRA_CA_CERTS: 'extra.pem' })).toEqual(['extra.pem']);
    expect(caFilesOf({ AWS_CA_BUNDLE: 'bundle.pem', NODE_EXTRA_CA_CERTS: 'extra.pem' })).toEqual([
      'bundle.pem',
      'extra.pem',
    ]);
  });

  const garbage = testCertificate.cert.replace(/M/g, '!');
  test.each([
    ['that are not there', null, /^the certificates in .*late.pem cannot be read$/],
    ['that are none', 'no certificate', /^there are no certificates \(PEM\) in .*late.pem$/],
    ['that are garbage', garbage, /^certificate 1 in .*late.pem cannot be read$/],
  ])('%s are refused in words, and taken when they are mended', async (_, content, words) => {
    const server = await httpsServer(noVaults);
    const path = join(bench.folder, 'late.pem');
    rmSync(path, { force: true });
    if (content !== null) writeFileSync(path, content);
    const glacier = bench.open(server.url, { routeTo: () => ({ ...direct, caFiles: [path] }) });
    expect(await glacier.listVaults(never)).toEqual({
      ok: false,
      failure: { kind: 'offline', detail: expect.stringMatching(words) as string, cause: 'ca-file' },
    });
    writeFileSync(path, testCertificate.cert);
    expect(await glacier.listVaults(never)).toEqual(ok([]));
  });

  test.runIf(process.platform === 'linux')(
    'of the system are read from the file that SSL_CERT_FILE names',
    async () => {
      const { path } = await bench.file('system.pem', Buffer.from(testCertificate.cert));
      expect(systemCertificates({ SSL_CERT_FILE: path })).toEqual([testCertificate.cert.trim()]);
    },
  );

  test('are those that a profile names, too', async () => {
    const config = await bench.file('config', Buffer.from('[profile office]\nca_bundle = /etc/office.pem\n'));
    vi.stubEnv('AWS_CONFIG_FILE', config.path);
    expect(await caFilesOfProfile('office')).toEqual(['/etc/office.pem']);
    expect(await caFilesOfProfile('default')).toEqual([]);
    vi.unstubAllEnvs();
  });
});

import type { RequestListener } from 'node:http';
import { describe, expect, test } from 'vitest';
import { Network } from '../../main/aws/network.ts';
import { wayOfEnvironment } from '../../main/aws/proxies/environment.ts';
import { type Way, nameOf, parseProxy } from '../../main/aws/proxies/proxy.ts';
import { waysOfRules } from '../../main/aws/proxies/rules.ts';
import { openTunnel } from '../../main/aws/proxies/tunnel.ts';
import type { RouteTo } from '../../main/aws/route.ts';
import { explain } from '../../shared/failure.ts';
import { ok } from '../../shared/result.ts';
import { testCertificate } from '../support/certificate.ts';
import { glacierBench, never } from '../support/glacier-bench.ts';
import { httpsServer, proxyServer, silentServer, socksServer } from '../support/https-server.ts';

const bench = glacierBench();
const noVaults: RequestListener = (_, response) => response.end('{"VaultList":[]}');
const nowhere = 'http://127.0.0.1:1';
const glacierUrl = 'https://glacier.eu-west-1.amazonaws.com';

/** By these ways, trusting the tests' certificate. */
async function via(...ways: Way[]): Promise<{ routeTo: RouteTo }> {
  const caFiles = [(await bench.file('certificate.pem', Buffer.from(testCertificate.cert))).path];
  return { routeTo: () => ({ ways, caFiles }) };
}

const withLogin = (url: string, login: string): Way => parseProxy(url.replace('//', `//${login}@`));
const basic = (login: string): string => `Basic ${Buffer.from(login).toString('base64')}`;

describe('a proxy', () => {
  test('opens the way, once for requests that follow each other', async () => {
    const server = await httpsServer(noVaults);
    const proxy = await proxyServer();
    const glacier = bench.open(server.url, await via(withLogin(proxy.url, 'us%40er:pass')));
    expect(await glacier.listVaults(never)).toEqual(ok([]));
    expect(await glacier.listVaults(never)).toEqual(ok([]));
    const target = server.url.slice('https://'.length);
    expect(proxy.tunnels).toEqual([{ target, authorization: basic('us@er:pass') }]);
  });

  test.each([
    [['Negotiate', 'NTLM'], 'asks for a Windows login (NTLM or Kerberos)'],
    [['Digest realm="a, b", nonce="c"'], 'asks for a login of a kind that Firn does not speak (digest)'],
  ])('that takes no password (%j) is told as such, with what helps', async (challenges, words) => {
    const proxy = await proxyServer({ authorization: 'none will do', challenges });
    const glacier = bench.open(glacierUrl, await via(parseProxy(proxy.url)));
    const answer = await glacier.listVaults(never);
    if (answer.ok) throw new Error('It opened the way');
    expect(answer.failure).toMatchObject({ kind: 'offline', cause: 'proxy-login' });
    const { title, remedy } = explain(answer.failure, 'command-line');
    expect(title).toContain(words);
    expect(remedy).toMatch(/Px \(Windows\) and Cntlm do: start one, and name it in HTTPS_PROXY/);
  });

  test('that takes a password beside other logins asks for it', async () => {
    const proxy = await proxyServer({ authorization: 'none yet', challenges: ['NTLM', 'Basic realm="office"'] });
    const glacier = bench.open(glacierUrl, await via(parseProxy(proxy.url)));
    expect(await glacier.listVaults(never)).toMatchObject({ failure: { kind: 'proxy-password', refused: false } });
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
    const glacier = bench.open(server.url, { ...(await via(parseProxy(proxy.url))), partSender: bench.pool() });
    const part = {
      vault: 'photos',
      multipartUploadId: 'U1' as never,
      source,
      range: { first: 0, last: content.length - 1 },
    };
    expect(await glacier.uploadPart(part, { signal: never, onSent: () => undefined })).toEqual(ok(expect.any(String)));
    expect(Buffer.concat(received).equals(content)).toBe(true);
    expect(proxy.tunnels).toHaveLength(1);
  });

  test('may itself speak TLS with a certificate that a file vouches for', async () => {
    const server = await httpsServer(noVaults);
    const proxy = await proxyServer({ secure: true });
    const glacier = bench.open(server.url, await via(parseProxy(proxy.url)));
    expect(await glacier.listVaults(never)).toEqual(ok([]));
    expect(proxy.tunnels).toHaveLength(1);
  });

  test('whose certificate nobody vouches for is named', async () => {
    const proxy = await proxyServer({ secure: true });
    const glacier = bench.open('https://localhost:1', {
      routeTo: () => ({ ways: [parseProxy(proxy.url)], caFiles: [] }),
    });
    expect(await glacier.listVaults(never)).toMatchObject({
      failure: {
        kind: 'offline',
        cause: 'proxy',
        detail: expect.stringMatching(/^the certificate of the proxy localhost:\d+ is not signed/) as string,
      },
    });
  });

  test.each([[null], ['anna:pa%ss#wo/rd']])('of the kind SOCKS opens the way with the login %s', async (login) => {
    const server = await httpsServer(noVaults);
    const proxy = await socksServer(login);
    const way = login === null ? parseProxy(proxy.url) : withLogin(proxy.url, login);
    const glacier = bench.open(server.url, await via(way));
    expect(await glacier.listVaults(never)).toEqual(ok([]));
    expect(await glacier.listVaults(never)).toEqual(ok([]));
    expect(proxy.targets).toEqual([server.url.slice('https://'.length)]);
  });

  test('that does not open the way is named', async () => {
    const proxy = await proxyServer({ status: 403 });
    const glacier = bench.open('https://localhost:1', await via(withLogin(proxy.url, 'anna:secret')));
    const detail = `the proxy ${proxy.url.slice('http://'.length)} does not open the way (status 403)`;
    expect(await glacier.listVaults(never)).toEqual({
      ok: false,
      failure: { kind: 'offline', detail, cause: 'proxy' },
    });
  });

  test.each([
    ['anna:old', true],
    ['', false],
  ])(
    'that asks for a password given the login "%s" is a matter of the user, not of waiting',
    async (login, refused) => {
      const http = await proxyServer({ authorization: basic('anna:new') });
      const socks = await socksServer('anna:new');
      for (const { url } of [http, socks]) {
        const way = login === '' ? parseProxy(url) : withLogin(url, login);
        const failure = { kind: 'proxy-password', proxy: new URL(url).host, refused };
        expect(await bench.open('https://localhost:1', await via(way)).listVaults(never)).toEqual({
          ok: false,
          failure,
        });
      }
    },
  );

  test('where nothing answers is named, without its password', async () => {
    for (const url of [nowhere, nowhere.replace('http', 'https'), nowhere.replace('http', 'socks5')]) {
      const glacier = bench.open('https://localhost:1', await via(withLogin(url, 'anna:secret')));
      expect(await glacier.listVaults(never)).toEqual({
        ok: false,
        failure: { kind: 'offline', detail: 'nothing answers at the proxy 127.0.0.1:1', cause: 'proxy' },
      });
    }
  });

  test.each(['http', 'https', 'socks5'])('that never says a word over %s is given up and named', async (scheme) => {
    const { port } = await silentServer();
    const proxy = parseProxy(`${scheme}://anna:secret@127.0.0.1:${port}`);
    const target = { host: 'localhost', port: 1 };
    await expect(openTunnel(proxy, { target, secureContext: undefined, patienceMs: 50 })).rejects.toThrow(
      `the proxy 127.0.0.1:${port} does not answer`,
    );
  });

  test.each([
    ['gopher://anna:secret@127.0.0.1:70', 'the proxy 127.0.0.1 is of a kind that Firn cannot use (gopher)'],
    ['http://anna:secret@', 'the address of the proxy cannot be read'],
  ])('that Firn cannot use is told without its password: %s', async (url, detail) => {
    const glacier = bench.open('https://localhost:1', await via(parseProxy(url)));
    expect(await glacier.listVaults(never)).toEqual({
      ok: false,
      failure: { kind: 'offline', detail, cause: 'proxy' },
    });
  });
});

describe('several ways', () => {
  test('are tried in order until one opens, and one that failed is tried last from then on', async () => {
    const server = await httpsServer((_, response) =>
      response.setHeader('connection', 'close').end('{"VaultList":[]}'),
    );
    const refusing = await proxyServer({ status: 503 });
    const live = await proxyServer();
    const glacier = bench.open(
      server.url,
      await via(parseProxy(nowhere), parseProxy(refusing.url), parseProxy(live.url), null),
    );
    for (let count = 0; count < 2; count += 1) expect(await glacier.listVaults(never)).toEqual(ok([]));
    expect([refusing.tunnels.length, live.tunnels.length]).toEqual([1, 2]);
  });

  test('may end in a direct connection', async () => {
    const server = await httpsServer(noVaults);
    const glacier = bench.open(server.url, await via(parseProxy(nowhere), null));
    expect(await glacier.listVaults(never)).toEqual(ok([]));
  });
});

describe('the address of a proxy', () => {
  test.each([
    ['http://anna:pa%ss@p:3128', 'pa%ss'],
    ['http://anna:pa#ss@p:3128', 'pa#ss'],
    ['http://anna:p@s/s?w:d@p:3128', 'p@s/s?w:d'],
    ['http://anna:pa%23ss@p:3128', 'pa#ss'],
    ['anna:12#34@p:3128', '12#34'],
    ['socks5://anna:%E4@p:3128', '%E4'],
  ])('%s has a password with odd characters', (text, password) => {
    expect(parseProxy(text)).toMatchObject({ host: 'p', port: 3128, login: { username: 'anna', password } });
  });

  test.each([
    ['http://p', 'p:80'],
    ['https://p/', 'p:443'],
    ['socks5://p', 'p:1080'],
    ['http://[::1]:8080', '[::1]:8080'],
  ])('%s means %s', (text, name) => {
    expect(nameOf(parseProxy(text))).toBe(name);
  });
});

describe('the environment', () => {
  test.each([
    [{}, undefined],
    [{ https_proxy: 'http://p:3128' }, 'p:3128'],
    [{ HTTPS_PROXY: 'p:3128' }, 'p:3128'],
    [{ ALL_PROXY: 'http://p' }, 'p:80'],
    [{ HTTP_PROXY: 'http://p' }, undefined],
    [{ https_proxy: 'http://p', no_proxy: '*' }, null],
    [{ https_proxy: 'http://p', no_proxy: 'example.org, amazonaws.com' }, null],
    [{ https_proxy: 'http://p', no_proxy: '.eu-west-1.amazonaws.com:443' }, null],
    [{ https_proxy: 'http://p', no_proxy: 'amazonaws.com:8443' }, 'p:80'],
    [{ https_proxy: 'http://p', no_proxy: 'aws.com' }, 'p:80'],
    [{ no_proxy: 'amazonaws.com' }, null],
  ])('%j leads to %s', (environment, expected) => {
    const way = wayOfEnvironment(glacierUrl, environment);
    expect(way ? nameOf(way) : way).toBe(expected);
  });

  test.each([
    ['https://10.1.2.3', '192.168.0.0/16, 10.0.0.0/8', null],
    ['https://10.1.2.3', '10.2.0.0/16', 'p:80'],
    ['https://[fd00::12]:8443', 'fd00::/8', null],
    ['https://[fd00::12]', '10.0.0.0/8', 'p:80'],
    ['https://10.1.2.3', '10.0.0.0/99', 'p:80'],
    [glacierUrl, '10.0.0.0/8', 'p:80'],
  ])('leads to %s, with %s as exceptions, by %s', (url, no_proxy, expected) => {
    const way = wayOfEnvironment(url, { https_proxy: 'http://p', no_proxy });
    expect(way ? nameOf(way) : way).toBe(expected);
  });

  test('is never asked for what is on this computer', () => {
    const environment = { https_proxy: 'http://p', all_proxy: 'http://p' };
    for (const url of ['http://127.0.0.1:9', 'https://localhost:9', 'https://[::1]:9']) {
      expect(wayOfEnvironment(url, environment)).toBeNull();
    }
  });
});

describe("the system's settings", () => {
  test.each([
    ['DIRECT', [null]],
    ['PROXY proxy.example:8080; DIRECT', ['http://proxy.example:8080', null]],
    ['PROXY a:1;PROXY b:2', ['http://a:1', 'http://b:2']],
    ['HTTPS proxy.example:443', ['https://proxy.example:443']],
    ['SOCKS5 s:1080; SOCKS t:1080', ['socks5h://s:1080', 'socks4://t:1080']],
    ['', [null]],
  ])('"%s" lead to %j', (rules, expected) => {
    expect(waysOfRules(rules).map((way) => way && `${way.scheme}://${nameOf(way)}`)).toEqual(expected);
  });

  test.each([
    [{}, ['s:1', null]],
    [{ https_proxy: 'e:2' }, ['e:2']],
    [{ no_proxy: 'amazonaws.com' }, [null]],
  ])('count where the environment says nothing: %j', async (environment, expected) => {
    const network = new Network({ environment, systemRules: () => Promise.resolve('PROXY s:1; DIRECT') });
    const { ways } = await network.routeTo(glacierUrl);
    expect(ways.map((way) => way && nameOf(way))).toEqual(expected);
  });
});

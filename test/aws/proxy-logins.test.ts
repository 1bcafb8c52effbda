import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ProxyLogins } from '../../main/places/proxy-logins.ts';
import { Network } from '../../main/aws/network.ts';
import type { App } from '../../main/app/app.ts';
import { openApp } from '../../main/app/open.ts';
import { type SecretBox, noKeyring } from '../../main/places/secrets.ts';
import { ProxyLoginStore } from '../../main/store/proxy-logins.ts';
import type { AccountId } from '../../shared/account.ts';
import { ok } from '../../shared/result.ts';
import { testCertificate } from '../support/certificate.ts';
import { httpsServer, proxyServer } from '../support/https-server.ts';
import { keyring } from '../support/keyring.ts';
import { openStores } from '../support/store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { valueOf } from '../support/value-of.ts';

const anna = { username: 'anna', password: 'pa:ss wörd' };
const wrong = { username: 'anna', password: 'wrong' };

/** An office whose only way out asks for Anna's login. `open` starts Firn in it, as often as one likes. */
async function office() {
  const folder = temporaryFolder();
  const certificate = join(folder, 'office.pem');
  writeFileSync(certificate, testCertificate.cert);
  vi.stubEnv('AWS_CA_BUNDLE', certificate);
  for (const name of ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'no_proxy', 'NO_PROXY'])
    vi.stubEnv(name, undefined);
  const server = await httpsServer((_, response) => response.end('{"VaultList":[]}'));
  const authorization = `Basic ${Buffer.from(`${anna.username}:${anna.password}`).toString('base64')}`;
  const { url, tunnels } = await proxyServer({ authorization });
  const { host } = new URL(url);
  let app: App | null = null;
  const quit = async (): Promise<void> => {
    await app?.close();
    app = null;
  };
  onTestFinished(async () => {
    await quit();
    vi.unstubAllEnvs();
  });
  return {
    proxy: host,
    tunnels,
    endpointUrl: server.url.replace('localhost', 'glacier.test'),
    open: async (secrets: SecretBox): Promise<App> => {
      await quit();
      const systemProxies = (): Promise<string> => Promise.resolve(`PROXY ${host}`);
      const options = { dataFolder: join(folder, 'data'), codeFolder: resolve('out/main'), secrets, systemProxies };
      app = valueOf(await openApp({ ...options, log: () => undefined }));
      return app;
    },
  };
}

function connect(app: App, endpointUrl: string) {
  const keys = { accessKeyId: 'AKIAOFFICE0000000000', secretAccessKey: 'secret', sessionToken: null };
  return app.accounts.add({ kind: 'keys', name: 'Office', region: 'us-east-1', endpointUrl, ...keys, remember: true });
}

const problemOf = (app: App, id: AccountId) => app.accounts.list().find((account) => account.id === id)?.problem;

test('an account that waits for the password of a proxy goes on as soon as the right one is typed', async () => {
  const { proxy, endpointUrl, open } = await office();
  const first = await open(keyring);
  expect(await connect(first, endpointUrl)).toMatchObject({ failure: { kind: 'proxy-password', proxy } });
  expect(await first.accounts.logInToProxy(proxy, anna, false)).toEqual(ok(null));
  const { id } = valueOf(await connect(first, endpointUrl));

  const second = await open(keyring);
  await second.accounts.listVaults(id);
  const asks = { kind: 'proxy-password', proxy, refused: false };
  expect(problemOf(second, id)).toEqual(asks);
  expect(await second.accounts.logInToProxy(proxy, wrong, true)).toMatchObject({ failure: { ...asks, refused: true } });
  expect(problemOf(second, id)).toEqual(asks);
  expect(second.proxyLogins.list()).toEqual([]);
  expect(await second.accounts.logInToProxy(proxy, anna, true)).toEqual(ok(null));
  expect(problemOf(second, id)).toBeNull();
  expect(await second.accounts.listVaults(id)).toEqual(ok([]));
});

test('a login that is remembered is there after a restart, until it is forgotten', async () => {
  const { proxy, endpointUrl, open } = await office();
  const first = await open(keyring);
  await first.accounts.logInToProxy(proxy, anna, true);
  const { id } = valueOf(await connect(first, endpointUrl));

  const second = await open(keyring);
  expect(await second.accounts.listVaults(id)).toEqual(ok([]));
  expect(second.proxyLogins.list()).toEqual([{ proxy, kept: 'encrypted' }]);
  second.proxyLogins.forget(proxy);
  expect(second.proxyLogins.list()).toEqual([]);
  expect(await second.accounts.listVaults(id)).toMatchObject({ failure: { kind: 'proxy-password', refused: false } });
});

test('a login that a proxy refuses is not tried again and again, which locks people out', async () => {
  const { proxy, tunnels, endpointUrl, open } = await office();
  const app = await open(keyring);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAOFFICE0000000000');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  const { id } = app.accounts.of({ kind: 'environment' }, 'us-east-1', endpointUrl);
  await app.accounts.logInToProxy(proxy, wrong, false);
  await app.accounts.listVaults(id);
  expect(problemOf(app, id)).toEqual({ kind: 'proxy-password', proxy, refused: true });
  const tried = tunnels.length;
  await app.accounts.lookAgain();
  expect(tunnels).toHaveLength(tried);
});

test('without a keyring a login lives until Firn quits', async () => {
  const { proxy, endpointUrl, open } = await office();
  const first = await open(noKeyring);
  await first.accounts.logInToProxy(proxy, anna, true);
  valueOf(await connect(first, endpointUrl));
  expect(first.proxyLogins.list()).toEqual([{ proxy, kept: 'session' }]);
  expect((await open(noKeyring)).proxyLogins.list()).toEqual([]);
});

test('a keyring that is locked for a while takes no kept login away', () => {
  const store = new ProxyLoginStore(openStores().db);
  const kept = new ProxyLogins(keyring, store);
  kept.hold('p:1', anna);
  kept.keep('p:1', true);

  const locked = new ProxyLogins(noKeyring, store);
  expect(locked.of('p:1')).toBeNull();
  locked.hold('p:1', wrong);
  locked.keep('p:1', true);
  expect(new ProxyLogins(keyring, store).of('p:1')).toEqual(anna);
});

test('what was typed counts more than the login of the address, for that proxy alone', async () => {
  const typedLogin = (proxy: string) => (proxy === 'p:1' ? anna : null);
  const network = new Network({ environment: {}, systemRules: () => Promise.resolve('PROXY p:1; DIRECT'), typedLogin });
  const url = 'https://glacier.eu-west-1.amazonaws.com';
  expect((await network.routeTo(url)).ways).toMatchObject([{ host: 'p', login: anna }, null]);
  const named = (address: string) => new Network({ environment: { https_proxy: address }, typedLogin }).routeTo(url);
  expect((await named('http://bob:old@p:1')).ways).toMatchObject([{ login: anna }]);
  expect((await named('http://bob:old@p:2')).ways).toMatchObject([{ login: { username: 'bob' } }]);
});

import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { copyInThread, makeBackup } from '../../main/store/backup.ts';
import { DATABASE_FILE } from '../../main/store/records.ts';
import { ok } from '../../shared/result.ts';
import { MiB } from '../../shared/units.ts';
import { valueOf } from '../support/value-of.ts';
import { office } from './office.ts';
import { filesBelow, leaksIn, plantedSecret } from './planted.ts';
import { windowOf } from './window.ts';

test('a secret is found wherever and however it leaks', () => {
  const secret = plantedSecret('/+"');
  const places = new Map([
    ['raw', Buffer.from(`the proxy http://anna:${secret}@proxy is dead`)],
    ['encoded', Buffer.from(`http://anna:${encodeURIComponent(secret)}@proxy`)],
    ['header', Buffer.from(`Basic ${Buffer.from(`anna:${secret}`).toString('base64')}`)],
    ['page of a database', Buffer.concat([randomBytes(500), Buffer.from(secret), randomBytes(500)])],
    ['innocent', Buffer.from('the proxy 127.0.0.1:3128 is dead')],
  ]);
  expect(new Set(leaksIn(places, { secret }).map(({ place }) => place))).toEqual(
    new Set(['raw', 'encoded', 'header', 'page of a database']),
  );
});

test('no secret of an office stands in anything that Firn prints or writes', { timeout: 300_000 }, async () => {
  const { run, killed, folder, secrets, proxies, endpoint, dataFolder, printed } = await office();
  const files = join(folder, 'files');
  mkdirSync(files);
  for (const name of ['a.raw', 'b.raw']) writeFileSync(join(files, name), randomBytes(3 * MiB));
  const done = async (args: string[], environment: Record<string, string> = {}): Promise<string> => {
    const { code, output, problems } = await run(args, environment);
    expect({ args, code, problems: code === 0 ? '' : problems }).toEqual({ args, code: 0, problems: '' });
    return output;
  };
  const notDone = async (args: string[], environment: Record<string, string> = {}): Promise<void> => {
    const { code, output } = await run(args, environment);
    expect({ args, done: code === 0, output: code === 0 ? output : '' }).toEqual({ args, done: false, output: '' });
  };
  const upload = ['upload', '--vault', 'photos', '--part-size', '1MiB'];

  // The ways that work.
  for (const proxy of [proxies.http, proxies.https, proxies.socks]) {
    await done(['vault', 'create', 'photos'], { HTTPS_PROXY: proxy });
  }
  await done([...upload, '--json', join(files, 'a.raw')]);

  // The ways that do not, told in words and in JSON, and with a crash in the middle.
  for (const HTTPS_PROXY of [proxies.dead, proxies.deadSocks, proxies.unusable, proxies.refusing]) {
    await notDone(['vault', 'list'], { HTTPS_PROXY });
    await notDone(['--json', 'doctor', 'photos'], { HTTPS_PROXY });
  }
  for (const HTTPS_PROXY of [proxies.dead, proxies.deadSocks]) {
    await killed([...upload, '--json', join(files, 'b.raw')], /cannot be reached|nothing answers/, { HTTPS_PROXY });
    await run(['queue', '--json']);
  }
  for (const profile of ['failing', 'babbling', 'wrong-keys', 'sso', 'nobody']) {
    const unkeyed = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_SESSION_TOKEN: '' };
    for (const command of [
      ['vault', 'list'],
      ['doctor', 'photos'],
      [...upload, files],
    ]) {
      await notDone(['--profile', profile, ...command], unkeyed);
    }
  }
  const withPassword = endpoint.replace('//', `//anna:${secrets['password in the endpoint']}@`);
  for (const command of [
    ['vault', 'list'],
    [...upload, files],
  ]) {
    await notDone(['--endpoint-url', withPassword, ...command]);
  }

  // Back to what works: all that an account is used for.
  // The uploads of the profiles that have no credentials still wait for them.
  await run(['run']);
  await done(['inventory', '--wait', 'photos']);
  await done(['retrieve', '--search', 'a.raw', '--to', files, '--existing', 'keep-both', '--yes']);
  await done(['doctor', '--json', 'photos']);
  for (const format of ['csv', 'json', 'html']) {
    const to = join(dataFolder, `export.${format}`);
    await done(['catalogue', 'export', '--format', format, '--to', to]);
  }
  const foreign = join(folder, 'foreign.csv');
  writeFileSync(foreign, foreignList(secrets['endpoint in an imported file']));
  await run(['catalogue', 'import', foreign]);
  await run(['catalogue', 'import', '--json', foreign]);
  for (const look of ['queue', 'catalogue', 'retrievals']) await done([look, '--json']);
  expect(await done(['queue'])).toContain('Stored');

  await backUp(dataFolder);
  const written = filesBelow(dataFolder);
  expect([...written.keys()].map((path) => path.slice(dataFolder.length + 1))).toEqual(
    expect.arrayContaining(['firn.db', 'archives.jsonl', 'export.csv', expect.stringMatching(/^backups\//) as string]),
  );
  expect(leaksIn(new Map([...written, ...printed]), secrets)).toEqual([]);
});

test(
  'no password typed for a proxy stands in what the window is told or Firn writes',
  { timeout: 120_000 },
  async () => {
    const { folder, keys, secrets, endpoint, askingProxy: proxy, certificate, dataFolder, printed } = await office();
    const { app, selections, ask } = await windowOf({ dataFolder, proxy, certificate, told: printed });
    const account = {
      kind: 'keys',
      name: 'Office',
      region: 'us-east-1',
      endpointUrl: endpoint,
      remember: true,
    } as const;
    const connect = () => ask('accounts:add', { ...account, ...keys });
    const logIn = (password: string, username = 'anna') =>
      ask('proxies:log-in', { proxy, username, password, remember: true });
    const { 'password typed for a proxy': right, 'wrong password typed for a proxy': wrong } = secrets;

    await connect();
    expect(await logIn(wrong, 'anna:')).toMatchObject({ failure: { kind: 'invalid-input' } });
    await logIn(wrong);
    expect(await connect()).toMatchObject({ failure: { kind: 'proxy-password', refused: true } });
    await logIn(right);
    const { id: accountId } = valueOf(await connect());

    // An account that waits tries what is typed.
    await ask('proxies:forget', { proxy });
    await ask('vaults:list', { accountId });
    expect(await logIn(wrong)).toMatchObject({ failure: { kind: 'proxy-password', refused: true } });
    expect(await logIn(right)).toEqual(ok(null));
    expect(await ask('proxies:list', {})).toEqual(ok([{ proxy, kept: 'encrypted' }]));

    // Worker threads send the parts.
    const file = join(folder, 'a.raw');
    writeFileSync(file, randomBytes(3 * MiB));
    valueOf(await ask('vaults:create', { accountId, name: 'photos' }));
    const selectionId = selections.keep([file]).id;
    valueOf(await ask('uploads:enqueue', { accountId, vault: 'photos', selectionId, partSize: MiB, again: false }));
    await expect.poll(() => app.uploads.list().map(({ phase }) => phase.kind), { timeout: 60_000 }).toEqual(['stored']);

    await backUp(dataFolder);
    expect(leaksIn(new Map([...filesBelow(dataFolder), ...printed]), secrets)).toEqual([]);
  },
);

async function backUp(dataFolder: string): Promise<void> {
  const made = await makeBackup(
    {
      file: join(dataFolder, DATABASE_FILE),
      folder: join(dataFolder, 'backups'),
      at: Date.now(),
      beforeMigrationOf: null,
    },
    copyInThread(resolve('out/main/backup-thread.js')),
    () => undefined,
  );
  expect(made).toMatchObject({ kind: 'copied' });
}

function foreignList(password: string): string {
  const header =
    'archive_id,path,size,tree_hash,vault,region,location,account_id,account_name,credentials,endpoint_url';
  const account = '00000000-0000-4000-8000-000000000001,studio,profile studio';
  const row = `${'A'.repeat(138)},x.raw,1,${'0'.repeat(64)},photos,us-east-1,,${account},https://anna:${password}@glacier.test`;
  return `${header}\n${row}\n`;
}

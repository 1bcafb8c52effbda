import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { PRACTICE_ACCOUNT_NUMBER } from '../../main/practice/credentials.ts';
import { fail, ok } from '../../shared/result.ts';
import { scriptedServer } from '../support/scripted-server.ts';
import { OWN_KEYS, VAULT, World } from '../support/world.ts';

function never(): never {
  throw new Error('Nothing was added');
}

/** A line of a catalogue that tells of one archive of this account. */
function lineOf(account: object): string {
  return JSON.stringify({
    at: '2026-01-01T00:00:00.000Z',
    event: 'stored',
    vault: VAULT,
    path: '/photos/a.raw',
    size: 5,
    modifiedNs: null,
    archiveId: 'A'.repeat(138),
    treeHash: 'a'.repeat(64),
    location: '',
    description: '',
    region: 'us-east-1',
    account,
    uploadId: null,
    toldBy: 'upload',
  });
}

async function importAccount(world: World, endpointUrl: string) {
  const source = { kind: 'keys', accessKeyId: 'AKIAOFANOTHER0000000', kept: 'encrypted' };
  const file = join(world.folder, 'catalogue.jsonl');
  writeFileSync(file, lineOf({ id: 'stranger', name: 'Backup', source, endpointUrl }));
  const imported = await world.app.importCatalogue(file, () => Promise.reject(new Error('it says whose it is')));
  expect(imported).toMatchObject({ ok: true, value: { added: 1 } });
  const account = world.app.accounts.list().find(({ source: { kind } }) => kind === 'imported');
  if (!account) throw new Error('no account was imported');
  return account;
}

const keys = { ...OWN_KEYS, sessionToken: null, remember: true };

it('an account that was imported contacts nobody, whatever is asked of it, until it is confirmed', async () => {
  const world = await World.open();
  const stranger = await scriptedServer();
  const { id, problem } = await importAccount(world, stranger.url);
  expect(problem).toEqual({ kind: 'account-unconfirmed', endpointUrl: stranger.url });
  const [upload] = await world.add([world.file('a.raw')], { accountId: id });
  await world.rest();
  const { accounts } = world.app;
  const unconfirmed = { ok: false, failure: { kind: 'account-unconfirmed' } };
  expect(await accounts.listVaults(id)).toMatchObject(unconfirmed);
  expect(await accounts.signIn(id, keys)).toMatchObject(unconfirmed);
  // Somebody was shown another service than the one that would be used.
  expect(await accounts.confirm(id, null, keys)).toMatchObject(unconfirmed);
  expect([world.state(upload ?? never()), stranger.received]).toEqual(['queued', []]);
});

it('an account that was imported is what it was told to be once it is confirmed, and its queue goes on', async () => {
  const world = await World.open();
  const { id } = await importAccount(world, world.line.url);
  expect(await world.app.accounts.confirm(id, world.line.url, keys)).toMatchObject({
    value: { number: PRACTICE_ACCOUNT_NUMBER, endpointUrl: world.line.url, problem: null },
  });
  const [upload] = await world.add([world.file('a.raw')], { accountId: id });
  await world.reaches(upload ?? never(), 'stored');
});

it('an account that is connected anew takes over what the catalogue knows of its AWS account', async () => {
  const world = await World.open();
  const [id] = await world.add([world.file('a.raw')]);
  await world.reaches(id ?? never(), 'stored');
  await world.app.queue.clear();
  expect(world.app.accounts.remove(world.accountId)).toEqual(ok(null));
  const place = { name: 'Again', region: 'us-east-1', endpointUrl: world.line.url };
  expect(await world.app.accounts.add({ kind: 'keys', ...place, ...keys })).toMatchObject({
    value: { id: world.accountId },
  });
  const path = join(world.folder, 'files', 'a.raw');
  const choice = {
    accountId: world.accountId,
    vault: VAULT,
    partSize: null,
    preferredPartSize: 1024 ** 2,
    again: false,
  };
  expect(await world.app.queue.enqueue([path], choice)).toMatchObject({ value: { added: 0, alreadyThere: 1 } });
});

it('a file that another account of the same AWS account has stored is there already', async () => {
  const world = await World.open();
  const path = world.file('a.raw');
  const [id] = await world.add([path]);
  await world.reaches(id ?? never(), 'stored');
  vi.stubEnv('AWS_ACCESS_KEY_ID', keys.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', keys.secretAccessKey);
  onTestFinished(() => void vi.unstubAllEnvs());
  const twin = world.app.accounts.of({ kind: 'environment' }, 'us-east-1', world.line.url);
  expect((await world.app.accounts.describeVault(twin.id, VAULT)).ok).toBe(true);
  const choice = { accountId: twin.id, vault: VAULT, partSize: null, preferredPartSize: 1024 ** 2, again: false };
  expect(twin.id).not.toBe(world.accountId);
  expect(await world.app.queue.enqueue([path], choice)).toMatchObject({ value: { added: 0, alreadyThere: 1 } });
});

it('an account that Firn has already is not added a second time under other credentials', async () => {
  const world = await World.open();
  const place = { name: 'Twin', region: 'us-east-1', endpointUrl: world.line.url };
  expect(await world.app.accounts.add({ kind: 'keys', ...place, ...keys })).toEqual(
    fail({ kind: 'account-there', name: 'Test', number: PRACTICE_ACCOUNT_NUMBER, region: 'us-east-1' }),
  );
  expect(world.app.accounts.list()).toMatchObject([{ id: world.accountId, problem: null }]);
});

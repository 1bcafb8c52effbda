import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { KeyRing } from '../../main/places/key-ring.ts';
import { type PracticeCredentials } from '../../main/practice/server.ts';
import type { AccountId } from '../../shared/account.ts';
import { HOUR, MiB } from '../../shared/units.ts';
import { refusal } from '../support/line.ts';
import { account as storeAccount, openStores } from '../support/store.ts';
import { worldNow } from '../support/test-clock.ts';
import { OWN_KEYS, World } from '../support/world.ts';

function never(): never {
  throw new Error('Nothing was added');
}

const session = (expiresAt: number): PracticeCredentials => ({
  accessKeyId: 'ASIATEMPORARY0000000',
  secretAccessKey: 'temporary',
  sessionToken: 'the-first-token',
  expiresAt,
});
const fresh: PracticeCredentials = {
  accessKeyId: 'ASIATEMPORARY0000001',
  secretAccessKey: 'temporary-too',
  sessionToken: 'the-second-token',
};

async function signIn(world: World, { accessKeyId, secretAccessKey, sessionToken = null }: PracticeCredentials) {
  const keys = { accessKeyId, secretAccessKey, sessionToken, remember: true };
  return world.app.accounts.signIn(world.accountId, keys);
}

describe('credentials', () => {
  it('that expire in the middle make the queue wait; nothing is failed, and it goes on after the sign-in', async () => {
    const expiresAt = worldNow() + 10 * HOUR;
    const world = await World.open({ credentials: session(expiresAt), settings: { parallelParts: 1 } });
    const gate = world.line.gate('UploadMultipartPart');
    const ids = await world.add(['a', 'b', 'c'].map((name) => world.file(name, 2 * MiB)));
    await gate.arrived;
    world.pass(11 * HOUR);
    gate.open();
    await world.rest();
    expect(world.app.accounts.list()).toMatchObject([{ problem: { kind: 'credentials-expired' } }]);
    for (const id of ids) expect(world.upload(id).hold?.kind).not.toBe('failed');
    const asked = world.line.passages.length;
    world.pass(HOUR);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(world.line.passages.length).toBe(asked);

    world.credentials.push(fresh);
    expect(await signIn(world, fresh)).toMatchObject({ ok: true });
    await world.rest();
    expect(ids.map((id) => world.state(id))).toEqual(['stored', 'stored', 'stored']);
    expect(world.app.accounts.list()).toMatchObject([{ problem: null }]);
    expect(await world.broken()).toEqual([]);
  });

  it('of the environment or a profile are tried again when the computer wakes, since their tools may have been offline', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', OWN_KEYS.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', OWN_KEYS.secretAccessKey);
    onTestFinished(() => void vi.unstubAllEnvs());
    const world = await World.open();
    const account = world.app.accounts.of({ kind: 'environment' }, 'us-east-1', world.line.url);
    const refused = world.credentials.shift();
    const [ofEnvironment = never()] = await world.add([world.file('a.raw')], { accountId: account.id });
    const [ofKeys = never()] = await world.add([world.file('b.raw')]);
    await world.until('both wait', () => world.app.accounts.list().every(({ problem }) => problem !== null));
    await world.rest();
    if (refused) world.credentials.unshift(refused);
    world.app.sleep.begin();
    world.app.sleep.end();
    await world.reaches(ofEnvironment, 'stored');
    expect(world.state(ofKeys)).not.toBe('stored');
    const problems = new Map(world.app.accounts.list().map(({ id, problem }) => [id, problem?.kind]));
    expect(problems.get(account.id)).toBeUndefined();
    expect(problems.get(world.accountId)).toBe('credentials-rejected');
  });

  it('that are wrong are not taken, and the queue goes on waiting', async () => {
    const world = await World.open({ credentials: session(worldNow() + HOUR) });
    world.pass(2 * HOUR);
    const [id = never()] = await world.add([world.file('a.raw')]);
    await world.rest();
    const wrong = { ...fresh, secretAccessKey: 'a/typing/error' };
    world.credentials.push(fresh);
    expect(await signIn(world, wrong)).toMatchObject({ failure: { kind: 'credentials-rejected' } });
    expect(world.app.accounts.list()).toMatchObject([{ problem: { kind: 'credentials-expired' } }]);
    expect(world.state(id)).toBe('queued');
    expect(await signIn(world, fresh)).toMatchObject({ ok: true });
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });

  it('of a wrong secret make the queue wait as well', async () => {
    const world = await World.open();
    const changed = { accessKeyId: 'AKIAOFFIRN0000000000', secretAccessKey: 'changed/at/Amazon' };
    world.credentials[0] = changed;
    const [id = never()] = await world.add([world.file('a.raw')]);
    await world.rest();
    expect(world.state(id)).toBe('queued');
    expect(world.app.accounts.list()).toMatchObject([{ problem: { kind: 'credentials-rejected' } }]);
    expect(await signIn(world, changed)).toMatchObject({ ok: true });
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });

  it('that were replaced while a request with the old ones was under way are not doubted again', async () => {
    const world = await World.open({ credentials: session(worldNow() + 10 * HOUR), settings: { parallelParts: 2 } });
    const [first, late] = [world.line.gate('UploadMultipartPart'), world.line.gate('UploadMultipartPart')];
    const ids = await world.add([world.file('a.raw', 1 * MiB), world.file('b.raw', 1 * MiB)]);
    await Promise.all([first.arrived, late.arrived]);
    world.pass(11 * HOUR);
    first.open();
    await world.until('waiting', () => world.app.accountWaits.isWaiting(world.accountId));
    world.credentials.push(fresh);
    expect(await signIn(world, fresh)).toMatchObject({ ok: true });
    late.open();
    await world.until('stored', () => ids.every((id) => world.state(id) === 'stored'));
    expect(world.app.accounts.list()).toMatchObject([{ problem: null }]);
    expect(await world.broken()).toEqual([]);
  });

  it('of a closed account make the queue wait and say why', async () => {
    const world = await World.open();
    world.line.next('InitiateMultipartUpload', refusal(400, 'NoLongerSupportedException', 'no longer supported'));
    const [id = never()] = await world.add([world.file('a.raw')]);
    await world.rest();
    expect(world.state(id)).toBe('queued');
    expect(world.app.accounts.list()).toMatchObject([{ problem: { kind: 'closed-account' } }]);
  });

  it('that are kept survive a restart', async () => {
    const world = await World.open();
    await world.restart();
    const [id = never()] = await world.add([world.file('a.raw')]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
  });

  it('that are kept stand nowhere in the clear', async () => {
    const world = await World.open();
    const [id = never()] = await world.add([world.file('a.raw')]);
    await world.reaches(id, 'stored');
    await world.restart();
    const files = readdirSync(world.dataFolder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    expect(files.length).toBeGreaterThan(2);
    for (const { parentPath, name } of files) {
      expect(readFileSync(join(parentPath, name)).includes(OWN_KEYS.secretAccessKey), name).toBe(false);
    }
  });

  it('that are missing do not keep an upload from being paused or cancelled', async () => {
    const world = await World.open({ credentials: session(worldNow() + HOUR) });
    world.pass(2 * HOUR);
    const [a = never(), b = never()] = await world.add([world.file('a.raw'), world.file('b.raw')]);
    await world.rest();
    await world.app.queue.pause([a]);
    await world.app.queue.cancel([b]);
    expect([world.state(a), world.state(b)]).toEqual(['queued paused', 'cancelled']);
  });
});

it('a keyring that is locked for a while takes no kept key away', () => {
  const keyring = {
    available: true,
    encrypt: (text: string) => Buffer.from(text).reverse(),
    decrypt: (secret: Uint8Array) => (keyring.available ? Buffer.from(secret).reverse().toString() : null),
  };
  const db = openStores();
  const keys = { accessKeyId: 'AKIAKEPT000000000000', secretAccessKey: 'kept', sessionToken: null };
  const source = { kind: 'keys', accessKeyId: keys.accessKeyId, kept: 'encrypted' } as const;
  const account = { ...storeAccount, id: 'kept' as AccountId, source };
  const ring = new KeyRing(keyring, db.accounts);
  ring.hold(account.id, keys);
  db.accounts.put(account, ring.seal(account), 1);

  keyring.available = false;
  const locked = new KeyRing(keyring, db.accounts);
  expect([locked.keys(account.id), locked.canKeep(account.id)]).toEqual([null, true]);
  locked.hold(account.id, keys);
  db.accounts.put(account, locked.seal(account), 1);

  const later = new KeyRing(keyring, db.accounts);
  expect(later.keys(account.id)).toBeNull();
  keyring.available = true;
  expect(later.keys(account.id)).toEqual(keys);
});

import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { PRACTICE_ACCOUNT_NUMBER } from '../../main/practice/credentials.ts';
import { MiB } from '../../shared/units.ts';
import { DeletionWorld } from '../support/deletion-world.ts';
import { refusal } from '../support/line.ts';
import { reply, scriptedServer } from '../support/scripted-server.ts';
import { OWN_KEYS, VAULT, World } from '../support/world.ts';

const OTHER = '444455556666';
const wrongAccount = { kind: 'wrong-account', expected: PRACTICE_ACCOUNT_NUMBER, found: OTHER };

function never(): never {
  throw new Error('Nothing was added');
}

function problemOf({ app }: World): unknown {
  return app.accounts.list()[0]?.problem;
}

function signIn(world: World) {
  return world.app.accounts.signIn(world.accountId, { ...OWN_KEYS, sessionToken: null, remember: true });
}

/** The keys are suddenly of another AWS account, which has a vault of the same name. */
async function switchTo(world: World, number: string): Promise<void> {
  await world.switchAwsAccount(number);
  await world.client.createVault(VAULT);
}

describe('an account is an AWS account number, which', () => {
  it('is known as soon as the account is added, and kept', async () => {
    const world = await World.open();
    await world.restart();
    expect(world.app.accounts.list()).toMatchObject([{ number: PRACTICE_ACCOUNT_NUMBER }]);
  });

  it('keys of another one do not become, and the old keys stay', async () => {
    const world = await World.open();
    await switchTo(world, OTHER);
    expect(await signIn(world)).toEqual({ ok: false, failure: wrongAccount });
    await world.switchAwsAccount(null);
    const [id = never()] = await world.add([world.file('a.raw')]);
    await world.reaches(id, 'stored');
    expect(await world.broken()).toEqual([]);
  });

  it('another one never gets an upload of, nor makes Firn forget what was sent', async () => {
    const world = await World.open({ settings: { parallelParts: 1 } });
    const gate = world.line.gate('UploadMultipartPart', 'answer');
    const [id = never()] = await world.add([world.file('a.raw', 3 * MiB)]);
    await gate.arrived;
    const sent = world.line.count('UploadMultipartPart');
    await world.quit();
    gate.open();
    await switchTo(world, OTHER);
    await world.openFirn();
    await world.rest();
    expect(problemOf(world)).toEqual(wrongAccount);
    expect(world.state(id)).toBe('uploading');
    expect(world.events(id)).not.toContain('multipart-lost');
    expect(world.line.count('UploadMultipartPart')).toBe(sent);

    await world.switchAwsAccount(null);
    expect(await signIn(world)).toMatchObject({ ok: true });
    await world.reaches(id, 'stored');
    expect(world.line.count('InitiateMultipartUpload')).toBe(1);
    expect(await world.broken()).toEqual([]);
  });

  it('another one cannot call an upload complete that it does not know', async () => {
    const world = await World.open();
    const gate = world.line.gate('CompleteMultipartUpload');
    const [id = never()] = await world.add([world.file('a.raw')]);
    await gate.arrived;
    await switchTo(world, OTHER);
    gate.open();
    await world.rest();
    expect([problemOf(world), world.state(id)]).toEqual([wrongAccount, 'completing']);
  });

  it('another one deletes nothing of, and no archive leaves the catalogue', async () => {
    const deletion = await DeletionWorld.open();
    const { world } = deletion;
    await deletion.store(3);
    await switchTo(world, OTHER);
    const [id = never()] = await deletion.deleteAll();
    await world.until('held', () => problemOf(world) !== null);
    expect(problemOf(world)).toEqual(wrongAccount);
    expect(world.app.catalogue.count()).toBe(3);

    await world.switchAwsAccount(null);
    expect(await signIn(world)).toMatchObject({ ok: true });
    await deletion.reaches(id, 'done');
    expect(world.app.catalogue.count()).toBe(0);
  });

  it('another one has no vault of, and its emptying is not done for that', async () => {
    const deletion = await DeletionWorld.open();
    const { world } = deletion;
    const gate = world.line.gate('DeleteVault');
    const id = await deletion.empty();
    await gate.arrived;
    await world.switchAwsAccount(OTHER);
    await world.client.createVault('videos');
    gate.open();
    await world.until('held', () => problemOf(world) !== null);
    expect(problemOf(world)).toEqual(wrongAccount);
    expect(deletion.state(id)).toBe('closing');
  });

  it('is learnt from the answer to an upload where no vault may be listed or looked at', async () => {
    const world = await World.open();
    await world.quit();
    const denied = refusal(403, 'AccessDeniedException', 'not allowed');
    world.line.next('ListVaults', denied, 100);
    world.line.next('DescribeVault', denied, 100);
    await world.forgetAll();
    expect(world.app.accounts.list()).toMatchObject([{ number: null }]);
    const [id = never()] = await world.add([world.file('a.raw')]);
    await world.reaches(id, 'stored');
    expect(world.app.accounts.list()).toMatchObject([{ number: PRACTICE_ACCOUNT_NUMBER }]);
  });

  it('must be known before an archive that is not there counts as deleted', async () => {
    const deletion = await DeletionWorld.open();
    const { world } = deletion;
    await world.quit();
    const denied = refusal(403, 'AccessDeniedException', 'not allowed');
    world.line.next('ListVaults', denied, 100);
    world.line.next('DescribeVault', denied, 100);
    await world.forgetAll();
    deletion.imagine(1);
    await deletion.deleteAll();
    await world.until('held', () => problemOf(world) !== null);
    expect(problemOf(world)).toEqual({ kind: 'account-unknown' });
    expect([world.app.catalogue.count(), world.line.count('DeleteArchive')]).toEqual([1, 0]);
  });

  it('is asked of STS where the vaults do not tell it', async () => {
    const sts = await scriptedServer();
    sts.next(reply(200, { text: `<Account>${PRACTICE_ACCOUNT_NUMBER}</Account>` }));
    vi.stubEnv('AWS_ENDPOINT_URL_STS', sts.url);
    onTestFinished(() => void vi.unstubAllEnvs());
    const deletion = await DeletionWorld.open();
    const { world } = deletion;
    await world.quit();
    const denied = refusal(403, 'AccessDeniedException', 'not allowed');
    world.line.next('ListVaults', denied, 100);
    world.line.next('DescribeVault', denied, 100);
    await world.forgetAll();
    expect(world.app.accounts.list()).toMatchObject([{ number: PRACTICE_ACCOUNT_NUMBER }]);
    deletion.imagine(1);
    await deletion.deleteAll();
    await world.until('deleted', () => world.app.catalogue.count() === 0);
    expect(problemOf(world)).toBeNull();
  });
});

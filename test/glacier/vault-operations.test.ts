import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fail, ok } from '../../shared/result.ts';
import { DAY, HOUR, MiB } from '../../shared/units.ts';
import type { ArchiveId } from '../../shared/upload.ts';
import type { Destination } from '../../main/core/ports.ts';
import type { GlacierExtras } from '../../main/glacier/destination.ts';
import { glacierBench, never } from '../support/glacier-bench.ts';
import { type PracticeBench, practiceBench } from '../support/practice-bench.ts';
import { valueOf } from '../support/value-of.ts';
import { treeHashByDefinition as treeHashOf } from '../support/tree-hash-by-definition.ts';

const bench = glacierBench();

type Place = { practice: PracticeBench; glacier: GlacierExtras & Destination };

async function photos(): Promise<Place> {
  const practice = await practiceBench();
  const glacier = bench.open(practice.vault().url, { clock: () => practice.now() });
  valueOf(await glacier.createVault('photos', never));
  return { practice, glacier };
}

async function store({ glacier }: Place, name: string, content: Buffer, description = name): Promise<ArchiveId> {
  const source = await bench.file(name, content);
  const upload = { vault: 'photos', description, source };
  return valueOf(await glacier.uploadArchive(upload, { signal: never, onSent: () => undefined })).archiveId;
}

describe('an archive', () => {
  test('goes up in one request and comes back in ranges, each with its tree hash checked', async () => {
    const place = await photos();
    const { glacier, practice } = place;
    const content = randomBytes(6.5 * MiB);
    const archiveId = await store(place, 'a', content, 'one "request", only');
    const { jobId } = valueOf(
      await glacier.requestArchive({ vault: 'photos', archiveId, tier: 'Expedited', description: 'back' }, never),
    );
    expect(valueOf(await glacier.describeJob('photos', jobId, never))).toMatchObject({ status: 'in-progress' });
    expect(await output(glacier, jobId)).toMatchObject({ failure: { kind: 'rejected' } });
    practice.wait(1 * HOUR);

    const treeHash = treeHashOf(content);
    expect(valueOf(await glacier.describeJob('photos', jobId, never))).toMatchObject({
      jobId,
      status: 'succeeded',
      description: 'back',
      purpose: {
        kind: 'archive',
        archiveId,
        archiveSize: content.length,
        archiveTreeHash: treeHash,
        range: { first: 0, last: content.length - 1 },
        tier: 'Expedited',
      },
    });
    const whole = await output(glacier, jobId);
    expect(whole).toMatchObject({
      ok: true,
      value: { treeHash, confirmed: true, description: 'one "request", only', length: content.length },
    });
    expect(whole.bytes.equals(content)).toBe(true);

    const aligned = await output(glacier, jobId, { first: 4 * MiB, last: content.length - 1 });
    expect(aligned).toMatchObject({ ok: true, value: { confirmed: true } });
    expect(aligned.bytes.equals(content.subarray(4 * MiB))).toBe(true);
    const odd = await output(glacier, jobId, { first: 5, last: 7 });
    expect(odd).toMatchObject({ ok: true, value: { confirmed: false, treeHash: treeHashOf(content.subarray(5, 8)) } });
    expect(odd.bytes.equals(content.subarray(5, 8))).toBe(true);
  });

  test('can be asked for in part', async () => {
    const place = await photos();
    const content = randomBytes(3 * MiB);
    const archiveId = await store(place, 'a', content);
    const range = { first: 2 * MiB, last: 3 * MiB - 1 };
    const request = { vault: 'photos', archiveId, tier: 'Bulk' as const, range, snsTopic: 'arn:aws:sns:us-east-1:1:t' };
    const { jobId } = valueOf(await place.glacier.requestArchive(request, never));
    place.practice.wait(10 * HOUR);
    expect(valueOf(await place.glacier.describeJob('photos', jobId, never))).toMatchObject({
      snsTopic: request.snsTopic,
      purpose: { range, tier: 'Bulk' },
    });
    expect((await output(place.glacier, jobId)).bytes.equals(content.subarray(2 * MiB))).toBe(true);
  });

  test('can be deleted, twice', async () => {
    const place = await photos();
    const archiveId = await store(place, 'a', Buffer.from('a'));
    expect(await place.glacier.deleteArchive({ vault: 'photos', archiveId }, never)).toEqual(ok(null));
    expect(await place.glacier.deleteArchive({ vault: 'photos', archiveId }, never)).toEqual(ok(null));
    expect(await place.glacier.deleteArchive({ vault: 'nothing', archiveId }, never)).toEqual(
      fail({ kind: 'vault-missing', vault: 'nothing' }),
    );
  });

  test('that is empty or larger than 4 GiB does not go up in one request', async () => {
    const { glacier } = await photos();
    const empty = await bench.file('empty', Buffer.alloc(0));
    const large = { ...empty, identity: { ...empty.identity, size: 4 * 1024 ** 3 + 1 } };
    const send = (source: typeof empty) =>
      glacier.uploadArchive({ vault: 'photos', description: '', source }, { signal: never, onSent: () => undefined });
    expect(await send(empty)).toMatchObject({ failure: { kind: 'file-empty' } });
    expect(await send(large)).toMatchObject({ failure: { kind: 'invalid-input' } });
  });
});

describe('an inventory', () => {
  test('says the same in JSON, in CSV, and in pieces', async () => {
    const place = await photos();
    const { glacier, practice } = place;
    const ids = new Map<string, string>();
    for (const description of ['plain', 'with, comma', 'with "quotes"', '']) {
      ids.set(await store(place, 'a', Buffer.from('a'), description), description);
    }
    practice.wait(2 * DAY);
    const jsonJob = valueOf(await glacier.requestInventory('photos', never));
    const csvJob = valueOf(await glacier.requestInventoryJob({ vault: 'photos', format: 'CSV' }, never));
    const firstJob = valueOf(
      await glacier.requestInventoryJob(
        { vault: 'photos', format: 'JSON', limit: 3, from: 0, until: practice.now() },
        never,
      ),
    );
    practice.wait(5 * HOUR);

    const { archives } = valueOf(await glacier.inventory('photos', jsonJob.jobId, never));
    expect(new Map(archives.map(({ archiveId, description }) => [archiveId, description]))).toEqual(ids);
    expect(valueOf(await glacier.csvInventory({ vault: 'photos', jobId: csvJob.jobId }, never))).toEqual(archives);

    const { purpose } = valueOf(await glacier.describeJob('photos', firstJob.jobId, never));
    const marker = purpose.kind === 'inventory' ? purpose.marker : null;
    if (marker === null) throw new Error('no marker');
    const secondJob = valueOf(
      await glacier.requestInventoryJob({ vault: 'photos', format: 'JSON', limit: 3, marker }, never),
    );
    practice.wait(5 * HOUR);
    const pieces = [firstJob, secondJob].map(
      async ({ jobId }) => valueOf(await glacier.inventory('photos', jobId, never)).archives,
    );
    expect((await Promise.all(pieces)).map(({ length }) => length)).toEqual([3, 1]);
    expect((await Promise.all(pieces)).flat()).toEqual(archives);
  });

  test('is not there before the first one was made', async () => {
    const { glacier } = await photos();
    expect(await glacier.requestInventory('photos', never)).toEqual(
      fail({ kind: 'not-found', what: 'An inventory of the vault "photos"' }),
    );
    expect(await glacier.requestInventory('nothing', never)).toEqual(fail({ kind: 'vault-missing', vault: 'nothing' }));
    expect(await glacier.describeJob('photos', 'J', never)).toEqual(fail({ kind: 'not-found', what: 'The job' }));
  });
});

test('jobs are listed by how far they are', async () => {
  const place = await photos();
  const archiveId = await store(place, 'a', Buffer.from('a'));
  const ask = async (tier: 'Expedited' | 'Bulk') =>
    valueOf(await place.glacier.requestArchive({ vault: 'photos', archiveId, tier }, never)).jobId;
  const fast = await ask('Expedited');
  const slow = await ask('Bulk');
  place.practice.wait(1 * HOUR);
  const listed = async (filter: Parameters<GlacierExtras['listJobs']>[1]) =>
    valueOf(await place.glacier.listJobs('photos', filter, never)).map(({ jobId }) => jobId);
  expect((await listed({})).toSorted()).toEqual([fast, slow].toSorted());
  expect(await listed({ completed: true })).toEqual([fast]);
  expect(await listed({ status: 'InProgress' })).toEqual([slow]);
});

describe('a vault', () => {
  test('keeps tags, more than fit into one request', async () => {
    const { glacier } = await photos();
    const tags = Object.fromEntries(Array.from({ length: 23 }, (_, index) => [`tag ${index}`, `value ${index}`]));
    expect(await glacier.addTags('photos', tags, never)).toEqual(ok(null));
    expect(await glacier.listTags('photos', never)).toEqual(ok(tags));
    expect(await glacier.removeTags('photos', Object.keys(tags).slice(1), never)).toEqual(ok(null));
    expect(await glacier.listTags('photos', never)).toEqual(ok({ 'tag 0': 'value 0' }));
  });

  test('keeps whom to notify', async () => {
    const { glacier } = await photos();
    const notifications = {
      snsTopic: 'arn:aws:sns:us-east-1:111122223333:topic',
      events: ['ArchiveRetrievalCompleted' as const],
    };
    expect(await glacier.getNotifications('photos', never)).toEqual(ok(null));
    expect(await glacier.setNotifications('photos', notifications, never)).toEqual(ok(null));
    expect(await glacier.getNotifications('photos', never)).toEqual(ok(notifications));
    expect(await glacier.setNotifications('photos', null, never)).toEqual(ok(null));
    expect(await glacier.getNotifications('photos', never)).toEqual(ok(null));
    expect(await glacier.getNotifications('nothing', never)).toEqual(fail({ kind: 'vault-missing', vault: 'nothing' }));
  });

  const policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });

  test('keeps an access policy', async () => {
    const { glacier } = await photos();
    expect(await glacier.getAccessPolicy('photos', never)).toEqual(ok(null));
    expect(await glacier.setAccessPolicy('photos', policy, never)).toEqual(ok(null));
    expect(await glacier.getAccessPolicy('photos', never)).toEqual(ok(policy));
    expect(await glacier.setAccessPolicy('photos', null, never)).toEqual(ok(null));
    expect(await glacier.getAccessPolicy('photos', never)).toEqual(ok(null));
  });

  test('is locked in two steps, and then for good', async () => {
    const { glacier, practice } = await photos();
    expect(await glacier.getVaultLock('photos', never)).toEqual(ok(null));
    const first = valueOf(await glacier.initiateVaultLock('photos', policy, never));
    expect(valueOf(await glacier.getVaultLock('photos', never))).toEqual({
      policy,
      state: 'InProgress',
      createdAt: practice.now(),
      expiresAt: practice.now() + 1 * DAY,
    });
    expect(await glacier.abortVaultLock('photos', never)).toEqual(ok(null));
    expect(await glacier.completeVaultLock('photos', first.lockId, never)).toMatchObject({ ok: false });
    const { lockId } = valueOf(await glacier.initiateVaultLock('photos', policy, never));
    expect(await glacier.completeVaultLock('photos', lockId, never)).toEqual(ok(null));
    expect(valueOf(await glacier.getVaultLock('photos', never))).toMatchObject({ state: 'Locked', expiresAt: null });
    expect(await glacier.abortVaultLock('photos', never)).toMatchObject({ failure: { kind: 'access-denied' } });
  });

  test('is deleted when it is empty, and not otherwise', async () => {
    const place = await photos();
    await store(place, 'a', Buffer.from('a'));
    expect(await place.glacier.deleteVault('photos', never)).toMatchObject({
      failure: { kind: 'rejected', message: expect.stringContaining('Vault not empty') as string },
    });
    valueOf(await place.glacier.createVault('empty', never));
    expect(await place.glacier.deleteVault('empty', never)).toEqual(ok(null));
    expect(await place.glacier.describeVault('empty', never)).toEqual(fail({ kind: 'vault-missing', vault: 'empty' }));
  });
});

describe('an account', () => {
  test('limits its retrievals', async () => {
    const { glacier } = await photos();
    for (const policy of [
      { strategy: 'BytesPerHour' as const, bytesPerHour: 10_737_418_240 },
      { strategy: 'FreeTier' as const },
      { strategy: 'None' as const },
    ]) {
      expect(await glacier.setRetrievalPolicy(policy, never)).toEqual(ok(null));
      expect(await glacier.getRetrievalPolicy(never)).toEqual(ok(policy));
    }
  });

  test('buys capacity for a month', async () => {
    const { glacier, practice } = await photos();
    expect(await glacier.listProvisionedCapacity(never)).toEqual(ok([]));
    const { capacityId } = valueOf(await glacier.purchaseProvisionedCapacity(never));
    const [unit] = valueOf(await glacier.listProvisionedCapacity(never));
    expect(unit).toMatchObject({ capacityId, startsAt: practice.now() });
  });
});

async function output(glacier: GlacierExtras, jobId: string, range?: { first: number; last: number }) {
  const chunks: Buffer[] = [];
  const write = (bytes: Uint8Array) => void chunks.push(Buffer.from(bytes));
  const request = { vault: 'photos', jobId, ...(range && { range }) };
  return { ...(await glacier.jobOutput(request, { write, signal: never })), bytes: Buffer.concat(chunks) };
}

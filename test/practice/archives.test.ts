import { describe, expect, test } from 'vitest';
import { DAY, MiB } from '../../shared/units.ts';
import { checkData } from '../../main/practice/vaults/operations/parts.ts';
import { practiceBench } from '../support/practice-bench.ts';
import { leaves } from '../support/practice-data.ts';
import { sha256 } from '../support/practice-request.ts';
import { treeHashByDefinition as treeHashOf } from '../support/tree-hash-by-definition.ts';

describe('uploading in a single request', () => {
  test('stores the archive with its description', async () => {
    const { client, wait } = await practiceBench();
    await client.createVault('photos');
    const data = leaves(2.5 * MiB);
    const reply = await client.upload('photos', data, { 'x-amz-archive-description': 'all at once' });
    const archiveId = String(reply.headers['x-amz-archive-id']);
    expect(archiveId).toMatch(/^[\w-]{138}$/);
    expect([reply.status, reply.headers.location]).toEqual([201, `/111122223333/vaults/photos/archives/${archiveId}`]);
    expect(reply.headers['x-amz-sha256-tree-hash']).toBe(treeHashOf(data));
    wait(1 * DAY);
    const jobId = await client.newJob('photos', { Type: 'archive-retrieval', ArchiveId: archiveId });
    wait((1 * DAY) / 2);
    const output = await client.output('photos', jobId);
    expect(output.body.equals(data)).toBe(true);
    expect(output.headers['x-amz-archive-description']).toBe('all at once');
  });

  test.each<[string, Buffer, Record<string, string>, unknown[]]>([
    ['an empty body', Buffer.alloc(0), {}, ['InvalidParameterValueException', 'Invalid Content-Length: 0']],
    [
      'another tree hash',
      leaves(5),
      { 'x-amz-sha256-tree-hash': treeHashOf(leaves(6)) },
      [
        'InvalidParameterValueException',
        `Checksum mismatch: expected ${treeHashOf(leaves(6))}, computed ${treeHashOf(leaves(5))}`,
      ],
    ],
    [
      'a description that is too long',
      leaves(5),
      { 'x-amz-archive-description': 'x'.repeat(1025) },
      ['InvalidParameterValueException', `Invalid x-amz-archive-description: ${'x'.repeat(1025)}`],
    ],
  ])('is refused for %s, and nothing is stored', async (_, data, headers, refusal) => {
    const { client, wait } = await practiceBench();
    await client.createVault('photos');
    const reply = await client.upload('photos', data, headers);
    expect([reply.status, reply.json['code'], reply.json['message']]).toEqual([400, ...refusal]);
    wait(1 * DAY);
    expect((await client.call('GET', '/-/vaults/photos')).json['LastInventoryDate']).toBeNull();
  });

  test('is refused for more than 4 GiB, of which nothing was kept', () => {
    const body = { kind: 'dropped', length: 38_505_164_800, linear: sha256('') } as const;
    const headers = { 'x-amz-sha256-tree-hash': treeHashOf(leaves(5)) };
    const route = { operation: 'UploadArchive', accountId: '-', vault: 'photos', id: '', query: new Map() } as const;
    expect(checkData({ body, headers, route })).toMatchObject({
      failure: { status: 400, code: 'InvalidParameterValueException', message: 'Invalid Content-Length: 38505164800' },
    });
  });

  test('is refused without a tree hash, and for a vault that is not there', async () => {
    const { client } = await practiceBench();
    await client.createVault('photos');
    const reply = await client.upload('photos', leaves(5), { 'x-amz-sha256-tree-hash': '' });
    expect([reply.status, reply.json['code']]).toEqual([400, 'MissingParameterValueException']);
    expect((await client.upload('none', leaves(5))).status).toBe(404);
  });
});

describe('deleting an archive', () => {
  test('succeeds as often as it is asked, and for one that never was', async () => {
    const { client, restart, vault } = await practiceBench();
    await client.createVault('photos');
    const archiveId = await client.store('photos', leaves(5), 1 * MiB);
    expect((await client.deleteArchive('photos', archiveId)).status).toBe(204);
    await restart();
    expect((await client.deleteArchive('photos', archiveId)).status).toBe(204);
    expect((await client.deleteArchive('photos', 'x'.repeat(138))).status).toBe(204);
    const committed = vault()
      .ledger.read()
      .filter((entry) => entry.operation === 'DeleteArchive');
    expect(committed.map((entry) => entry.committed)).toEqual([true, false, false]);
    expect(committed[0]?.archiveId).toBe(archiveId);
  });

  test('is refused for what is no archive ID', async () => {
    const { client } = await practiceBench();
    await client.createVault('photos');
    const reply = await client.deleteArchive('photos', 'garbage');
    expect([reply.status, reply.json['message']]).toEqual([404, 'The archive ID was not found: garbage']);
  });

  test('shows in the next inventory, and then the vault can go', async () => {
    const { client, wait, restart } = await practiceBench();
    await client.createVault('photos');
    const archiveId = await client.store('photos', leaves(5), 1 * MiB);
    wait(1.5 * DAY);
    await client.deleteArchive('photos', archiveId);
    await restart();
    const count = async (): Promise<unknown> => (await client.call('GET', '/-/vaults/photos')).json['NumberOfArchives'];
    const inventoriedAt = async (): Promise<unknown> =>
      (await client.call('GET', '/-/vaults/photos')).json['LastInventoryDate'];
    expect([await count(), await inventoriedAt()]).toEqual([1, '2026-11-23T12:00:00.000Z']);
    expect((await client.call('DELETE', '/-/vaults/photos')).status).toBe(400);
    wait(0.5 * DAY - 1);
    expect(await count()).toBe(1);
    wait(1);
    expect([await count(), await inventoriedAt()]).toEqual([0, '2026-11-24T12:00:00.000Z']);
    wait(10 * DAY);
    await restart();
    expect([await count(), await inventoriedAt()]).toEqual([0, '2026-11-24T12:00:00.000Z']);
    const jobId = await client.newJob('photos', { Type: 'inventory-retrieval' });
    wait(0.5 * DAY);
    expect((await client.output('photos', jobId)).json['ArchiveList']).toEqual([]);
    expect((await client.call('DELETE', '/-/vaults/photos')).status).toBe(204);
  });

  test('right after its upload leaves the vault "recently written to" until the next inventory', async () => {
    const { client, wait } = await practiceBench();
    await client.createVault('photos');
    await client.deleteArchive('photos', await client.store('photos', leaves(5), 1 * MiB));
    expect((await client.call('DELETE', '/-/vaults/photos')).status).toBe(400);
    wait(1 * DAY);
    expect((await client.call('DELETE', '/-/vaults/photos')).status).toBe(204);
  });
});

import { randomBytes } from 'node:crypto';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DescribeJobCommand,
  DescribeVaultCommand,
  GetJobOutputCommand,
  InitiateJobCommand,
} from '@aws-sdk/client-glacier';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readLedger } from '../../main/practice/ledger.ts';
import { MiB } from '../../shared/units.ts';
import { FirnCommand, finish } from '../support/firn-command.ts';
import { foreignClient, listParts, listUploads } from '../support/foreign-client.ts';
import { environmentFor, startPractice } from '../support/practice-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { treeHashByDefinition } from '../support/tree-hash-by-definition.ts';

const PARTS = 60;

async function world() {
  const folder = temporaryFolder();
  const practice = await startPractice(join(folder, 'practice'));
  onTestFinished(practice.kill);
  const firn = new FirnCommand(join(folder, 'data'), environmentFor(practice.url));
  await firn.run('vault', 'create', 'photos');
  const bytes = randomBytes(PARTS * MiB - 5);
  const path = join(folder, 'big.raw');
  writeFileSync(path, bytes);
  return { practice, firn, path, bytes, client: foreignClient(practice.url) };
}

type World = Awaited<ReturnType<typeof world>>;

function acknowledged({ practice }: Pick<World, 'practice'>): string[] {
  return readLedger(practice.folder)
    .filter(({ operation, committed }) => operation === 'UploadMultipartPart' && committed)
    .map(({ range }) => range ?? '');
}

/** Starts an upload and kills it, as a power cut would, with some parts acknowledged and others on the wire. */
async function killedHalfWay(world: World, args: string[]): Promise<void> {
  const before = acknowledged(world).length;
  const child = world.firn.start(...args);
  const ended = finish(child);
  await vi.waitFor(
    () => {
      expect(acknowledged(world).length).toBeGreaterThan(before + 4);
    },
    { timeout: 20_000, interval: 3 },
  );
  child.kill('SIGKILL');
  await ended;
}

test("an upload that was killed half-way looks right to Amazon's own client, and goes on from there", async () => {
  const here = await world();
  const { firn, path, bytes, client, practice } = here;
  await killedHalfWay(here, ['upload', '--vault', 'photos', '--part-size', '1MiB', path]);
  const [left, ...others] = await listUploads(client, 'photos');
  expect(others).toEqual([]);
  expect(left).toMatchObject({ PartSizeInBytes: MiB });
  const parts = await listParts(client, 'photos', left?.MultipartUploadId ?? '');
  expect(parts.length).toBeGreaterThan(4);
  expect(parts.length).toBeLessThan(PARTS);
  for (const { RangeInBytes = '', SHA256TreeHash } of parts) {
    const [first = 0, last = 0] = RangeInBytes.split('-').map(Number);
    expect(SHA256TreeHash).toBe(treeHashByDefinition(bytes.subarray(first, last + 1)));
  }

  await killedHalfWay(here, ['run']);
  const { code, rows } = await firn.run('run', '--json');
  expect(code).toBe(0);
  const treeHash = treeHashByDefinition(bytes);
  expect(rows.at(-1)).toMatchObject({ event: 'stored', path, vault: 'photos', size: bytes.length, treeHash });

  const ranges = acknowledged(here);
  expect(new Set(ranges).size).toBe(PARTS);
  expect(ranges, 'no acknowledged range was sent a second time').toHaveLength(PARTS);
  expect(await listUploads(client, 'photos')).toEqual([]);
  const completed = readLedger(practice.folder).filter(
    ({ operation, committed }) => operation === 'CompleteMultipartUpload' && committed,
  );
  expect(completed.map(({ archiveId }) => archiveId)).toEqual([rows.at(-1)?.['archiveId']]);
});

test("Amazon's own client finds the archive in the vault's inventory as Firn's catalogue has it", async () => {
  const { firn, path, client } = await world();
  await firn.run('upload', '--vault', 'photos', path);
  const [archive] = (await firn.run('catalogue', '--json')).rows;
  await vi.waitFor(
    async () => {
      const vault = await client.send(new DescribeVaultCommand({ accountId: '-', vaultName: 'photos' }));
      expect(vault.NumberOfArchives).toBe(1);
    },
    { timeout: 20_000, interval: 200 },
  );
  const job = await client.send(
    new InitiateJobCommand({ accountId: '-', vaultName: 'photos', jobParameters: { Type: 'inventory-retrieval' } }),
  );
  const place = { accountId: '-', vaultName: 'photos', jobId: job.jobId ?? '' };
  await vi.waitFor(
    async () => {
      expect((await client.send(new DescribeJobCommand(place))).Completed).toBe(true);
    },
    { timeout: 20_000, interval: 200 },
  );
  const output = await client.send(new GetJobOutputCommand(place));
  const inventory = JSON.parse((await output.body?.transformToString()) ?? '') as { ArchiveList: unknown[] };
  expect(inventory.ArchiveList).toMatchObject([
    {
      ArchiveId: archive?.['archiveId'],
      ArchiveDescription: archive?.['description'],
      Size: archive?.['size'],
      SHA256TreeHash: archive?.['treeHash'],
    },
  ]);
});

test('of two processes on one data folder the second says so and changes nothing, while looking stays possible', async () => {
  const here = await world();
  const { firn, path } = here;
  // Slowly, so that it is still at work when the last of the other commands has started.
  const first = firn.start('upload', '--vault', 'photos', '--part-size', '1MiB', '--limit', '3MiB', path);
  const ended = finish(first);
  await vi.waitFor(
    () => {
      expect(acknowledged(here).length).toBeGreaterThan(2);
    },
    { timeout: 20_000, interval: 3 },
  );
  const second = await firn.run('run');
  expect(second).toMatchObject({ code: 4, output: '' });
  expect(second.problems).toContain('Another Firn is already working with');
  const { rows } = await firn.run('queue', '--json');
  expect(rows).toMatchObject([{ path, phase: { kind: 'uploading' } }]);
  const blocked = await firn.run('cancel', String(rows[0]?.['id']));
  expect(blocked.problems).toContain('Another Firn is already working with');
  expect((await ended).code).toBe(0);
});

test('pause survives restarts, resume lets it go on, and cancel leaves nothing open in the vault', async () => {
  const here = await world();
  const { firn, path, client } = here;
  await killedHalfWay(here, ['upload', '--vault', 'photos', '--part-size', '1MiB', path]);
  const id = String((await firn.run('queue', '--json')).rows[0]?.['id']);
  expect((await firn.run('pause', id)).output).toContain(`Paused ${path}`);
  const paused = await firn.run('run');
  expect(paused.code).toBe(3);
  expect(paused.problems).toContain(`"firn resume ${id}" lets it go on`);
  expect((await firn.run('resume', id)).code).toBe(0);
  await killedHalfWay(here, ['run']);
  const cancelled = await firn.run('cancel', id, '--json');
  expect(cancelled).toMatchObject({ code: 0, problems: '' });
  expect(cancelled.rows.at(-1)).toMatchObject({ event: 'cancelled', id });
  expect(await listUploads(client, 'photos')).toEqual([]);
  expect((await firn.run('catalogue', '--json')).rows).toEqual([]);
  expect((await firn.run('run')).output).toContain('Nothing is waiting');
});

test('a command whose files are stored ends well although another upload is on the wire', async () => {
  const here = await world();
  const { firn, path } = here;
  truncateSync(path, 1024 * MiB);
  await killedHalfWay(here, ['upload', '--vault', 'photos', '--part-size', '1MiB', path]);
  // Whether an answer comes just when the threads end is a matter of luck.
  for (let round = 0; round < 12; round += 1) {
    const small = `${path}.${round}`;
    writeFileSync(small, String(round));
    expect(await firn.run('upload', '--vault', 'photos', small)).toMatchObject({ code: 0, problems: '' });
  }
  expect((await firn.run('queue', '--json')).rows).toContainEqual(expect.objectContaining({ path }));
});

test('an interrupt from the keyboard stops cleanly and loses nothing', async () => {
  const here = await world();
  const { firn, path } = here;
  const child = firn.start('upload', '--vault', 'photos', '--part-size', '1MiB', path);
  const ended = finish(child);
  await vi.waitFor(
    () => {
      expect(acknowledged(here).length).toBeGreaterThan(4);
    },
    { timeout: 20_000, interval: 3 },
  );
  child.kill('SIGINT');
  const stopped = await ended;
  expect(stopped.code).toBe(130);
  expect(stopped.problems).toContain('"firn run" goes on where this ended');
  expect((await firn.run('run')).code).toBe(0);
  expect(acknowledged(here)).toHaveLength(PARTS);
});

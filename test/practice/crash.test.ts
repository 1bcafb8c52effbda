import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { MiB } from '../../shared/units.ts';
import { readLedger } from '../../main/practice/server.ts';
import { practiceBench } from '../support/practice-bench.ts';
import { PracticeClient } from '../support/practice-client.ts';
import { leaves } from '../support/practice-data.ts';
import { type PracticeProcess, startPractice } from '../support/practice-process.ts';
import { sha256, signedHeaders, treeHashOf } from '../support/practice-request.ts';

test('whatever was acknowledged is there after a restart', async () => {
  const { client, restart } = await practiceBench();
  await client.createVault('photos');
  const data = leaves(2.5 * MiB);
  const uploadId = String((await client.initiate('photos', 1 * MiB, 'kept')).headers['x-amz-multipart-upload-id']);
  await client.part('photos', uploadId, 0, data.subarray(0, 1 * MiB));
  await client.part('photos', uploadId, 2 * MiB, data.subarray(2 * MiB));
  const before = [await client.parts('photos', uploadId), await client.call('GET', '/-/vaults')];
  await restart();
  const after = [await client.parts('photos', uploadId), await client.call('GET', '/-/vaults')];
  expect(after.map(({ json }) => json)).toEqual(before.map(({ json }) => json));
  await client.part('photos', uploadId, 1 * MiB, data.subarray(1 * MiB, 2 * MiB));
  expect((await client.complete('photos', uploadId, data.length, treeHashOf(data))).status).toBe(201);
});

test('what a crash left half done does not count, and goes', async () => {
  const { client, folder, restart } = await practiceBench();
  await client.createVault('photos');
  const uploadId = await client.newUpload('photos', 1 * MiB);
  await client.part('photos', uploadId, 0, leaves(200));
  const state = join(folder, 'us-east-1');
  const uploads = join(state, 'vaults', String(readdirSync(join(state, 'vaults'))[0]), 'uploads');
  const upload = join(uploads, String(readdirSync(uploads)[0]));
  const [part = ''] = readdirSync(join(upload, 'parts'));

  // A part and a folder on their way, a record that was about to be replaced, an archive that was about to move,
  // parts that newer ones had replaced already.
  writeFileSync(join(state, 'incoming', 'body'), 'half a part');
  mkdirSync(join(state, 'incoming', 'draft', 'parts'), { recursive: true });
  mkdirSync(join(uploads, 'nothing-in-it'));
  writeFileSync(join(upload, 'upload.json.1234.tmp'), '{');
  writeFileSync(join(upload, 'archive.json'), '{}');
  for (const generation of [3, 9, 5, 1, 7, 2, 8, 4, 6]) {
    const newer = part.replace('0-199', `0-${100 - generation}`).replace(/0$/, String(generation));
    cpSync(join(upload, 'parts', part), join(upload, 'parts', newer));
  }
  await restart();

  expect((await client.parts('photos', uploadId)).json['Parts']).toMatchObject([{ RangeInBytes: '0-91' }]);
  expect((await client.call('GET', '/-/vaults/photos/multipart-uploads')).json['UploadsList']).toHaveLength(1);
  expect(readdirSync(join(state, 'incoming'))).toEqual([]);
  expect(readdirSync(join(upload, 'parts'))).toHaveLength(1);
});

test('a part that was replaced leaves nothing on the disk, and the newer one can be told from it', async () => {
  const { client, folder } = await practiceBench();
  await client.createVault('photos');
  const uploadId = await client.newUpload('photos', 1 * MiB);
  for (const size of [100, 200, 300]) await client.part('photos', uploadId, 0, leaves(size));
  const files = readdirSync(join(folder, 'us-east-1', 'vaults'), { recursive: true }).map(String);
  expect(files.filter((file) => file.includes('0-'))).toEqual([expect.stringMatching(/\b0-299\..+\.2$/)]);
});

test('a folder that somebody else wrote in is not opened', async () => {
  const { client, folder, restart } = await practiceBench();
  await client.createVault('photos');
  const vaults = join(folder, 'us-east-1', 'vaults');
  const file = join(vaults, String(readdirSync(vaults)[0]), 'vault.json');
  const kept = join(folder, 'kept.json');
  cpSync(file, kept);
  writeFileSync(file, '{"name":5}');
  await expect(restart()).rejects.toThrow('vault.json is not a record of the practice vault');
  cpSync(kept, file);
  await restart();
  expect((await client.call('GET', '/-/vaults/photos')).status).toBe(200);
});

async function killed({ process }: PracticeProcess): Promise<void> {
  const exited = once(process, 'exit');
  process.kill('SIGKILL');
  await exited;
}

test('kill -9 in the middle of a part loses that part and nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'firn-practice-'));
  const data = leaves(3 * MiB);
  const first = await startPractice(folder);
  onTestFinished(first.kill);
  const at = { url: first.url };
  const client = new PracticeClient(at);
  await client.createVault('photos');
  const uploadId = await client.newUpload('photos', 1 * MiB);
  await client.part('photos', uploadId, 0, data.subarray(0, 1 * MiB));

  const target = `/-/vaults/photos/multipart-uploads/${uploadId}`;
  const body = data.subarray(1 * MiB, 2 * MiB);
  const headers = signedHeaders(first.url, {
    method: 'PUT',
    target,
    headers: {
      'content-range': `bytes ${1 * MiB}-${2 * MiB - 1}/*`,
      'x-amz-content-sha256': sha256(body),
      'x-amz-sha256-tree-hash': treeHashOf(body),
    },
  });
  const request = http.request(first.url + target, {
    method: 'PUT',
    headers: { ...headers, 'content-length': 1 * MiB },
  });
  const broken = new Promise((resolve) => request.once('error', resolve));
  request.write(body.subarray(0, 700_000));
  const incoming = join(folder, 'us-east-1', 'incoming');
  while (readdirSync(incoming).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await killed(first);
  await broken;

  const second = await startPractice(folder);
  onTestFinished(second.kill);
  at.url = second.url;
  expect((await client.parts('photos', uploadId)).json['Parts']).toMatchObject([{ RangeInBytes: '0-1048575' }]);
  expect(readdirSync(incoming)).toEqual([]);
  for (const start of [1 * MiB, 2 * MiB]) {
    expect((await client.part('photos', uploadId, start, data.subarray(start, start + 1 * MiB))).status).toBe(204);
  }
  expect((await client.complete('photos', uploadId, data.length, treeHashOf(data))).status).toBe(201);
  await killed(second);
  expect(
    readLedger(folder).filter(({ operation, committed }) => operation === 'UploadMultipartPart' && committed),
  ).toHaveLength(3);
  rmSync(folder, { recursive: true, force: true });
});

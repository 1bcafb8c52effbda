import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { MINUTE, MiB } from '../../../shared/units.ts';
import { PRACTICE_CREDENTIALS } from '../../../main/practice/server.ts';
import { practiceBench } from '../../support/practice-bench.ts';
import { leaves } from '../../support/practice-data.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const run = promisify(execFile);

/** Debian's, where it is installed; elsewhere any other. */
function programOf(name: string): string | undefined {
  const folders = ['/usr/bin', ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

const { accessKeyId, secretAccessKey } = PRACTICE_CREDENTIALS;
const bytes = leaves(6 * MiB);

/** A tool in an empty folder of its own, before a service whose restores take no time. */
async function atWork(
  name: string,
): Promise<{ folder: string; url: string; call: (...args: string[]) => Promise<string> }> {
  const rules = { expeditedJobMs: 0, standardJobMs: 0, bulkJobMs: 0, deepStandardMs: 0, deepBulkMs: 0 };
  const { vault } = await practiceBench({ clock: Date.now, rules });
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'shoot'));
  writeFileSync(join(folder, 'shoot', 'räks mörgås+1.tif'), bytes);
  utimesSync(join(folder, 'shoot', 'räks mörgås+1.tif'), 1_357_095_845, 1_357_095_845);
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    LC_ALL: 'C.UTF-8',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
    AWS_PAGER: '',
  };
  const call = async (...args: string[]): Promise<string> =>
    (await run(programOf(name) ?? '', args, { env, cwd: folder })).stdout;
  return { folder, url: vault().url, call };
}

describe('a file goes into a practice bucket, is restored, comes back and is deleted', () => {
  test.skipIf(programOf('aws') === undefined)(
    "with Amazon's command line",
    async () => {
      const { folder, url, call } = await atWork('aws');
      const s3 = (...args: string[]): Promise<string> => call('--endpoint-url', url, 's3', ...args);
      const api = (...args: string[]): Promise<string> => call('--endpoint-url', url, 's3api', ...args);
      await s3('mb', 's3://photos');
      await s3('sync', 'shoot', 's3://photos/shoot', '--storage-class', 'DEEP_ARCHIVE');
      expect(await s3('ls', '--recursive', 's3://photos')).toContain(`${bytes.length} shoot/räks mörgås+1.tif`);
      const object = ['--bucket', 'photos', '--key', 'shoot/räks mörgås+1.tif'];
      await api('restore-object', ...object, '--restore-request', 'Days=1,GlacierJobParameters={Tier=Bulk}');
      expect(await api('head-object', ...object)).toContain('ongoing-request=\\"false\\"');
      await s3('cp', 's3://photos/shoot/räks mörgås+1.tif', 'back', '--force-glacier-transfer');
      expect(readFileSync(join(folder, 'back')).equals(bytes)).toBe(true);
      await s3('rb', '--force', 's3://photos');
      expect(await s3('ls')).toBe('');
    },
    3 * MINUTE,
  );

  test.skipIf(programOf('rclone') === undefined)(
    'with rclone, and its time with it',
    async () => {
      const { folder, url, call } = await atWork('rclone');
      const remote = (path: string): string =>
        `:s3,provider=Other,endpoint="${url}",access_key_id=${accessKeyId},secret_access_key="${secretAccessKey}",region=us-east-1,acl=bucket-owner-full-control,upload_cutoff=5Mi,chunk_size=5Mi,storage_class=GLACIER:${path}`;
      const rclone = (...args: string[]): Promise<string> => call('--config', '', '--retries', '1', ...args);
      await rclone('mkdir', remote('photos'));
      await rclone('copy', 'shoot', remote('photos/shoot'));
      expect(await rclone('lsl', remote('photos'))).toMatch(
        /6291456 2013-01-02 03:04:05\.0+ shoot\/räks mörgås\+1\.tif/,
      );
      await rclone('backend', 'restore', remote('photos/shoot'), '-o', 'priority=Expedited', '-o', 'lifetime=1');
      await rclone('copy', remote('photos/shoot'), 'back');
      expect(readFileSync(join(folder, 'back', 'räks mörgås+1.tif')).equals(bytes)).toBe(true);
      await rclone('purge', remote('photos'));
      expect(await rclone('lsd', remote(''))).toBe('');
    },
    3 * MINUTE,
  );

  test.skipIf(programOf('s3cmd') === undefined)(
    'with s3cmd',
    async () => {
      const { folder, url, call } = await atWork('s3cmd');
      const host = new URL(url).host;
      const common = ['--no-ssl', '-c', '/dev/null', `--host=${host}`, `--host-bucket=${host}`, '--region=us-east-1'];
      const keys = [`--access_key=${accessKeyId}`, `--secret_key=${secretAccessKey}`];
      const s3cmd = (...args: string[]): Promise<string> => call(...common, ...keys, '--no-progress', ...args);
      await s3cmd('mb', 's3://photos');
      await s3cmd('put', '-r', 'shoot', 's3://photos/', '--storage-class=GLACIER', '--multipart-chunk-size-mb=5');
      expect(await s3cmd('ls', '-r', 's3://photos')).toContain('6291456  s3://photos/shoot/räks mörgås+1.tif');
      const object = 's3://photos/shoot/räks mörgås+1.tif';
      expect(await s3cmd('info', object)).toMatch(/Storage:\s+GLACIER/);
      await s3cmd('restore', object, '--restore-days=1', '--restore-priority=expedited');
      await s3cmd('get', object, 'back');
      expect(readFileSync(join(folder, 'back')).equals(bytes)).toBe(true);
      await s3cmd('rb', '-r', '-f', 's3://photos');
      expect(await s3cmd('ls')).toBe('');
    },
    3 * MINUTE,
  );
});

import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { MINUTE, MiB } from '../../shared/units.ts';
import { PRACTICE_CREDENTIALS } from '../../main/practice/server.ts';
import { practiceBench } from '../support/practice-bench.ts';
import { leaves } from '../support/practice-data.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { treeHashByDefinition as treeHashOf } from '../support/tree-hash-by-definition.ts';

const run = promisify(execFile);

/** Debian's, which the tests' set-up installs; elsewhere any other. */
const program = ['/usr/bin', ...(process.env['PATH'] ?? '').split(delimiter)]
  .map((folder) => join(folder, 'aws'))
  .find((path) => existsSync(path));

type Reply = Record<string, unknown>;
type Aws = (command: string, options?: Record<string, string>, file?: string) => Promise<Reply>;

/** `aws glacier COMMAND --OPTION=VALUE… [FILE]` against a service, with no configuration but this; its answer in JSON. */
function awscli(url: string, folder: string): Aws {
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    AWS_ACCESS_KEY_ID: PRACTICE_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: PRACTICE_CREDENTIALS.secretAccessKey,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
    AWS_PAGER: '',
  };
  return async (command, options = {}, file) => {
    const given = Object.entries({ 'account-id': '-', ...options }).map(([name, value]) => `--${name}=${value}`);
    const args = ['--endpoint-url', url, '--output', 'json', 'glacier', command, ...given, ...(file ? [file] : [])];
    const { stdout } = await run(program ?? '', args, { env, cwd: folder });
    return stdout.trim() === '' ? {} : (JSON.parse(stdout) as Reply);
  };
}

test.skipIf(program === undefined)(
  "Amazon's command line carries an archive into a practice vault, finds it, brings it back and deletes it",
  async () => {
    const rules = { inventoryLagMs: 0, inventoryJobMs: 0, expeditedJobMs: 0 };
    const { vault } = await practiceBench({ clock: Date.now, rules });
    const folder = temporaryFolder();
    const aws = awscli(vault().url, folder);
    const here = { 'vault-name': 'photos' };
    const retrieve = async (parameters: Record<string, string>): Promise<Buffer> => {
      const started = await aws('initiate-job', { ...here, 'job-parameters': JSON.stringify(parameters) });
      const job = { ...here, 'job-id': String(started['jobId']) };
      expect(await aws('describe-job', job)).toMatchObject({ StatusCode: 'Succeeded' });
      await aws('get-job-output', job, 'output');
      return readFileSync(join(folder, 'output'));
    };

    await aws('create-vault', here);
    expect(await aws('list-vaults')).toMatchObject({ VaultList: [{ VaultName: 'photos' }] });

    const bytes = leaves(2.5 * MiB);
    const begun = await aws('initiate-multipart-upload', { ...here, 'part-size': String(2 * MiB) });
    const upload = { ...here, 'upload-id': String(begun['uploadId']) };
    for (const first of [0, 2 * MiB]) {
      const part = bytes.subarray(first, first + 2 * MiB);
      writeFileSync(join(folder, 'part'), part);
      const range = `bytes ${first}-${first + part.length - 1}/*`;
      expect(await aws('upload-multipart-part', { ...upload, range, body: 'part' })).toEqual({
        checksum: treeHashOf(part),
      });
    }
    expect(await aws('list-parts', upload)).toMatchObject({ Parts: [{}, {}] });
    const asked = { ...upload, 'archive-size': String(bytes.length), checksum: treeHashOf(bytes) };
    const archiveId = String((await aws('complete-multipart-upload', asked))['archiveId']);

    const inventory = JSON.parse((await retrieve({ Type: 'inventory-retrieval' })).toString()) as Reply;
    expect(inventory['ArchiveList']).toMatchObject([{ ArchiveId: archiveId, SHA256TreeHash: treeHashOf(bytes) }]);
    const wanted = { Type: 'archive-retrieval', ArchiveId: archiveId, Tier: 'Expedited' };
    expect((await retrieve(wanted)).equals(bytes)).toBe(true);

    await aws('delete-archive', { ...here, 'archive-id': archiveId });
    await aws('delete-vault', here);
    expect(await aws('list-vaults')).toMatchObject({ VaultList: [] });
  },
  3 * MINUTE,
);

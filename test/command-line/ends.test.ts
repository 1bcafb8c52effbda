import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readLedger } from '../../main/practice/ledger.ts';
import { MiB } from '../../shared/units.ts';
import { FirnCommand, finish } from '../support/firn-command.ts';
import { environmentFor, startPractice } from '../support/practice-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function world(faults: object = {}) {
  const folder = temporaryFolder();
  const practice = await startPractice(join(folder, 'practice'), ['--faults', JSON.stringify(faults)]);
  onTestFinished(practice.kill);
  const env = environmentFor(practice.url);
  const firn = new FirnCommand(join(folder, 'data'), env);
  expect((await firn.run('vault', 'create', 'photos')).code).toBe(0);
  const path = join(folder, 'a.raw');
  const asked = (operation: string): number =>
    readLedger(practice.folder).filter((request) => request.operation === operation).length;
  return { folder, firn, env, path, asked };
}

const slowly = {
  script: Array.from({ length: 40 }, () => ({
    operation: 'UploadMultipartPart',
    behaviour: { kind: 'delay', when: 'after-effect', ms: 200 },
  })),
};

test('with --json a command line that makes no sense is told in the shape of all errors', async () => {
  const firn = new FirnCommand(join(temporaryFolder(), 'data'), {});
  const { code, rows, problems } = await firn.run('delete', '--json', '--vualt', 'a');
  const message = expect.stringContaining('has no option --vualt. Did you mean --vault?') as string;
  expect([code, rows]).toEqual([
    2,
    [{ event: 'error', exit: 2, message, failure: { kind: 'invalid-input', detail: message } }],
  ]);
  expect(problems).not.toMatch(/^\s+at /m);
});

test('a reader that goes away before the end makes no success of what is not done', async () => {
  const { firn, path } = await world(slowly);
  writeFileSync(path, Buffer.alloc(8 * MiB, 1));
  const child = firn.start('upload', '--json', '--vault', 'photos', '--part-size', '1MiB', path);
  const ended = finish(child);
  child.stdout.destroy();
  expect(await ended).toMatchObject({ code: 141, problems: '' });
  expect((await firn.run('--json', 'queue')).rows).toMatchObject([{ path }]);
  expect((await firn.run('run')).code).toBe(0);
});

test('a file that cannot be imported is told in a sentence, and so is a bug', async () => {
  const { folder, firn } = await world();
  for (const file of [folder, join(folder, 'x'.repeat(300)), join(folder, 'nothing')]) {
    const { code, problems } = await firn.run('catalogue', 'import', file);
    expect(code, problems).toBe(1);
    expect(problems).not.toMatch(/^\s+at |Error:/m);
  }
});

test('what would be done is said, and nothing is, with --dry-run', async () => {
  const { folder, firn, path, asked } = await world();
  writeFileSync(path, 'content');
  expect((await firn.run('upload', '--vault', 'photos', path)).code).toBe(0);
  mkdirSync(join(folder, 'back'));
  const before =
    asked('DeleteArchive') + asked('InitiateJob') + asked('InitiateMultipartUpload') + asked('CreateVault');
  for (const [args, words] of [
    [['upload', '--again', '--vault', 'photos', path], 'Would upload 1 file, 7 bytes'],
    [['retrieve', '--to', join(folder, 'back'), '--all'], '1 archive, 7 bytes'],
    [['delete', '--all'], '1 archive, 7 bytes, will be deleted'],
    [['vault', 'empty', 'photos'], 'All of them will be deleted'],
    [['vault', 'create', 'other'], 'Would create the vault other'],
    [['inventory', 'photos'], 'Would ask for the inventory of photos'],
    [['catalogue', 'rebuild'], 'Would ask for the inventory of photos'],
    [['catalogue', 'archive', '--vault', 'photos'], 'Would put a copy of the catalogue'],
    [['run'], 'Not over yet: 0 uploads'],
  ] as const) {
    const { code, output, problems } = await firn.run(...args, '--dry-run');
    expect([code, output], problems).toEqual([0, expect.stringContaining(words)]);
  }
  const after = asked('DeleteArchive') + asked('InitiateJob') + asked('InitiateMultipartUpload') + asked('CreateVault');
  expect(after).toBe(before);
  expect((await firn.run('--json', 'queue')).rows).toMatchObject([{ phase: { kind: 'stored' } }]);
}, 120_000);

test('an upload whose file changed is started over, and others are paused and resumed together', async () => {
  const { firn, path, asked } = await world(slowly);
  writeFileSync(path, Buffer.alloc(16 * MiB, 1));
  const child = firn.start('upload', '--vault', 'photos', '--part-size', '1MiB', path);
  const ended = finish(child);
  await vi.waitFor(
    () => {
      expect(asked('UploadMultipartPart')).toBeGreaterThan(3);
    },
    { timeout: 30_000, interval: 5 },
  );
  child.kill('SIGKILL');
  await ended;
  expect((await firn.run('pause', '--all')).output).toContain(`Paused ${path}`);
  expect(await firn.run('run')).toMatchObject({ code: 3 });
  expect((await firn.run('resume', '--all', '--vault', 'other')).output).toContain('nothing to be resumed');
  expect((await firn.run('resume', '--all', '--kind', 'uploads')).output).toContain(`Resumed ${path}`);
  truncateSync(path, 17 * MiB);
  const changed = await firn.run('run');
  const [{ id } = { id: '' }] = (await firn.run('--json', 'queue')).rows as { id: string }[];
  expect([changed.code, changed.problems]).toEqual([3, expect.stringContaining(`firn start-over ${id}`)]);
  expect(await firn.run('retry', '--all')).toMatchObject({ code: 0 });
  expect(await firn.run('run')).toMatchObject({ code: 3 });
  expect(await firn.run('start-over', '--search', 'a.raw')).toMatchObject({ code: 6 });
  expect((await firn.run('start-over', id)).code).toBe(0);
  expect((await firn.run('run')).output).toContain(`Stored ${path} (17 MiB)`);
}, 120_000);

test.runIf(spawnSync('script', ['--version']).status === 0)(
  'Ctrl-C at a question ends quietly, no is declined, and nothing is done',
  async () => {
    const { firn, env, path } = await world();
    writeFileSync(path, 'content');
    expect((await firn.run('upload', '--vault', 'photos', path)).code).toBe(0);
    const command = `${process.execPath} out/main/cli.js --data ${firn.dataFolder} delete --all`;
    for (const [keys, code] of [
      ['\u0003', 130],
      ['no\r', 6],
      ['\u0004', 6],
    ] as const) {
      const child = spawn('script', ['-qec', command, '/dev/null'], { env: { ...process.env, ...env } });
      onTestFinished(() => void child.kill('SIGKILL'));
      child.stdout.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('for good: ')) child.stdin.write(keys);
      });
      const { code: end, output } = await finish(child);
      expect([end, output]).toEqual([code, expect.not.stringMatching(/^\s+at |Error/m)]);
    }
    expect((await firn.run('--json', 'catalogue')).rows).toHaveLength(1);
  },
  60_000,
);

import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { MiB } from '../../shared/units.ts';
import { FirnCommand, finish } from '../support/firn-command.ts';
import { type OddMode, oddFs } from '../support/odd-fs.ts';
import { environmentFor, startPractice } from '../support/practice-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test.each<[OddMode, string]>([
  ['eio', 'the drive reports a fault'],
  ['etimedout', 'the network folder does not answer'],
  ['edeadlk', 'it is only in the cloud'],
  ['ebusy', 'another program keeps it locked'],
])(
  'files that cannot be read for a while (%s) wait in words of their own and go on by themselves',
  async (mode, words) => {
    const folder = temporaryFolder();
    const files = join(folder, 'files');
    const trouble = join(folder, 'trouble');
    const odd = oddFs(files, [mode], trouble);
    if (odd === null) {
      console.warn('Skipped: making an odd file system takes Linux and a C compiler.');
      return;
    }
    const practice = await startPractice(join(folder, 'practice'));
    onTestFinished(practice.kill);
    const firn = new FirnCommand(join(folder, 'data'), environmentFor(practice.url)).with(odd);
    expect((await firn.run('vault', 'create', 'photos')).code).toBe(0);
    mkdirSync(files);
    for (const name of ['a.raw', 'b.raw', 'c.raw']) writeFileSync(join(files, name), randomBytes(MiB + 1));
    writeFileSync(trouble, '');

    const child = firn.start('upload', '--vault', 'photos', files);
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes(words)) rmSync(trouble, { force: true });
    });
    const { code, output, problems } = await finish(child);
    expect(problems).toContain(words);
    expect(output).toContain('Added 3 files');
    expect(code).toBe(0);
    expect((await firn.run('catalogue', '--json')).rows).toHaveLength(3);
  },
  60_000,
);

test('Ctrl-C ends a command although a drive never answers', async () => {
  const folder = temporaryFolder();
  const files = join(folder, 'files');
  const odd = oddFs(files, ['hang']);
  if (odd === null) return;
  const practice = await startPractice(join(folder, 'practice'));
  onTestFinished(practice.kill);
  const firn = new FirnCommand(join(folder, 'data'), environmentFor(practice.url)).with(odd);
  expect((await firn.run('vault', 'create', 'photos')).code).toBe(0);
  mkdirSync(files);
  writeFileSync(join(files, 'a.raw'), randomBytes(MiB));
  const child = firn.start('upload', '--vault', 'photos', files);
  child.stderr.on('data', (chunk: Buffer) => {
    if (chunk.includes('odd-fs: hangs')) child.kill('SIGINT');
  });
  const { problems } = await finish(child);
  expect(child.signalCode).toBe('SIGINT');
  expect(problems).toContain('Something never answers');
  expect((await firn.run('queue', '--json')).rows).toMatchObject([{ path: join(files, 'a.raw') }]);
}, 60_000);

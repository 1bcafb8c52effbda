import { mkdirSync, readdirSync, rmSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test, vi } from 'vitest';
import { openApp } from '../../main/app/open.ts';
import { noKeyring } from '../../main/places/secrets.ts';
import { startFailure } from '../../main/app/start-failure.ts';
import { explain } from '../../shared/failure.ts';
import { valueOf } from '../../main/core/failure.ts';
import { FirnCommand } from '../support/firn-command.ts';
import { smallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const open = (dataFolder: string, codeFolder = resolve('out/main')) =>
  openApp({ dataFolder, codeFolder, secrets: noKeyring, log: () => undefined });

test('a folder that cannot hold records is a failure in words, and nothing is thrown', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  expect(await open(file)).toMatchObject({ failure: { kind: 'data-folder-unusable', problem: 'not-a-folder' } });
  expect(await open(join(file, 'below'))).toMatchObject({ failure: { problem: 'not-a-folder' } });
  expect(await open('/dev/null/x')).toMatchObject({ failure: { problem: 'not-a-folder' } });
});

test('a full disk is told, and the folder can be opened as soon as there is room', async (context) => {
  const disk = smallDisk();
  if (disk === null) return context.skip();
  const ballast = join(disk, 'ballast');
  try {
    writeFileSync(ballast, Buffer.alloc(64 * 1024 * 1024));
  } catch {
    // Now it is full.
  }
  expect(await open(join(disk, 'data'))).toMatchObject({ failure: { kind: 'data-folder-unusable', problem: 'full' } });
  writeFileSync(ballast, '');
  const app = valueOf(await open(join(disk, 'data')));
  await app.close();
});

test.each([
  ['EACCES', 'not-allowed'],
  ['EROFS', 'read-only'],
  ['SQLITE_READONLY_DIRECTORY', 'read-only'],
  ['SQLITE_CANTOPEN', 'not-allowed'],
  ['SQLITE_FULL', 'full'],
  ['EDQUOT', 'full'],
  ['EIO', 'other'],
])('%s is told as "%s", with the folder and what to do', (code, problem) => {
  const failure = startFailure(Object.assign(new Error('why'), { code }), '/data/firn');
  expect(failure).toEqual({ kind: 'data-folder-unusable', folder: '/data/firn', problem, detail: 'why' });
  const { title, remedy } = explain(failure, 'window', 'request');
  expect(title).toContain('/data/firn');
  expect(remedy).toMatch(/FIRN_DATA.*try again.*Nothing was changed/);
});

test('a start that failed gives the folder up', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'firn.db'));
  expect(await open(folder)).toMatchObject({ failure: { kind: 'data-folder-unusable' } });
  rmdirSync(join(folder, 'firn.db'));
  const app = valueOf(await open(folder));
  expect(await open(folder)).toMatchObject({ failure: { kind: 'data-folder-busy' } });
  await app.close();
  await valueOf(await open(folder)).close();
});

test.each([['run'], ['queue'], ['catalogue']])('the command line says it in one sentence: firn %s', async (command) => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'firn.db'));
  const { code, output, problems } = await new FirnCommand(folder, {}).run(command);
  expect(code).toBe(1);
  expect(output).toBe('');
  expect(problems).toContain(folder);
  expect(problems).not.toMatch(/^\s+at /m);
  expect(problems.trim().split('\n')).toHaveLength(1);
});

test('a practice vault that does not run is the trouble of its account alone, and starts when it is mended', async () => {
  const folder = temporaryFolder();
  const first = valueOf(await open(folder));
  const account = valueOf(await first.accounts.add({ kind: 'practice' }));
  valueOf(await first.accounts.createVault(account.id, 'photos'));
  await first.close();
  const record = join(folder, 'practice', 'us-east-1', 'account.json');
  writeFileSync(record, '{');
  const app = valueOf(await open(folder));
  expect(app.accounts.list()).toMatchObject([{ id: account.id, problem: { kind: 'practice-unavailable' } }]);
  await expect(app.accounts.listVaults(account.id)).rejects.toMatchObject({
    failure: { kind: 'practice-unavailable' },
  });
  expect(await app.accounts.signIn(account.id, null)).toMatchObject({ failure: { kind: 'practice-unavailable' } });
  writeFileSync(record, '{"retrievalRule":{"strategy":"None","bytesPerHour":null},"capacity":[]}');
  expect(await app.accounts.signIn(account.id, null)).toMatchObject({ value: { problem: null } });
  expect(valueOf(await app.accounts.listVaults(account.id))).toMatchObject([{ name: 'photos' }]);
  await app.close();
});

/** The built program with a practice vault whose thread ends as soon as the file is there. */
function mortalPractice(file: string): string {
  const folder = temporaryFolder();
  const built = resolve('out/main');
  for (const name of readdirSync(built)) {
    if (name !== 'practice-thread.js') symlinkSync(join(built, name), join(folder, name));
  }
  const lines = [
    `import { existsSync } from 'node:fs';`,
    `import ${JSON.stringify(pathToFileURL(join(built, 'practice-thread.js')).href)};`,
    `setInterval(() => { if (existsSync(${JSON.stringify(file)})) process.exit(1); }, 10);`,
  ];
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'practice-thread.js'), lines.join('\n'));
  return folder;
}

test('a practice vault that ends in use is told at its account, and starts again', async () => {
  const folder = temporaryFolder();
  const end = join(folder, 'end');
  const app = valueOf(await open(folder, mortalPractice(end)));
  const account = valueOf(await app.accounts.add({ kind: 'practice' }));
  valueOf(await app.accounts.createVault(account.id, 'photos'));
  writeFileSync(end, '');
  await vi.waitFor(
    () => {
      expect(app.accounts.list()).toMatchObject([{ problem: { kind: 'practice-unavailable' } }]);
    },
    { timeout: 20_000 },
  );
  rmSync(end);
  expect(await app.accounts.signIn(account.id, null)).toMatchObject({ value: { problem: null } });
  expect(valueOf(await app.accounts.listVaults(account.id))).toMatchObject([{ name: 'photos' }]);
  await app.close();
});

import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FirnCommand } from '../support/firn-command.ts';
import { environmentFor, startPractice } from '../support/practice-process.ts';
import { openToStrangers } from '../support/strangers.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Firn where new files are everybody's unless a program says otherwise. */
async function withoutMask() {
  const before = process.umask(0);
  onTestFinished(() => void process.umask(before));
  const folder = temporaryFolder();
  const practice = await startPractice(join(folder, 'practice'));
  onTestFinished(practice.kill);
  const firn = new FirnCommand(join(folder, 'all', 'data'), environmentFor(practice.url));
  const photo = join(folder, 'a.raw');
  writeFileSync(photo, 'bytes');
  expect(await firn.run('vault', 'create', 'photos')).toMatchObject({ code: 0 });
  expect(await firn.run('upload', '--vault', 'photos', photo)).toMatchObject({ code: 0 });
  return { folder, firn, data: firn.dataFolder };
}

test.skipIf(process.platform === 'win32')('nothing that Firn writes can be read or changed by others', async () => {
  const { folder, firn, data } = await withoutMask();
  expect(await firn.run('catalogue', 'archive', '--vault', 'photos')).toMatchObject({ code: 0 });
  const exports = join(folder, 'exports');
  mkdirSync(exports, { mode: 0o700 });
  for (const format of ['csv', 'json', 'html']) {
    const to = join(exports, `catalogue.${format}`);
    expect(await firn.run('catalogue', 'export', '--format', format, '--to', to)).toMatchObject({ code: 0 });
  }
  expect(readdirSync(data)).toEqual(expect.arrayContaining(['firn.db', 'archives.jsonl', 'backups', 'lock']));
  expect(readdirSync(exports)).toHaveLength(3);
  expect(openToStrangers(join(folder, 'all'))).toEqual([]);
  expect(openToStrangers(join(folder, 'practice'))).toEqual([]);
  expect(openToStrangers(exports)).toEqual([]);
});

test.skipIf(process.platform === 'win32')('what others could read before is taken back at the start', async () => {
  const { firn, data } = await withoutMask();
  const backup = join('backups', 'firn-000001-20200101T000000Z.db');
  mkdirSync(join(data, 'backups'), { recursive: true });
  for (const name of [backup, 'firn.log.old', 'a-list-of-mine.txt']) writeFileSync(join(data, name), '');
  for (const name of ['.', 'firn.db', 'archives.jsonl', 'lock', 'backups']) chmodSync(join(data, name), 0o777);
  expect(await firn.run('run')).toMatchObject({ code: 0 });
  expect(openToStrangers(data)).toEqual([`${join(data, 'a-list-of-mine.txt')} 666`]);
});

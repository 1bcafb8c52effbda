import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeDatabase, renameDurably } from '../../main/store/durable-files.ts';
import { isFolder, oddly } from '../support/odd-file-system.ts';
import { DataFolder, pathsOf, store } from '../support/records.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test.each(['EINVAL', 'ENOTSUP', 'EIO'])(
  'where folders cannot be synced (%s), records are kept, backed up and recovered all the same',
  async (code) => {
    oddly('fsyncSync', code, isFolder);
    const folder = new DataFolder();
    const life = await folder.begin();
    store(life, '/a');
    await folder.backUp();
    await life.records.close();
    writeFileSync(folder.file, 'This was a database once.');
    const recovered = await folder.open();
    expect(pathsOf(recovered)).toEqual(['/a']);
    expect(recovered.notices.list()).toMatchObject([{ kind: 'records-restored' }]);
    await recovered.records.close();
    const again = await folder.open();
    expect(again.notices.list()).toHaveLength(1);
    expect(folder.saw('journal of archives not compared')).toBe(false);
    expect(folder.saw('backup failed')).toBe(false);
  },
);

test('what a scanner holds for a moment is renamed and removed a little later', () => {
  const folder = temporaryFolder();
  const [from, to] = [join(folder, 'new'), join(folder, 'old')];
  writeFileSync(from, 'new');
  writeFileSync(to, 'old');
  let refusals = 0;
  const firstTwice = (): boolean => (refusals += 1) <= 2;
  oddly('renameSync', 'EBUSY', firstTwice);
  renameDurably(from, to);
  expect(readFileSync(to, 'utf8')).toBe('new');
  refusals = 0;
  oddly('rmSync', 'EBUSY', firstTwice);
  removeDatabase(to);
  expect(existsSync(to)).toBe(false);
});

test('what is refused for good is refused at once', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'old', 'full'), { recursive: true });
  writeFileSync(join(folder, 'new'), '');
  let tries = 0;
  oddly('renameSync', 'EACCES', () => (tries += 1) > 0);
  expect(() => {
    renameDurably(join(folder, 'new'), join(folder, 'old'));
  }).toThrow('EACCES');
  expect(tries).toBe(1);
});

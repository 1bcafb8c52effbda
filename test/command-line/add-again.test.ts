import { mkdirSync, renameSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FirnCommand } from '../support/firn-command.ts';
import { environmentFor, startPractice } from '../support/practice-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function world() {
  const folder = temporaryFolder();
  const practice = await startPractice(join(folder, 'practice'));
  onTestFinished(practice.kill);
  const firn = new FirnCommand(join(folder, 'data'), environmentFor(practice.url));
  const files = join(folder, 'files');
  mkdirSync(files);
  expect((await firn.run('vault', 'create', 'photos')).code).toBe(0);
  return { folder, files, firn, upload: (...paths: string[]) => firn.run('upload', '--vault', 'photos', ...paths) };
}

test('after daylight saving moved their times, files are compared and none is sent again', async () => {
  const { files, firn, upload } = await world();
  const paths = Array.from({ length: 20 }, (_, n) => join(files, `${n}.raw`));
  for (const [n, path] of paths.entries()) writeFileSync(path, `file ${n}`);
  expect((await upload(files)).code).toBe(0);
  const later = Date.now() / 1000 + 3600;
  for (const path of paths) utimesSync(path, later, later);
  const again = await upload(files);
  expect(again.output).toContain('Added 0 files, 0 bytes; 20 already there');
  expect(again.code).toBe(0);
  expect((await firn.run('catalogue', '--json')).rows).toHaveLength(20);
});

test('what is named is followed when it is a link, and naming nothing that is a file is no success', async () => {
  const { folder, files, firn, upload } = await world();
  writeFileSync(join(files, 'a.raw'), 'one');
  writeFileSync(join(folder, 'b.raw'), 'two');
  symlinkSync(files, join(folder, 'link'));
  symlinkSync('b.raw', join(folder, 'latest.raw'));
  expect(await upload(`${join(folder, 'link')}/`, join(folder, 'latest.raw'))).toMatchObject({ code: 0, problems: '' });
  const { rows } = await firn.run('catalogue', '--json');
  expect(new Set(rows.map(({ path }) => path))).toEqual(new Set([join(files, 'a.raw'), join(folder, 'b.raw')]));

  const empty = join(folder, 'empty');
  mkdirSync(empty);
  expect(await upload(empty)).toMatchObject({ code: 1, problems: 'There is no file to upload in what you named.\n' });
  expect((await upload('/dev/null')).code).toBe(1);
});

test('a file that replaced one of the same name, which was stored, is uploaded too', async () => {
  const { files, firn, upload } = await world();
  const path = join(files, 'DSC_0001.NEF');
  writeFileSync(path, 'card one');
  expect((await upload(path)).code).toBe(0);
  writeFileSync(path, 'card two, longer');
  expect((await upload(path)).output).toContain('Added 1 file,');
  expect((await firn.run('catalogue', '--json')).rows).toHaveLength(2);
});

test('a folder that is elsewhere now is told, and nothing of it is sent again', async () => {
  const { folder, files, firn, upload } = await world();
  writeFileSync(join(files, 'a.raw'), 'one');
  expect((await upload(files)).code).toBe(0);
  const moved = join(folder, 'files 1');
  renameSync(files, moved);
  expect(await firn.run('relocate', files, '--to', moved)).toMatchObject({
    code: 0,
    output: '0 uploads and 1 archive have their files at the new place now.\n',
  });
  expect((await upload(moved)).output).toContain('Added 0 files, 0 bytes; 1 already there');
  expect((await firn.run('verify')).code).toBe(0);
  expect((await firn.run('relocate', files)).code).toBe(2);
});

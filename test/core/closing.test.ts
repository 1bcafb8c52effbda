import { execFileSync } from 'node:child_process';
import { open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { closeWithin } from '../../main/app/closing.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('a call to the file system that was just answered holds up no end', async () => {
  const folder = join(temporaryFolder(), 'not there');
  const ending = await closeWithin(() =>
    readdir(folder).then(
      () => undefined,
      () => undefined,
    ),
  );
  expect(ending).toEqual({ kind: 'closed' });
});

it.skipIf(process.platform === 'win32')('a call to the file system that is still under way is waited for', async () => {
  const pipe = join(temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  let isAnswered = false;
  const ending = closeWithin(() => {
    // Nobody opens a pipe for reading before somebody writes into it.
    void open(pipe, 'r').then(async (handle) => {
      isAnswered = true;
      await handle.close();
    });
    return Promise.resolve();
  });
  setTimeout(() => void writeFile(pipe, ''), 100);
  expect(await ending).toEqual({ kind: 'closed' });
  expect(isAnswered).toBe(true);
});

it('what never comes to its end is given up', async () => {
  expect(await closeWithin(() => new Promise(() => undefined), 10)).toEqual({ kind: 'late' });
});

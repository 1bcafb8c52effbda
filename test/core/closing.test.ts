import { readdir } from 'node:fs/promises';
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

it('a call to the file system that is still under way is waited for', async () => {
  const folder = temporaryFolder();
  let answered = 0;
  const ending = await closeWithin(() => {
    for (let count = 0; count < 500; count += 1) void readdir(folder).then(() => (answered += 1));
    return Promise.resolve();
  });
  expect([ending, answered]).toEqual([{ kind: 'closed' }, 500]);
});

it('what never comes to its end is given up', async () => {
  expect(await closeWithin(() => new Promise(() => undefined), 10)).toEqual({ kind: 'late' });
});

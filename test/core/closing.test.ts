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

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FirnCommand } from '../support/firn-command.ts';
import { environmentFor } from '../support/practice-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('a command that asks once and gets no answer says so, and promises no further try', async () => {
  const nobodyListens = 'http://127.0.0.1:1';
  const firn = new FirnCommand(join(temporaryFolder(), 'data'), environmentFor(nobodyListens));
  const { code, problems } = await firn.run('vault', 'create', 'photos');
  expect(code).not.toBe(0);
  expect(problems).toContain('run the command again.');
  expect(problems).not.toContain('by itself');
});

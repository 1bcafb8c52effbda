import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FirnCommand } from '../support/firn-command.ts';
import { DataFolder, store } from '../support/records.ts';

test('the command line says what happened to the records, once, and how to mend what it only reads', async () => {
  const folder = new DataFolder();
  const life = await folder.begin();
  store(life, '/a');
  await folder.backUp();
  await life.records.close();
  writeFileSync(folder.file, 'no database');
  const firn = new FirnCommand(folder.folder, {});

  for (const command of ['queue', 'catalogue']) {
    const looked = await firn.run(command);
    expect(looked.code).toBe(1);
    expect(looked.problems).toContain('are damaged (file is not a database)');
    expect(looked.problems).toContain('goes back to its newest backup');
  }

  const mended = await firn.run('run', '--json');
  expect(mended.code).toBe(0);
  expect(mended.rows[0]).toMatchObject({ event: 'notice', notice: { kind: 'records-restored', journal: 'whole' } });
  expect(mended.problems).toContain('went back to its backup of 3 November 2026');

  const again = await firn.run('run', '--json');
  expect(again.rows).toEqual([{ event: 'idle' }]);
  expect((await firn.run('catalogue', '--json')).rows).toMatchObject([{ path: '/a' }]);
});

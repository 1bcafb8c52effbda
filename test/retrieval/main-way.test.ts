import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MiB } from '../../shared/units.ts';
import { RetrievalWorld } from '../support/retrieval-world.ts';

it('an archive comes back byte for byte, with its name and its time', async () => {
  const here = await RetrievalWorld.open();
  const { archive, bytes, path } = await here.store('2025/a.raw', 40 * MiB + 5);
  const [id] = await here.retrieve([archive]);
  if (id === undefined) throw new Error('Nothing was added');
  await here.reaches(id, 'retrieved');
  const file = here.fileOf(id);
  expect(file).toBe(join(here.target, path));
  expect(readFileSync(file).equals(bytes)).toBe(true);
  expect(Math.abs(statSync(file).mtimeMs - statSync(path).mtimeMs)).toBeLessThan(1000);
  expect(readdirSync(join(file, '..'))).toEqual(['a.raw']);
  expect(here.world.line.count('InitiateJob')).toBe(1);
  expect(here.events(id)).toEqual([
    'asked',
    'requested',
    'all-asked',
    'ready',
    'downloaded',
    'path-chosen',
    'in-place',
  ]);
  expect(here.world.bugs).toEqual([]);
});

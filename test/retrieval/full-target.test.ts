import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MiB, SECOND } from '../../shared/units.ts';
import { RetrievalWorld } from '../support/retrieval-world.ts';
import { smallDisk } from '../support/small-disk.ts';

it('a folder without room waits, says so, and goes on with what is here when there is room', async (context) => {
  const disk = smallDisk();
  if (disk === null) {
    context.skip('Mounting a disk for this takes root.');
    return;
  }
  const here = await RetrievalWorld.open({ settings: { parallelParts: 1 } });
  const { archive, bytes } = await here.store('a.raw', 20 * MiB);
  const id = await here.retrieveOne(archive, { folder: disk });
  await here.reaches(id, 'requested backoff awaiting-job');
  const filler = join(disk, 'filler');
  writeFileSync(filler, Buffer.alloc(10 * MiB));
  await here.reaches(id, 'downloading backoff target-full');
  expect(here.fetched()).toEqual([]);
  // Nothing is wrong with Firn's own records.
  expect(here.world.app.notices.list()).toEqual([]);
  rmSync(filler);
  const gate = here.world.line.gate('GetJobOutput', 'answer');
  let arrived = false;
  void gate.arrived.then(() => (arrived = true));
  await here.world.until('the first range is asked for', () => {
    if (!arrived && here.isStill()) here.world.pass(16 * SECOND);
    return arrived;
  });
  // The room goes while the bytes are on their way.
  writeFileSync(filler, Buffer.alloc(20 * MiB));
  gate.open();
  await here.reaches(id, 'downloading backoff target-full', SECOND);
  rmSync(filler);
  await here.reaches(id, 'retrieved', 16 * SECOND);
  expect(readFileSync(here.fileOf(id)).equals(bytes)).toBe(true);
  expect(here.world.bugs).toEqual([]);
});

it('nothing is asked for that has no room beside what is on its way to the same drive', async (context) => {
  const disk = smallDisk();
  if (disk === null) {
    context.skip('Mounting a disk for this takes root.');
    return;
  }
  const here = await RetrievalWorld.open();
  const second = await here.store('b.raw', 16 * MiB);
  const first = await here.store('a.raw', 10 * MiB);
  const [a, b] = await here.retrieve([second.archive, first.archive], { folder: disk });
  if (a === undefined || b === undefined) throw new Error('Not all were added');
  await here.reaches(a, 'requested backoff awaiting-job');
  await here.reaches(b, 'queued backoff target-full', SECOND);
  expect(here.world.line.count('InitiateJob')).toBe(1);
  await here.reaches(a, 'retrieved');
  await here.reaches(b, 'queued backoff target-full');
  rmSync(here.fileOf(a));
  await here.reaches(b, 'retrieved');
});

import { appendFileSync, renameSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { everyArchive } from '../../shared/archive.ts';
import { MiB, SECOND } from '../../shared/units.ts';
import type { UploadId } from '../../shared/upload.ts';
import { valueOf } from '../support/value-of.ts';
import { World } from '../support/world.ts';

const nothing = { uploads: 0, archives: 0, missing: 0, differing: 0, twice: 0 };

function never(): never {
  throw new Error('Nothing was added');
}

/** A folder with a stored file and one that is half sent, which went to another place meanwhile. */
async function moved() {
  const world = await World.open({ settings: { parallelParts: 1 } });
  const storedPath = world.file('Shoots/stored.raw', MiB);
  const [stored = never()] = await world.add([storedPath]);
  await world.reaches(stored, 'stored');
  const path = world.file('Shoots/day/half.raw', 4 * MiB);
  world.line.gate('UploadMultipartPart').open();
  const gate = world.line.gate('UploadMultipartPart');
  const [half = never()] = await world.add([path]);
  await gate.arrived;
  const from = dirname(storedPath);
  const to = `${from} 1`;
  renameSync(from, to);
  gate.open();
  await world.reaches(half, 'uploading backoff source-missing');
  return { world, from, to, half, storedAt: join(to, 'stored.raw'), halfAt: join(to, 'day/half.raw') };
}

function pathsOf({ app }: World): (string | null)[] {
  return [...app.catalogue.chosen({ kind: 'matching', ...everyArchive, except: [] })].map(({ path }) => path).sort();
}

async function goesOn(world: World, id: UploadId): Promise<void> {
  await world.wait('stored', 5 * SECOND, () => world.state(id) === 'stored');
  expect(await world.broken()).toEqual([]);
}

describe('a library that moved', () => {
  it('is told where it is: uploads go on, and nothing is sent twice', async () => {
    const { world, from, to, half, storedAt, halfAt } = await moved();
    expect(valueOf(await world.app.relocation.move(from, to))).toEqual({ ...nothing, uploads: 1, archives: 1 });
    await goesOn(world, half);
    expect(pathsOf(world)).toEqual([halfAt, storedAt]);
    const again = await world.app.queue.enqueue([to], {
      accountId: world.accountId,
      vault: 'photos',
      partSize: MiB,
      preferredPartSize: MiB,
      again: false,
    });
    expect(again).toMatchObject({ value: { added: 0, alreadyThere: 2 } });
  });

  it('is found by one of its files, or by the folder that it is in', async () => {
    const { world, to, half, storedAt, halfAt } = await moved();
    const { path } = world.upload(half);
    expect(await world.app.relocation.find(path, dirname(dirname(to)))).toMatchObject({ ok: false });
    expect(valueOf(await world.app.relocation.find(path, to))).toMatchObject({ uploads: 1, archives: 1 });
    await goesOn(world, half);
    expect(pathsOf(world)).toEqual([halfAt, storedAt]);
  });

  it('takes along no file that is another', async () => {
    const { world, from, to, half, storedAt, halfAt } = await moved();
    appendFileSync(storedAt, 'more');
    utimesSync(halfAt, 5, 5);
    expect(valueOf(await world.app.relocation.move(from, to))).toEqual({ ...nothing, uploads: 1, differing: 1 });
    expect(pathsOf(world)).toEqual([join(from, 'stored.raw')]);
    await goesOn(world, half);
  });

  it('takes along what has another time and the same bytes', async () => {
    const { world, from, to, half, storedAt } = await moved();
    utimesSync(storedAt, 5, 5);
    expect(valueOf(await world.app.relocation.move(from, to))).toEqual({ ...nothing, uploads: 1, archives: 1 });
    await goesOn(world, half);
  });

  it('leaves an upload alone whose file was added from the new place already', async () => {
    const { world, from, to, half, halfAt } = await moved();
    const [other = never()] = await world.add([halfAt]);
    await world.reaches(other, 'stored');
    expect(valueOf(await world.app.relocation.move(from, to))).toEqual({ ...nothing, archives: 1, twice: 1 });
    expect(world.state(half)).toContain('source-missing');
  });

  it('that is not where it is said to be changes nothing', async () => {
    const { world, from } = await moved();
    expect(await world.app.relocation.move(from, join(from, 'nowhere'))).toMatchObject({
      failure: { kind: 'not-found' },
    });
    expect(valueOf(await world.app.relocation.move(from, world.folder))).toEqual({ ...nothing, missing: 2 });
  });
});

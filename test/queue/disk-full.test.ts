import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MiB, SECOND } from '../../shared/units.ts';
import { smallDisk } from '../support/small-disk.ts';
import { World } from '../support/world.ts';

function never(): never {
  throw new Error('Nothing was added');
}

/** Takes all the room that the disk has. The returned function gives it back. */
function fill(disk: string): () => void {
  const files: string[] = [];
  for (let size = 4 * MiB; size >= 1; size = size > 4096 ? size / 2 : Math.floor(size / 8)) {
    while (statfsSync(disk).bavail * statfsSync(disk).bsize >= size && size >= 4096) {
      const file = join(disk, `filler-${files.length}`);
      writeFileSync(file, Buffer.alloc(size, 1));
      files.push(file);
    }
  }
  expect(statfsSync(disk).bavail).toBe(0);
  return () => {
    for (const file of files) rmSync(file);
  };
}

describe('a disk that is full', () => {
  it('under the records loses nothing, says so, and lets the queue go on when there is room', async (context) => {
    const disk = smallDisk();
    if (disk === null) {
      context.skip('Mounting a disk for this takes root.');
      return;
    }
    const world = await World.open({ dataFolder: join(disk, 'data'), settings: { parallelParts: 1 } });
    world.line.gate('UploadMultipartPart').open();
    const gate = world.line.gate('UploadMultipartPart', 'answer');
    const ids = await world.add([world.file('a.raw', 4 * MiB), world.file('b.raw', 2 * MiB)]);
    const [id = never()] = ids;
    await gate.arrived;
    const free = fill(disk);
    gate.open();
    await world.until('told', () => world.app.notices.list().some(({ kind }) => kind === 'records-wait'));
    for (const one of ids) await world.still(one);
    const asked = world.line.passages.length;
    for (let look = 0; look < 4; look += 1) {
      world.pass(16 * SECOND);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(world.line.passages.length).toBe(asked);
    expect(world.app.notices.list()).toMatchObject([{ kind: 'records-wait', failure: { kind: 'disk-full' } }]);
    expect(() => world.app.uploads.apply(id, { kind: 'paused', at: 1 })).toThrow();
    await expect(world.add([world.file('c.raw')])).rejects.toSatisfy(
      (error) => world.app.failureOf(error).kind === 'disk-full',
    );

    free();
    await world.wait('stored', SECOND, () => ids.every((one) => world.state(one) === 'stored'));
    expect(world.app.notices.list()).toEqual([]);
    expect(await world.broken()).toEqual([]);
  });

  it('while the archive is being completed loses neither the archive nor its ID', async (context) => {
    const disk = smallDisk();
    if (disk === null) {
      context.skip('Mounting a disk for this takes root.');
      return;
    }
    const world = await World.open({ dataFolder: join(disk, 'data') });
    const gate = world.line.gate('CompleteMultipartUpload', 'answer');
    const [id = never()] = await world.add([world.file('a.raw', 2 * MiB)]);
    await gate.arrived;
    const free = fill(disk);
    gate.open();
    await world.until('told', () => world.app.notices.list().some(({ kind }) => kind === 'records-wait'));
    expect(world.state(id)).toBe('completing');
    free();
    await world.wait('stored', SECOND, () => world.state(id) === 'stored');
    expect(await world.broken()).toEqual([]);
  });
});

import { mkdirSync, renameSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { volumesIn } from '../../main/files/volumes.ts';
import { MiB, SECOND } from '../../shared/units.ts';
import { valueOf } from '../support/value-of.ts';
import { World } from '../support/world.ts';

function never(): never {
  throw new Error('Nothing was added');
}

/** A file that waits, on a drive that was mounted under another name meanwhile. */
async function remounted() {
  const volumes: string[] = [];
  const world = await World.open({ volumes: () => volumes });
  world.app.changeSettings({ queuePaused: true });
  const path = world.file('media/Card/DCIM/a.raw', MiB);
  const [id = never()] = await world.add([path]);
  const from = dirname(dirname(path));
  const to = join(world.folder, 'files/media/Card 1');
  renameSync(from, to);
  const other = join(world.folder, 'files/media/Other');
  mkdirSync(other);
  const offered = () => world.app.notices.list().filter(({ kind }) => kind === 'files-elsewhere');
  world.app.changeSettings({ queuePaused: false });
  await world.reaches(id, 'queued backoff source-missing');
  return { world, volumes, id, from, to, other, offered };
}

it('a drive that is mounted under another name is offered, and uploads go on there', async () => {
  const { world, volumes, id, from, to, other, offered } = await remounted();
  volumes.push(other);
  await world.app.elsewhere.look();
  expect(offered()).toEqual([]);
  volumes.push(to);
  await world.wait('offered', 5 * SECOND, () => offered().length > 0);
  expect(offered()).toMatchObject([{ kind: 'files-elsewhere', from, to }]);
  expect(valueOf(await world.app.elsewhere.goOnThere())).toMatchObject({ uploads: 1, missing: 0 });
  expect(offered()).toEqual([]);
  await world.wait('stored', 5 * SECOND, () => world.state(id) === 'stored');
  expect(world.upload(id).path).toBe(join(to, 'DCIM/a.raw'));
});

it('another file of that name is offered to nobody, and neither is a drive once the file is back', async () => {
  const { world, volumes, id, from, to, offered } = await remounted();
  const moved = join(to, 'DCIM/a.raw');
  utimesSync(moved, 1, 1);
  volumes.push(to);
  await world.app.elsewhere.look();
  expect(offered()).toEqual([]);
  const { modifiedNs } = world.upload(id).identity;
  utimesSync(moved, Number(modifiedNs) / 1e9, Number(modifiedNs) / 1e9);
  await world.app.elsewhere.look();
  expect(offered()).toHaveLength(1);
  renameSync(to, from);
  await world.wait('stored', 5 * SECOND, () => world.state(id) === 'stored');
  await world.app.elsewhere.look();
  expect(offered()).toEqual([]);
});

it('finds drives in the table of mounts, and no folder of a network', () => {
  const mounts = [
    '/dev/sda1 / ext4 rw 0 0',
    '/dev/sdb1 /media/anna/My\\040Card exfat rw 0 0',
    '/dev/loop3 /snap/core squashfs ro 0 0',
    'nas:/photos /mnt/nas nfs4 rw 0 0',
    '/dev/sdc2 /mnt/archive fuseblk rw 0 0',
  ].join('\n');
  expect(volumesIn(mounts)).toEqual(['/media/anna/My Card', '/mnt/archive']);
});

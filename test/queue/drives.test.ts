import { renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { MiB, SECOND } from '../../shared/units.ts';
import { World } from '../support/world.ts';

function never(): never {
  throw new Error('Nothing was added');
}

it('files of a drive that is away wait for it together, keep nobody else waiting, and go on when it is there again', async () => {
  const mounted: string[] = [];
  let looks = 0;
  const world = await World.open({
    settings: { parallelUploads: 2 },
    volumes: () => {
      looks += 1;
      return mounted;
    },
  });
  world.app.changeSettings({ queuePaused: true });
  const paths = Array.from({ length: 50 }, (_, n) => world.file(`media/Card/DCIM/${n}.raw`, 1));
  const card = dirname(dirname(paths[0] ?? never()));
  mounted.push(card);
  const ids = await world.add(paths);
  const away = join(world.folder, 'files/elsewhere');
  renameSync(card, away);
  mounted.pop();
  looks = 0;
  const [other = never()] = await world.add([world.file('b.raw', MiB)]);
  world.app.changeSettings({ queuePaused: false });
  await world.reaches(other, 'stored');
  await world.wait('a minute', SECOND, () => looks > 10);
  const states = ids.map((id) => world.state(id));
  const tried = states.filter((state) => state === 'queued backoff drive-missing');
  // As many as there are places, and one more for a small file; nothing is written down of any.
  expect(tried.length).toBeLessThanOrEqual(3);
  expect(tried.length).toBeGreaterThan(0);
  expect(new Set(states)).toEqual(new Set(['queued', 'queued backoff drive-missing']));
  expect(ids.flatMap((id) => world.events(id))).toEqual([]);

  renameSync(away, card);
  mounted.push(card);
  await world.wait('stored', SECOND, () => ids.every((id) => world.state(id) === 'stored'));
  expect(await world.broken()).toEqual([]);
});

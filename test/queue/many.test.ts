import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MiB } from '../../shared/units.ts';
import { VAULT, World } from '../support/world.ts';

const MANY = 10_000;
const PATIENCE_MS = 300_000;

function never(): never {
  throw new Error('Nothing was added');
}

/** How often everything else got its turn while `act` ran. */
async function turnsDuring(act: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let counting = setImmediate(function count() {
    turns += 1;
    counting = setImmediate(count);
  });
  await act();
  clearImmediate(counting);
  return turns;
}

describe('a hundred thousand files', () => {
  it(
    'in the queue do not keep the last of them from being stored at once when the user moves it to the front',
    async () => {
      const world = await World.open();
      const { uploads, queue } = world.app;
      world.app.changeSettings({ queuePaused: true });
      const identity = { size: 1, modifiedNs: '1', fileId: '1:1' };
      const place = { accountId: world.accountId, vault: VAULT, description: 'a', partSize: MiB };
      for (let batch = 0; batch < 50; batch += 1) {
        const names = Array.from({ length: 2000 }, (_, index) => `/away/${batch}/${index}.raw`);
        uploads.add(
          names.map((path) => ({ ...place, source: { path, identity } })),
          world.clock.now(),
        );
      }
      const [last = never()] = await world.add([world.file('last.raw', 1)]);
      expect(uploads.countOpen()).toBe(100_001);
      await queue.move([last], uploads.openIds()[0] ?? null);
      expect(uploads.openIds()[0]).toBe(last);
      world.app.changeSettings({ queuePaused: false });
      await world.reaches(last, 'stored');
      expect(uploads.countOpen()).toBe(100_000);
      expect(world.line.count('InitiateMultipartUpload')).toBe(1);
    },
    PATIENCE_MS,
  );
});

describe('ten thousand files', () => {
  it(
    'are queued, paused, resumed, cancelled and cleared without holding up anything else',
    async () => {
      const world = await World.open();
      const { queue, uploads } = world.app;
      world.app.changeSettings({ queuePaused: true });
      for (let n = 0; n < MANY; n += 1) world.file(`many/${Math.floor(n / 100)}/${n}.raw`, 1);
      const folder = join(world.folder, 'files/many');
      const choice = { accountId: world.accountId, vault: VAULT, partSize: null, preferredPartSize: MiB, again: false };
      expect(await queue.enqueue([folder], choice)).toMatchObject({ value: { added: MANY, bytes: MANY } });
      expect(await queue.preview([join(folder, '7')], choice)).toMatchObject({
        value: { files: 0, alreadyThere: 100 },
      });

      expect(await turnsDuring(() => queue.pause('all'))).toBeGreaterThan(50);
      expect(uploads.list().every(({ hold }) => hold?.kind === 'paused')).toBe(true);
      await world.restart();
      expect(world.app.uploads.openIds()).toHaveLength(MANY);
      expect(await turnsDuring(() => world.app.queue.resume('all'))).toBeGreaterThan(50);
      world.app.changeSettings({ queuePaused: false });
      await world.until('some are stored', () => world.app.catalogue.count() >= 20);

      const stored = world.app.catalogue.count();
      const begun = world.line.count('InitiateMultipartUpload');
      expect(await turnsDuring(() => world.app.queue.cancel('all'))).toBeGreaterThan(50);
      await world.rest();
      // What ran ends; nothing begins in place of what is cancelled but the few that were next.
      expect(world.line.count('InitiateMultipartUpload') - begun).toBeLessThan(100);
      expect(world.app.catalogue.count() - stored).toBeLessThan(100);
      expect(await world.app.queue.clear()).toEqual({ cleared: MANY });
      expect(world.app.catalogue.count()).toBeGreaterThanOrEqual(20);
    },
    PATIENCE_MS,
  );
});

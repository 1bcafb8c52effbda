import { expect, it } from 'vitest';
import { minuteOfDay } from '../../shared/schedule.ts';
import { HOUR, KiB, MiB } from '../../shared/units.ts';
import { RetrievalWorld } from '../support/retrieval-world.ts';

it('what comes in keeps to the limit of bytes per second as well', async () => {
  const here = await RetrievalWorld.open();
  const { archive } = await here.store('a.raw', MiB);
  here.world.app.changeSettings({ bytesPerSecond: 512 * KiB });
  const id = await here.retrieveOne(archive);
  await here.reaches(id, 'requested backoff awaiting-job');
  let begunAt = 0;
  here.world.line.carries = ({ operation }) => {
    if (operation === 'GetJobOutput') begunAt = performance.now();
  };
  await here.reaches(id, 'retrieved');
  // Two seconds by the limit; the machine may take longer, but never much less.
  expect(performance.now() - begunAt).toBeGreaterThan(1500);
});

it('outside of its hours nothing is fetched, and what comes in stops; then it goes on', async () => {
  const here = await RetrievalWorld.open();
  const { archive } = await here.store('a.raw', MiB);
  const id = await here.retrieveOne(archive);
  await here.reaches(id, 'requested backoff awaiting-job');
  const gate = here.world.line.gate('GetJobOutput', 'answer');
  let isCaught = false;
  void gate.arrived.then(() => (isCaught = true));
  await here.world.until('it is fetched', () => {
    if (!isCaught && here.isStill()) here.world.pass(HOUR / 4);
    return isCaught;
  });
  const minute = minuteOfDay(new Date(here.world.clock.now()));
  const [from, to] = [(minute + 120) % 1440, (minute + 240) % 1440];
  here.world.app.changeSettings({ schedule: { from, to, outside: 'paused' } });
  gate.open();
  await here.world.until('it has stopped', () => here.isStill());
  expect(here.state(id)).toBe('downloading');
  expect(here.verified(id)).toEqual([]);
  here.world.pass(HOUR);
  expect(here.isStill()).toBe(true);
  await here.reaches(id, 'retrieved');
  const now = minuteOfDay(new Date(here.world.clock.now()));
  expect((now - from + 1440) % 1440).toBeLessThan(120);
});

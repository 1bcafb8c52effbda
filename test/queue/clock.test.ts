import { describe, expect, it } from 'vitest';
import { everyArchive } from '../../shared/archive.ts';
import { DAY, HOUR, MINUTE, MiB, SECOND } from '../../shared/units.ts';
import { refusal } from '../support/line.ts';
import { worldNow } from '../support/test-clock.ts';
import { World } from '../support/world.ts';

function never(): never {
  throw new Error('Nothing was added');
}

const YEAR = 365 * DAY;
const offsets: [string, number][] = [
  ['six minutes slow', -6 * MINUTE],
  ['six minutes fast', 6 * MINUTE],
  ['a year slow', -YEAR],
  ['a year fast', YEAR],
];

describe('a clock that is', () => {
  it.each(offsets)('%s stops nothing', async (_, clockOffsetMs) => {
    const world = await World.open({ clockOffsetMs });
    const ids = await world.add([world.file('a.raw'), world.file('b.raw')]);
    await world.rest();
    expect(ids.map((id) => world.state(id))).toEqual(['stored', 'stored']);
    expect(await world.broken()).toEqual([]);
  });

  it.each(offsets)(
    '%s dates no archive: what was stored has the time at which the service stored it',
    async (_, clockOffsetMs) => {
      const world = await World.open({ clockOffsetMs });
      await world.add([world.file('a.raw')]);
      await world.rest();
      const query = { ...everyArchive, offset: 0, limit: 1 };
      const [archive] = world.app.catalogue.search(query).items;
      expect(Math.abs((archive?.storedAt ?? 0) - world.serviceNow())).toBeLessThan(MINUTE);
    },
  );

  it.each(offsets)('%s after a restart is told of, and the upload goes on', async (_, clockOffsetMs) => {
    const world = await World.open();
    world.app.changeSettings({ queuePaused: true });
    const [id = never()] = await world.add([world.file('a.raw')]);
    world.clock.set(clockOffsetMs);
    await world.restart();
    world.app.changeSettings({ queuePaused: false });
    await world.rest();
    expect(world.state(id)).toBe('stored');
    const told = world.app.uploads.events(id, 100).find((event) => event.kind === 'attempt-failed');
    const failure = told?.kind === 'attempt-failed' && told.failure.kind === 'clock-wrong' ? told.failure : null;
    expect(Math.abs((failure?.offsetMs ?? 0) + clockOffsetMs)).toBeLessThan(5000);
    expect(await world.broken()).toEqual([]);
  });

  it.each(offsets)('set %s in the middle of parts stops nothing', async (_, jumpMs) => {
    const world = await World.open({ settings: { parallelParts: 2 } });
    const gates = [1, 2].map(() => world.line.gate('UploadMultipartPart'));
    const [id = never()] = await world.add([world.file('a.raw', 5 * MiB)]);
    await Promise.all(gates.map((gate) => gate.arrived));
    world.clock.set(jumpMs);
    for (const gate of gates) gate.open();
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });

  it('set right after it was a year fast does not make a wait last that year', async () => {
    const world = await World.open({ clockOffsetMs: YEAR });
    world.line.next('InitiateMultipartUpload', { kind: 'answer', status: 429, headers: { 'retry-after': '600' } });
    const [id = never()] = await world.add([world.file('a.raw')]);
    await world.reaches(id, 'queued backoff throttled');
    world.clock.set(-YEAR);
    await world.wait('stored', MINUTE, () => world.state(id) === 'stored');
    expect(world.clock.now()).toBeLessThan(worldNow() + HOUR);
    expect(await world.broken()).toEqual([]);
  });

  it('set back an hour again and again does not make a wait start over for ever', async () => {
    const world = await World.open();
    world.line.next('InitiateMultipartUpload', refusal(500, 'ServiceUnavailableException'), 5);
    const [id = never()] = await world.add([world.file('a.raw')]);
    for (let time = 0; time < 5; time += 1) {
      await world.until('a wait', () => world.upload(id).hold?.kind === 'backoff');
      world.clock.set(-2 * HOUR);
    }
    await world.wait('stored', MINUTE, () => world.state(id) === 'stored');
    expect(await world.broken()).toEqual([]);
  });
});

describe('sleep', () => {
  it('that is announced stops the parts on the wire, and waking asks Glacier what it has and goes on', async () => {
    const world = await World.open({ settings: { parallelParts: 1 } });
    world.line.gate('UploadMultipartPart').open();
    const gate = world.line.gate('UploadMultipartPart');
    const [id = never()] = await world.add([world.file('a.raw', 4 * MiB)]);
    await gate.arrived;
    world.app.sleep.begin();
    await world.still(id);
    gate.open();
    expect(world.state(id)).toBe('uploading');
    expect(world.line.count('UploadMultipartPart')).toBe(2);
    const [late = never()] = await world.add([world.file('late.raw', MiB)]);
    expect(world.state(late)).toBe('queued');

    world.pass(20 * SECOND);
    world.app.sleep.end();
    await world.rest();
    expect([world.state(id), world.state(late)]).toEqual(['stored', 'stored']);
    expect(world.line.count('ListParts')).toBe(1);
    expect(await world.broken()).toEqual([]);
  });

  it('with nothing on the wire is a reason, too, to ask Glacier what it has', async () => {
    const world = await World.open({ settings: { parallelParts: 1 } });
    world.line.gate('UploadMultipartPart').open();
    const gate = world.line.gate('UploadMultipartPart');
    const [id = never()] = await world.add([world.file('a.raw', 3 * MiB)]);
    await gate.arrived;
    world.line.next('UploadMultipartPart', { kind: 'answer', status: 429, headers: { 'retry-after': '600' } });
    gate.open();
    await world.reaches(id, 'uploading backoff throttled');
    expect(world.line.count('ListParts')).toBe(0);
    world.app.sleep.begin();
    world.pass(HOUR);
    world.app.sleep.end();
    await world.reaches(id, 'stored');
    expect(world.line.count('ListParts')).toBe(1);
    expect(await world.broken()).toEqual([]);
  });

  it('that was announced and did not come is no reason to stand still for ever', async () => {
    const world = await World.open();
    world.app.sleep.begin();
    const [id = never()] = await world.add([world.file('a.raw', MiB)]);
    expect(world.state(id)).toBe('queued');
    world.pass(MINUTE);
    await world.reaches(id, 'stored');
  });

  it('that begins while a short request is under way hears the answer out', async () => {
    const world = await World.open();
    const gate = world.line.gate('CompleteMultipartUpload', 'answer');
    const [id = never()] = await world.add([world.file('a.raw', MiB)]);
    await gate.arrived;
    world.app.sleep.begin();
    gate.open();
    await world.reaches(id, 'stored');
    expect(world.line.count('CompleteMultipartUpload')).toBe(1);
  });

  it('of a night in the middle of parts ends where it began', async () => {
    const world = await World.open({ settings: { parallelParts: 1 } });
    world.line.gate('UploadMultipartPart').open();
    const gate = world.line.gate('UploadMultipartPart');
    const [id = never()] = await world.add([world.file('a.raw', 4 * MiB)]);
    await gate.arrived;
    // Asleep, the computer answers nobody and its connections die.
    world.line.down();
    world.pass(8 * HOUR);
    world.line.up();
    gate.open();
    world.app.sleep.end();
    await world.wait('stored', MINUTE, () => world.state(id) === 'stored');
    // The part whose connection died is sent once more, and no other.
    expect(world.line.count('UploadMultipartPart')).toBe(5);
    expect(await world.broken()).toEqual([]);
  });

  it('of two days is longer than Glacier waits: the upload starts over by itself', async () => {
    const world = await World.open({ settings: { parallelParts: 1 } });
    world.line.gate('UploadMultipartPart').open();
    const gate = world.line.gate('UploadMultipartPart');
    const [id = never()] = await world.add([world.file('a.raw', 4 * MiB)]);
    await gate.arrived;
    world.line.down();
    world.pass(2 * DAY);
    world.line.up();
    gate.open();
    world.app.sleep.end();
    await world.wait('stored', MINUTE, () => world.state(id) === 'stored');
    expect(world.events(id)).toContain('multipart-lost');
    expect(await world.broken()).toEqual([]);
  });
});

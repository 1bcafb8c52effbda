import { truncateSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { minuteOfDay } from '../../shared/schedule.ts';
import { HOUR, KiB, MINUTE, MiB } from '../../shared/units.ts';
import { refusal } from '../support/line.ts';
import { World } from '../support/world.ts';

function never(): never {
  throw new Error('Nothing was added');
}

/** For what must not happen: long enough that it would have happened. */
const aWhile = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 300));

describe('the schedule', () => {
  it('lets nothing run outside of its hours, and everything by itself once they begin', async () => {
    const world = await World.open();
    const minute = minuteOfDay(new Date(world.clock.now()));
    const inMinutes = (minutes: number): number => (minute + minutes) % 1440;
    world.app.changeSettings({ schedule: { from: inMinutes(60), to: inMinutes(300), outside: 'paused' } });
    const [id = never()] = await world.add([world.file('a.raw')]);
    world.pass(30 * MINUTE);
    await aWhile();
    expect(world.line.count('InitiateMultipartUpload')).toBe(0);
    world.pass(31 * MINUTE);
    await world.reaches(id, 'stored');
  });
});

describe('the limit of bytes per second', () => {
  it('holds parts back, and no longer once it is lifted', async () => {
    const world = await World.open({ settings: {} });
    world.app.changeSettings({ bytesPerSecond: 64 * KiB });
    const [id = never()] = await world.add([world.file('a.raw', 8 * MiB)]);
    await world.until('bytes leave', () => world.line.passages.some(({ range, bytes }) => range !== null && bytes > 0));
    await aWhile();
    expect(world.upload(id).uploadedBytes).toBeLessThan(8 * MiB);
    world.app.changeSettings({ bytesPerSecond: null });
    await world.reaches(id, 'stored');
  });
});

describe('places', () => {
  it('are as many as the user allows, and one for a small file, which need not wait for huge ones to end', async () => {
    const world = await World.open({ settings: { parallelUploads: 1, parallelParts: 2 } });
    const gate = world.line.gate('UploadMultipartPart');
    const [running = never()] = await world.add([world.file('running.raw', 1 * MiB)]);
    await gate.arrived;
    const path = world.file('huge.raw', 1);
    truncateSync(path, 65 * MiB);
    const [huge = never()] = await world.add([path], { partSize: 16 * MiB });
    const [small = never()] = await world.add([world.file('small.raw', 1 * MiB)]);
    await world.reaches(small, 'stored');
    expect(world.state(running)).toBe('uploading');
    expect(world.state(huge)).toBe('queued');
    gate.open();
    await world.rest();
    expect([running, huge, small].map((id) => world.state(id))).toEqual(['stored', 'stored', 'stored']);
    expect(await world.broken()).toEqual([]);
  });

  it('are given to a half-sent upload, too, that others have kept from its own until Glacier is about to forget it', async () => {
    const world = await World.open({ settings: { parallelUploads: 1, parallelParts: 1 } });
    const huge = (name: string): string => {
      const path = world.file(name, 1);
      truncateSync(path, 65 * MiB);
      return path;
    };
    const first = world.line.gate('UploadMultipartPart');
    const second = world.line.gate('UploadMultipartPart');
    const [begun = never()] = await world.add([huge('begun.raw')], { partSize: 16 * MiB });
    await first.arrived;
    first.open();
    await second.arrived;
    const [other = never()] = await world.add([huge('other.raw')], { partSize: 16 * MiB });
    const [last = never()] = await world.add([huge('last.raw')], { partSize: 16 * MiB });
    world.line.next('UploadMultipartPart', refusal(408, 'RequestTimeoutException', 'Request timed out.'), 100);
    const gate = world.line.gate('InitiateMultipartUpload');
    second.open();
    await gate.arrived;
    world.line.calm();
    await aWhile();
    expect(world.app.engine.runner.isRunning(other)).toBe(true);
    expect(world.app.engine.runner.isRunning(begun)).toBe(false);
    world.pass(13 * HOUR);
    await world.reaches(begun, 'stored');
    expect([other, last].map((id) => world.state(id))).toEqual(['queued', 'queued']);
    gate.open();
    await world.rest();
    expect(world.events(begun)).not.toContain('multipart-lost');
    expect([begun, other, last].map((id) => world.state(id))).toEqual(['stored', 'stored', 'stored']);
    expect(await world.broken()).toEqual([]);
  });

  it('on the wire are as many as the user allows', async () => {
    const world = await World.open({ settings: { parallelParts: 2 } });
    const gates = [1, 2, 3, 4].map(() => world.line.gate('UploadMultipartPart'));
    const [id = never()] = await world.add([world.file('a.raw', 4 * MiB)]);
    await Promise.all(gates.slice(0, 2).map((gate) => gate.arrived));
    await aWhile();
    expect(world.line.count('UploadMultipartPart')).toBe(2);
    for (const gate of gates) gate.open();
    await world.reaches(id, 'stored');
    expect(await world.broken()).toEqual([]);
  });
});

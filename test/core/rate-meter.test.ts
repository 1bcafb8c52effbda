import { describe, expect, it } from 'vitest';
import { RateMeter } from '../../main/core/rate-meter.ts';
import { HOUR, MiB, SECOND } from '../../shared/units.ts';

const TICK = 250;

/** Ticks four times a second for `ms`, at `rate` bytes per second; returns the time afterwards. */
function run(meter: RateMeter, from: number, ms: number, rate: number): number {
  let now = from;
  for (; now < from + ms; now += TICK) meter.tick((rate * TICK) / SECOND, now + TICK);
  return now;
}

function started(at: number): RateMeter {
  const meter = new RateMeter();
  meter.tick(0, at);
  return meter;
}

describe('the rate', () => {
  it('is unknown until it means something', () => {
    const meter = started(0);
    run(meter, 0, 1.25 * SECOND, 8 * MiB);
    expect(meter.rate()).toBeNull();
    expect(meter.remainingMs(MiB)).toBeNull();
  });

  it('of a steady line is that of the line, from its first value on', () => {
    const meter = started(0);
    const now = run(meter, 0, 2 * SECOND, 8 * MiB);
    expect(meter.rate()).toBeCloseTo(8 * MiB, -2);
    run(meter, now, 60 * SECOND, 8 * MiB);
    expect(meter.rate()).toBeCloseTo(8 * MiB, -2);
    expect(meter.remainingMs(80 * MiB)).toBeCloseTo(10 * SECOND, 0);
  });

  it('follows a change half the way in two seconds', () => {
    const meter = started(0);
    const now = run(meter, 0, 60 * SECOND, 8 * MiB);
    run(meter, now, 2 * SECOND, 0);
    expect(meter.rate()).toBeCloseTo(4 * MiB, -4);
  });

  it('does not take sleep for slowness', () => {
    const meter = started(0);
    const now = run(meter, 0, 60 * SECOND, 8 * MiB);
    meter.tick(0, now + 8 * HOUR);
    expect(meter.rate()).toBeCloseTo(8 * MiB, -2);
  });

  it('survives a clock that is set back', () => {
    const meter = started(0);
    const now = run(meter, 0, 60 * SECOND, 8 * MiB);
    meter.tick(2 * MiB, now - HOUR);
    expect(meter.rate()).toBeCloseTo(8 * MiB, -2);
    run(meter, now - HOUR, 10 * SECOND, 8 * MiB);
    expect(meter.rate()).toBeCloseTo(8 * MiB, -2);
  });

  it('of a line that stands still gives no time left rather than an endless one', () => {
    const meter = started(0);
    run(meter, 0, 10 * SECOND, 0);
    expect(meter.rate()).toBe(0);
    expect(meter.remainingMs(MiB)).toBeNull();
  });
});

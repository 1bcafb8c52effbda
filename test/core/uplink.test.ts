import { expect, test } from 'vitest';
import { PART_TIME_MS, Uplink } from '../../main/uploads/uplink.ts';
import { HOUR, KiB, MiB, SECOND } from '../../shared/units.ts';

const PART_SECONDS = PART_TIME_MS / SECOND;

function uplink({ kept = null, limit = null }: { kept?: number | null; limit?: number | null } = {}) {
  const world = { now: 0, kept, limit };
  const line = new Uplink({
    kept: () => world.kept,
    keep: (rate) => (world.kept = rate),
    limit: () => world.limit,
    now: () => world.now,
  });
  return { world, line };
}

/** `count` parts at once, all of them acknowledged after `ms`. */
function carry({ world, line }: ReturnType<typeof uplink>, count: number, bytes: number, ms: number): void {
  for (let part = 0; part < count; part += 1) line.began();
  world.now += ms;
  for (let part = 0; part < count; part += 1) {
    line.sent(bytes);
    line.ended(bytes);
  }
}

test('what was acknowledged says how many bytes may be on the wire for four minutes', () => {
  const here = uplink();
  carry(here, 4, 16 * MiB, 256_000);
  expect(here.line.rate() / KiB).toBeCloseTo(256, 1);
  expect(here.line.room()).toBe(here.line.rate() * PART_SECONDS);
  carry(here, 200, 16 * MiB, 200_000);
  expect(here.line.room()).toBeGreaterThan(64 * MiB);
});

test('of a line that nobody knows, only what has certainly left counts', () => {
  const { world, line } = uplink();
  expect(line.room()).toBe(0);
  line.began();
  world.now += 1000;
  line.sent(4 * MiB);
  expect(line.room()).toBe(0);
  world.now += 1000;
  line.sent(16 * MiB);
  expect(line.rate()).toBeGreaterThan(7 * MiB);
});

test('what was measured in an earlier life counts until something is acknowledged', () => {
  const here = uplink({ kept: 50 * KiB });
  expect(here.line.rate()).toBe(50 * KiB);
  carry(here, 1, MiB, 1000);
  expect(here.line.rate()).toBeCloseTo(MiB, -4);
  expect(here.world.kept).toBeCloseTo(MiB, -4);
});

test("a limit of the user's makes the line as slow as it says, and idle hours do not", () => {
  const here = uplink({ limit: 10 * KiB });
  carry(here, 1, MiB, 1000);
  expect(here.line.rate()).toBe(10 * KiB);
  here.world.limit = null;
  here.world.now += 3_600_000;
  carry(here, 1, MiB, 1000);
  expect(here.line.rate()).toBeCloseTo(MiB, -4);
});

test('a clock that is set back does no harm', () => {
  const here = uplink();
  carry(here, 1, MiB, 1000);
  here.world.now -= 3_600_000;
  carry(here, 1, MiB, 1000);
  expect(here.line.rate()).toBeGreaterThan(0);
});

test('a night of sleep with a part on the wire says nothing about the line', () => {
  const here = uplink();
  carry(here, 4, 16 * MiB, 10_000);
  const before = here.line.rate();
  here.line.began();
  here.world.now += 8 * HOUR;
  here.line.ended(0);
  expect(here.line.rate()).toBe(before);
});

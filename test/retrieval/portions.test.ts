import { describe, expect, it } from 'vitest';
import { Line } from '../../main/retrievals/line.ts';
import { nextPortion } from '../../main/retrievals/portions.ts';
import { type ByteRange, partCount, partRange } from '../../shared/part-plan.ts';
import { hasTreeHash } from '../../shared/retrieval-ranges.ts';
import type { Limits } from '../../shared/schedule.ts';
import { HOUR, KiB, MINUTE, MiB } from '../../shared/units.ts';

const noLimits: Limits = { bytesPerSecond: null, schedule: null };

/** An archive of that many ranges of 1 MiB, the last one short, and those of them that are missing. */
function archive(ranges: number, isMissing: (index: number) => boolean = () => true) {
  const whole = { size: ranges * MiB - 7, rangeSize: MiB };
  const all = Array.from({ length: partCount(whole.size, MiB) }, (_, index) => partRange(whole.size, MiB, index));
  return { whole, missing: all.filter((_, index) => isMissing(index)) };
}

/** All that is asked for, one request after the other, when each makes room for the next. */
function portions(ranges: number, capacity: number, isMissing?: (index: number) => boolean): ByteRange[] {
  const { whole, missing } = archive(ranges, isMissing);
  const asked: ByteRange[] = [];
  let left = missing;
  while (left.length > 0) {
    const portion = nextPortion(whole, left, { capacity, room: capacity, hasBegun: false });
    if (portion === null) throw new Error('Nothing fits, and the line is idle');
    asked.push(portion);
    left = left.filter(({ first, last }) => first > portion.last || last < portion.first);
  }
  return asked;
}

describe('what is asked for with one request', () => {
  it('is all of an archive that the line fetches in time', () => {
    expect(portions(37, 100 * MiB)).toEqual([{ first: 0, last: 37 * MiB - 8 }]);
  });

  it.each([1, 2, 3, 5, 16, 37, 64, 100])(
    'is a node of the tree of an archive of %i MiB, whatever is missing',
    (ranges) => {
      for (const capacity of [1, 5, 16, 1000]) {
        for (const step of [1, 2, 3, 7]) {
          const isMissing = (index: number): boolean => index % step === 0 || index > ranges / 2;
          const asked = portions(ranges, capacity * MiB, isMissing);
          const { whole, missing } = archive(ranges, isMissing);
          for (const portion of asked) expect(hasTreeHash(portion, whole.size), JSON.stringify(portion)).toBe(true);
          const bytes = (spans: readonly ByteRange[]) => spans.reduce((sum, one) => sum + one.last - one.first + 1, 0);
          expect(bytes(asked)).toBe(bytes(missing));
          for (const { first, last } of asked)
            expect(last - first + 1).toBeLessThanOrEqual(Math.max(capacity, 1) * MiB);
        }
      }
    },
  );

  it('waits for room rather than be cut into little pieces', () => {
    const { whole, missing } = archive(16);
    expect(nextPortion(whole, missing, { capacity: 64 * MiB, room: 15 * MiB, hasBegun: false })).toBeNull();
    expect(nextPortion(whole, missing, { capacity: 20 * MiB, room: 15 * MiB, hasBegun: false })).toEqual({
      first: 0,
      last: 8 * MiB - 1,
    });
    expect(nextPortion(whole, missing, { capacity: 40 * MiB, room: 9 * MiB, hasBegun: true })).toBeNull();
  });
});

describe('the line', () => {
  function line(limits: Limits = noLimits) {
    const state = { now: Date.UTC(2026, 10, 30), kept: null as number | null, outstanding: 0 };
    const measured = new Line({
      kept: () => state.kept,
      keep: (rate) => (state.kept = rate),
      outstanding: () => state.outstanding,
      limits: () => limits,
      now: () => state.now,
      onRoom: () => undefined,
    });
    return { state, measured };
  }

  it('is taken for a slow one until it was measured, and is remembered', () => {
    const { state, measured } = line();
    expect(measured.capacity()).toBe(500 * KiB * 20 * 3600);
    measured.began();
    state.now += MINUTE;
    measured.moved(60 * MiB);
    measured.ended();
    expect(measured.capacity()).toBeCloseTo(MiB * 20 * 3600, -3);
    expect(state.kept).toBe(MiB);
    const next = line();
    next.state.kept = state.kept;
    expect(next.measured.capacity()).toBe(MiB * 20 * 3600);
  });

  it('is not taken for slower because it had nothing to do, and counts ranges side by side once', () => {
    const { state, measured } = line();
    measured.began();
    measured.began();
    state.now += MINUTE;
    measured.moved(30 * MiB);
    measured.moved(30 * MiB);
    measured.ended();
    measured.ended();
    state.now += 100 * HOUR;
    expect(measured.capacity()).toBeCloseTo(MiB * 20 * 3600, -3);
  });

  it('a night of sleep with a range on the wire says nothing about it', () => {
    const { state, measured } = line();
    measured.began();
    state.now += MINUTE;
    measured.moved(60 * MiB);
    state.now += 9 * HOUR;
    measured.woke();
    state.now += MINUTE;
    measured.moved(60 * MiB);
    measured.ended();
    expect(measured.capacity()).toBeCloseTo(MiB * 20 * 3600, -3);
  });

  it("fetches no more than the user's limit and hours allow", () => {
    const half = { from: 0, to: 12 * 60, outside: 'paused' } as const;
    const full = line({ bytesPerSecond: 1000, schedule: null }).measured.capacity();
    expect(full).toBe(1000 * 20 * 3600);
    expect(line({ bytesPerSecond: 1000, schedule: half }).measured.capacity()).toBe(full / 2);
  });

  it('is full when three quarters of what it can fetch are asked for', () => {
    const { state, measured } = line({ bytesPerSecond: 1000, schedule: null });
    expect(measured.isFull()).toBe(false);
    state.outstanding = measured.capacity() * 0.74;
    expect(measured.isFull()).toBe(false);
    state.outstanding = measured.capacity() * 0.76;
    expect(measured.isFull()).toBe(true);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../main/engine/backoff.ts';
import { isTransient } from '../../shared/failure.ts';
import { DAY, MINUTE, SECOND } from '../../shared/units.ts';
import { failures } from '../support/failures.ts';

const most = (): number => 1;
const offline = failures.offline;

describe('the wait before the next attempt', () => {
  it('doubles from a second to a minute and stays there', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 1000].map((attempt) => backoffMs(offline, attempt, most, 0));
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * SECOND));
  });

  it('is spread over the whole time, so that many uploads do not return at once', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 40 }), (random, attempt) => {
        const ceiling = backoffMs(offline, attempt, most, 0);
        expect(backoffMs(offline, attempt, () => random, 0)).toBe(Math.ceil(random * ceiling));
      }),
    );
  });

  it('is never shorter than the service asked for', () => {
    expect(backoffMs({ kind: 'throttled', retryAfterMs: 7 * SECOND }, 1, most, 0)).toBe(7 * SECOND);
    expect(backoffMs({ kind: 'throttled', retryAfterMs: 1 }, 5, most, 0)).toBe(16 * SECOND);
    expect(backoffMs({ kind: 'throttled', retryAfterMs: null }, 1, most, 0)).toBe(1 * SECOND);
  });

  it('is never so long that nobody would believe it', () => {
    const { throttled } = failures;
    expect(backoffMs({ ...throttled, retryAfterMs: 40 * DAY }, 1, most, 0)).toBeLessThanOrEqual(60 * MINUTE);
  });

  it('for a missing file stays short, however long the drive is away', () => {
    expect(backoffMs(failures['source-missing'], 12, most, 0)).toBe(5 * SECOND);
    expect(backoffMs(failures['source-missing'], 500, most, 0)).toBe(30 * SECOND);
  });

  it('for a clock that was just measured is next to nothing, once', () => {
    expect(backoffMs(failures['clock-wrong'], 1, most, 0)).toBeLessThan(100);
    expect(backoffMs(failures['clock-wrong'], 2, most, 0)).toBe(2 * SECOND);
  });

  it('for an inventory follows how slow inventories are', () => {
    expect(backoffMs(failures['awaiting-inventory'], 1, most, 2 * DAY)).toBe(15 * MINUTE);
    expect(backoffMs(failures['awaiting-inventory'], 1, most, 7 * SECOND)).toBe(1 * SECOND);
  });

  it('has an end for every failure that waiting cures', () => {
    for (const failure of Object.values(failures).filter(isTransient)) {
      const wait = backoffMs(failure, 12, most, 2 * DAY);
      expect(wait, failure.kind).toBeGreaterThan(0);
      expect(wait, failure.kind).toBeLessThanOrEqual(60 * MINUTE);
    }
  });
});

import { expect, test } from 'vitest';
import { allowanceAt, minuteOfDay } from '../../shared/schedule.ts';

const nights = { from: 22 * 60, to: 6 * 60, outside: 'paused' } as const;

test('without a schedule the limit counts all day', () => {
  expect(allowanceAt({ bytesPerSecond: null, schedule: null }, 0)).toBeNull();
  expect(allowanceAt({ bytesPerSecond: 5000, schedule: null }, 720)).toBe(5000);
});

test('hours may pass midnight, begin with their first minute and end before their last', () => {
  const at = (minute: number) => allowanceAt({ bytesPerSecond: null, schedule: nights }, minute);
  expect([at(22 * 60), at(0), at(6 * 60 - 1)]).toEqual([null, null, null]);
  expect([at(6 * 60), at(12 * 60), at(22 * 60 - 1)]).toEqual(['paused', 'paused', 'paused']);
});

test('outside of its hours a schedule may slow down instead, and never speeds up', () => {
  const schedule = { from: 60, to: 120, outside: 3000 };
  expect(allowanceAt({ bytesPerSecond: 5000, schedule }, 90)).toBe(5000);
  expect(allowanceAt({ bytesPerSecond: 5000, schedule }, 300)).toBe(3000);
  expect(allowanceAt({ bytesPerSecond: null, schedule }, 300)).toBe(3000);
  expect(allowanceAt({ bytesPerSecond: 2000, schedule }, 300)).toBe(2000);
});

test('hours that begin and end together are the whole day', () => {
  expect(allowanceAt({ bytesPerSecond: null, schedule: { ...nights, from: 60, to: 60 } }, 600)).toBeNull();
});

test('the minute of the day is that of the clock on the wall', () => {
  expect(minuteOfDay(new Date(2026, 10, 22, 13, 45))).toBe(13 * 60 + 45);
});

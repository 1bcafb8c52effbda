import { describe, expect, it } from 'vitest';
import { DAY, GiB, HOUR, KiB, MINUTE, MiB, SECOND, TiB, formatBytes, formatDuration } from '../../shared/units.ts';

describe('sizes in words', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [812, '812 bytes'],
    [1023, '1023 bytes'],
    [1 * KiB, '1 KiB'],
    [1.5 * MiB, '1.50 MiB'],
    [16 * MiB, '16 MiB'],
    [12.34 * MiB, '12.3 MiB'],
    [123.4 * MiB, '123 MiB'],
    [1 * GiB, '1 GiB'],
    [4 * GiB, '4 GiB'],
    [40_000 * GiB, '39.1 TiB'],
    [5000 * TiB, '5000 TiB'],
  ])('%i bytes are %s', (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words);
  });

  it('never round up to a thousand of a unit that has a larger one', () => {
    expect(formatBytes(1 * MiB - 1)).toBe('1.00 MiB');
    expect(formatBytes(1 * GiB - 1)).toBe('1.00 GiB');
  });
});

describe('durations in words', () => {
  it.each([
    [0, '0 s'],
    [-5 * SECOND, '0 s'],
    [499, '0 s'],
    [59.4 * SECOND, '59 s'],
    [59.6 * SECOND, '1 min'],
    [90 * SECOND, '1 min 30 s'],
    [10 * MINUTE + 20 * SECOND, '10 min'],
    [59 * MINUTE + 59 * SECOND, '59 min'],
    [HOUR, '1 h'],
    [HOUR + 5 * MINUTE, '1 h 5 min'],
    [23 * HOUR + 59 * MINUTE, '23 h 59 min'],
    [DAY, '1 d'],
    [3 * DAY + 4 * HOUR, '3 d 4 h'],
    [365 * DAY, '365 d'],
  ])('%i ms are %s', (ms, words) => {
    expect(formatDuration(ms)).toBe(words);
  });
});

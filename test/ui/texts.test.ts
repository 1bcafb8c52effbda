import { describe, expect, test } from 'vitest';
import { fileName, folderOf, splitMiddle } from '../../renderer/parts/path.ts';
import { segmentFill } from '../../renderer/views/queue/segment-fill.ts';
import { queueSummary, type QueueWait } from '../../renderer/views/queue/summary.ts';
import { vaultNameProblem } from '../../renderer/views/vaults/vault-name.ts';
import { GiB, HOUR, MiB } from '../../shared/units.ts';

describe('paths', () => {
  test('a name and its folder, on any system', () => {
    expect(fileName('/photos/2026/a.raw')).toBe('a.raw');
    expect(folderOf('/photos/2026/a.raw')).toBe('/photos/2026');
    expect(folderOf('/a.raw')).toBe('/');
    expect(fileName('C:\\Users\\Ida\\a.raw')).toBe('a.raw');
    expect(folderOf('C:\\Users\\Ida\\a.raw')).toBe('C:\\Users\\Ida');
  });

  test('a backslash in a name of another system stays part of the name', () => {
    expect(fileName('/photos/back\\slash.raw')).toBe('back\\slash.raw');
  });

  test('control characters are visible', () => {
    expect(fileName('/photos/two\nlines\u202e.raw')).toBe('two\\u000alines\u202e.raw');
  });

  test('a long text keeps its end, and no character is cut in two', () => {
    expect(splitMiddle('short.raw', 10)).toEqual({ head: 'short.raw', tail: '' });
    const family = '👨‍👩‍👧‍👦';
    const { head, tail } = splitMiddle(`${'x'.repeat(40)}${family}.raw`, 6);
    expect(head + tail).toBe(`${'x'.repeat(40)}${family}.raw`);
    expect(tail).toBe(`${family}.raw`);
  });
});

describe('the bar of parts', () => {
  test('has a segment for each of few parts', () => {
    expect(segmentFill(4, 48, [0, 2])).toEqual([1, 0, 1, 0]);
  });

  test('shares its segments among many parts, and is full only when all are done', () => {
    const all = Array.from({ length: 10_000 }, (_, index) => index);
    expect(segmentFill(10_000, 48, all)).toEqual(new Array(48).fill(1));
    expect(segmentFill(10_000, 48, all.slice(1))[0]).toBeLessThan(1);
    expect(segmentFill(10_000, 48, []).length).toBe(48);
  });

  test('is full for a stored archive, whose parts are no longer listed', () => {
    expect(segmentFill(2, 48, null)).toEqual([1, 1]);
  });
});

describe('the queue in one line', () => {
  const counts = { all: 3, running: 0, waiting: 0, 'needs-you': 0, stored: 0, cancelled: 0 };
  const still = { bytesLeft: 0, rate: null, remainingMs: null, slowedDown: false };
  const now = Date.UTC(2026, 10, 3);

  test.each<[string, Partial<typeof counts>, Partial<Parameters<typeof queueSummary>[1]>, QueueWait | null]>([
    ['3 files stored, nothing left to do', { stored: 3 }, {}, null],
    ['Nothing left to do', { cancelled: 3 }, {}, null],
    [
      '63 GiB to go · 11 MiB/s · 1 h 20 min left · 1 upload needs you',
      { running: 1, 'needs-you': 1 },
      { bytesLeft: 63 * GiB, rate: 11 * MiB, remainingMs: 4_800_000 },
      null,
    ],
    [
      'Waiting until 06:05, by your schedule · 63 GiB to go',
      { waiting: 3 },
      { bytesLeft: 63 * GiB },
      { kind: 'scheduled', opensAt: 365 },
    ],
    [
      '1 GiB to go · fewer parts at once, to suit the line; the part size cannot change',
      { running: 1 },
      { bytesLeft: GiB, slowedDown: true },
      null,
    ],
    ['2 uploads need you', { 'needs-you': 2, stored: 1 }, {}, null],
    ['1 upload in the queue', { running: 1 }, {}, null],
    [
      'All uploads are paused · 63 GiB to go',
      { waiting: 3 },
      { bytesLeft: 63 * GiB, rate: 11 * MiB },
      { kind: 'paused', expiry: null, now },
    ],
    [
      'All uploads are paused; resume within 5 h or the first starts over',
      { waiting: 3 },
      {},
      { kind: 'paused', expiry: now + 5 * HOUR, now },
    ],
  ])('%s', (words, some, totals, pause) => {
    expect(queueSummary({ ...counts, ...some }, { ...still, ...totals }, pause)).toBe(words);
  });
});

describe('the name of a vault', () => {
  test.each([
    ['', false, null],
    ['', true, 'Give the vault a name.'],
    ['weddings-2026', true, null],
    ['two words', false, 'A vault name cannot have spaces. Use “-” instead.'],
    ['hochzeit/2026', false, 'A vault name cannot have “/”.'],
    ['Fotos-über', false, 'A vault name cannot have “ü”.'],
    ['a'.repeat(256), false, 'A vault name has at most 255 characters.'],
  ])('%s', (name, sent, problem) => {
    expect(vaultNameProblem(name, sent)).toBe(problem);
  });
});

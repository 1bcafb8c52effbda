import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  DEFAULT_PART_SIZE,
  MAX_ARCHIVE_SIZE,
  MAX_PARTS,
  MAX_PART_SIZE,
  PART_SIZES,
  choosePartSize,
  partCount,
  partRange,
  partSizeProblem,
  rangeLength,
  requestCount,
  partSizeForLine,
} from '../../shared/part-plan.ts';
import { GiB, MiB, TiB } from '../../shared/units.ts';

/** Part size and the largest archive in it, from Amazon's table (developer guide, "Multipart upload quick facts"). */
const largest: [number, number][] = [
  [1 * MiB, 9.765625 * GiB],
  [2 * MiB, 19.53125 * GiB],
  [4 * MiB, 39.0625 * GiB],
  [8 * MiB, 78.125 * GiB],
  [16 * MiB, 156.25 * GiB],
  [32 * MiB, 312.5 * GiB],
  [64 * MiB, 625 * GiB],
  [128 * MiB, 1.220703125 * TiB],
  [256 * MiB, 2.44140625 * TiB],
  [512 * MiB, 4.8828125 * TiB],
  [1 * GiB, 9.765625 * TiB],
  [2 * GiB, 19.53125 * TiB],
  [4 * GiB, 39.0625 * TiB],
];

const sizes = fc.oneof(
  fc.integer({ min: 1, max: 64 * MiB }),
  fc.maxSafeInteger().map((n) => (n % MAX_ARCHIVE_SIZE) + (n <= 0 ? MAX_ARCHIVE_SIZE : 1)),
);

describe('the part sizes', () => {
  it('are the thirteen powers of two that Glacier takes', () => {
    expect(PART_SIZES).toEqual(largest.map(([partSize]) => partSize));
    expect(MAX_ARCHIVE_SIZE).toBe(42_949_672_960_000);
  });

  it.each(largest)('of %i bytes hold an archive of %i bytes and not one byte more', (partSize, size) => {
    expect(partSizeProblem(size, partSize)).toBeNull();
    expect(partCount(size, partSize)).toBe(MAX_PARTS);
    expect(partSizeProblem(size + 1, partSize)).toBe(
      partSize === MAX_PART_SIZE ? 'archive-too-large' : 'too-many-parts',
    );
  });

  it('are 16 MiB until that is too small, and then the next that fits', () => {
    expect(choosePartSize(1)).toBe(DEFAULT_PART_SIZE);
    expect(choosePartSize(156.25 * GiB)).toBe(16 * MiB);
    expect(choosePartSize(156.25 * GiB + 1)).toBe(32 * MiB);
    expect(choosePartSize(312.5 * GiB + 1)).toBe(64 * MiB);
    expect(choosePartSize(MAX_ARCHIVE_SIZE)).toBe(4 * GiB);
  });

  it('are never smaller than preferred', () => {
    expect(choosePartSize(1, 128 * MiB)).toBe(128 * MiB);
    expect(choosePartSize(10 * GiB, 1 * MiB)).toBe(2 * MiB);
  });

  it.each([
    [0, 1 * MiB, 'archive-empty'],
    [1, 1 * MiB - 1, 'not-a-power-of-two'],
    [1, 3 * MiB, 'not-a-power-of-two'],
    [1, 8 * GiB, 'not-a-power-of-two'],
    [1, 0, 'not-a-power-of-two'],
    [MAX_ARCHIVE_SIZE + 1, 4 * GiB, 'archive-too-large'],
  ])('say why %i bytes in parts of %i bytes cannot be', (size, partSize, problem) => {
    expect(partSizeProblem(size, partSize)).toBe(problem);
  });

  it('that Firn chooses fit every size that Glacier takes', () => {
    fc.assert(
      fc.property(sizes, fc.constantFrom(...PART_SIZES), (size, preferred) => {
        expect(partSizeProblem(size, choosePartSize(size, preferred))).toBeNull();
      }),
    );
  });
});

describe('the ranges', () => {
  it.each([
    [1, [[0, 0]]],
    [1 * MiB, [[0, MiB - 1]]],
    [
      1 * MiB + 1,
      [
        [0, MiB - 1],
        [MiB, MiB],
      ],
    ],
  ])('of %i bytes in parts of 1 MiB end where the file ends', (size, ranges) => {
    const planned = Array.from({ length: partCount(size, MiB) }, (_, index) => partRange(size, MiB, index));
    expect(planned.map(({ first, last }) => [first, last])).toEqual(ranges);
  });

  it('tile the file exactly: no gap, no overlap, only the last is short', () => {
    const plans = fc.tuple(fc.integer({ min: 1, max: 3_000 * MiB }), fc.constantFrom(...PART_SIZES));
    fc.assert(
      fc.property(plans, ([size, partSize]) => {
        let at = 0;
        const count = partCount(size, partSize);
        for (let index = 0; index < count; index += 1) {
          const range = partRange(size, partSize, index);
          expect(range.first).toBe(at);
          if (index < count - 1) expect(rangeLength(range)).toBe(partSize);
          expect(rangeLength(range)).toBeGreaterThan(0);
          at = range.last + 1;
        }
        expect(at).toBe(size);
      }),
      { numRuns: 50 },
    );
  });

  it('cost a request each, and two more', () => {
    expect(requestCount(40 * MiB, 16 * MiB)).toBe(5);
  });
});

test.each([
  [16 * MiB, null, 16 * MiB],
  [16 * MiB, 10 * MiB, 16 * MiB],
  [16 * MiB, 100 * 1024, 8 * MiB],
  [16 * MiB, 20 * 1024, 2 * MiB],
  [16 * MiB, 100, 1 * MiB],
])(
  'parts preferred to have %i bytes get as many as a line of %s bytes per second carries in time',
  (size, rate, expected) => {
    expect(partSizeForLine(size, rate)).toBe(expected);
  },
);

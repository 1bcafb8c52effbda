import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_DESCRIPTION_LENGTH, readDescription, writeDescription } from '../../shared/description.ts';

const path300 = `/photos/${'räksmörgås/'.repeat(27)}ö.cr2`;
const modified = Date.UTC(2013, 0, 2, 3, 4, 5);

const seconds = fc
  .integer({ min: Date.UTC(1000, 0, 1) / 1000, max: Date.UTC(9999, 11, 31) / 1000 })
  .map((second) => second * 1000);
/** Any path that a file can have, emoji and control characters included. */
const paths = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 1500 })
  .filter((path) => path.isWellFormed() && !path.includes('\\'));

describe('an archive description', () => {
  it('is the one that FastGlacier writes (format 4)', () => {
    expect(writeDescription({ path: 'photos/räksmörgås.jpg', modifiedAt: modified })).toBe(
      '<m><v>4</v><p>cGhvdG9zL3LDpGtzbcO2cmfDpXMuanBn</p><lm>20130102T030405Z</lm></m>',
    );
  });

  it.each(['Agátka ve školce .cr2', 'a "quoted" name', 'two\nlines', '\ufeffmarked', '📷/🏔️ sníh.jpg', ' ', path300])(
    'gives back %j',
    (path) => {
      const description = writeDescription({ path, modifiedAt: modified });
      expect(description).toMatch(/^[\x20-\x7e]{1,1024}$/);
      expect(readDescription(description)).toMatchObject({ path, modifiedAt: modified });
    },
  );

  it('has slashes between folders, as all tools expect', () => {
    const description = writeDescription({ path: 'C:\\Photos\\a.raw', modifiedAt: modified });
    expect(readDescription(description)?.path).toBe('C:/Photos/a.raw');
  });

  it('keeps what is a part of a name where folders have no such thing between them', () => {
    const path = '/home/petr/back\\slash, C:\\x.raw';
    expect(readDescription(writeDescription({ path, modifiedAt: modified }))?.path).toBe(path);
  });

  it('gives back every path and time, or the end of a path that is too long', () => {
    fc.assert(
      fc.property(paths, seconds, (path, modifiedAt) => {
        const description = writeDescription({ path, modifiedAt });
        expect(description).toMatch(/^[\x20-\x7e]*$/);
        expect(description.length).toBeLessThanOrEqual(MAX_DESCRIPTION_LENGTH);
        const read = readDescription(description);
        expect(read?.modifiedAt).toBe(modifiedAt);
        if (read?.path !== path) {
          expect(read?.path.startsWith('…/')).toBe(true);
          expect(path.endsWith(read?.path.slice(2) ?? '?')).toBe(true);
          expect(description.length).toBeGreaterThan(700);
        }
      }),
    );
  });

  it('that must be shortened loses whole folders from the front', () => {
    const path = `${'/a folder of some length'.repeat(60)}/photo 📷.cr2`;
    const read = readDescription(writeDescription({ path, modifiedAt: modified }));
    expect(read?.path).toMatch(/^…\/a folder of some length\/.*\/photo 📷\.cr2$/u);
  });

  it('of a name that is too long by itself keeps whole characters of its end', () => {
    const read = readDescription(writeDescription({ path: '📷'.repeat(400), modifiedAt: modified }));
    expect(read?.path).toMatch(/^…\/(?:📷)+$/u);
  });

  it('keeps to the second a time before 1970', () => {
    const modifiedAt = Date.UTC(1950, 5, 1);
    expect(readDescription(writeDescription({ path: 'a', modifiedAt }))?.modifiedAt).toBe(modifiedAt);
  });

  it.each([Date.UTC(60_056, 4, 28), 9e18, -9e18, Date.UTC(-5, 0, 1)])(
    'survives the time %i, which no calendar of four digits has',
    (modifiedAt) => {
      const read = readDescription(writeDescription({ path: 'a.raw', modifiedAt }));
      expect(read?.path).toBe('a.raw');
    },
  );
});

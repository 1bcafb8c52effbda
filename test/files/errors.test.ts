import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { fileErrorCode, fileTrouble } from '../../main/files/errors.ts';
import { sourceFailure } from '../../main/files/source-failure.ts';
import { explain, isTransient } from '../../shared/failure.ts';

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: it did not work, read`), { code });
}

/** As Node tells an error of the system that it has no name for. */
function nameless(code: keyof typeof constants.errno): Error {
  return systemError(`Unknown system error -${constants.errno[code]}`);
}

describe('an error of the file system', () => {
  it.each([
    ['EBUSY', 'locked'],
    ['ETXTBSY', 'locked'],
    ['EIO', 'drive'],
    ['ETIMEDOUT', 'network'],
    ['EHOSTDOWN', 'network'],
    ['ENETUNREACH', 'network'],
    ['ECONNRESET', 'network'],
    ['ENOTCONN', 'network'],
    ['EMFILE', 'short-of-files'],
    ['ENFILE', 'short-of-files'],
    ['UNKNOWN', 'unknown'],
  ])('such as %s passes (%s), and whoever waits for the file goes on by itself', (code, cause) => {
    expect(fileTrouble(systemError(code))).toEqual({ kind: 'passing', cause });
    const failure = sourceFailure(systemError(code), '/x');
    expect(failure).toEqual({ kind: 'file-unavailable', path: '/x', cause });
    expect(isTransient(failure)).toBe(true);
    expect(explain(failure, 'window').remedy).not.toContain('permission');
  });

  it.each([
    ['EDEADLK', 'passing', 'cloud'],
    ['ESTALE', 'passing', 'network'],
    ['EDQUOT', 'full', undefined],
  ] as const)('that Node has no name for, such as %s, is known by its number', (code, kind, cause) => {
    expect(fileErrorCode(nameless(code))).toBe(code);
    expect(fileTrouble(nameless(code))).toEqual(cause === undefined ? { kind } : { kind, cause });
  });

  it.each(['ENOENT', 'ENOTDIR', 'ENODEV', 'ENXIO'])('%s means that the file or its drive is not there', (code) => {
    expect(sourceFailure(systemError(code), '/x')).toEqual({ kind: 'source-missing', path: '/x' });
  });

  it.each([
    ['EACCES', 'not-allowed', 'right to read'],
    ['EPERM', 'not-allowed', 'right to read'],
    ['ENAMETOOLONG', 'path-too-long', 'Rename'],
    ['EWHATEVER', 'other', 'Put that right'],
  ])('%s needs somebody, and has a remedy of its own', (code, cause, remedy) => {
    const failure = sourceFailure(systemError(code), '/x');
    expect(failure).toMatchObject({ kind: 'file-unreadable', cause });
    expect(isTransient(failure)).toBe(false);
    expect(explain(failure, 'window').remedy).toContain(remedy);
  });

  it('without a code is told in its own words', () => {
    expect(fileTrouble(new Error('who knows'))).toEqual({ kind: 'lasting', cause: 'other', detail: 'who knows' });
    expect(fileTrouble('no error at all')).toMatchObject({ detail: 'no error at all' });
  });
});

import { assertNever } from '../../shared/assert.ts';
import type { Failure } from '../../shared/failure.ts';
import { type LastingCause, fileErrorCode, fileTrouble } from '../files/errors.ts';

/** What an error of the file system means for a file that is to be written into `folder`. */
export function targetFailure(error: unknown, path: string, folder: string): Failure {
  // Of a way that is to be made, not of one that is gone.
  if (fileErrorCode(error) === 'ENOTDIR') return unusable(path, 'a file is where a folder should be');
  const trouble = fileTrouble(error);
  switch (trouble.kind) {
    case 'full':
      return { kind: 'target-full', folder, missingBytes: null };
    case 'gone':
      return { kind: 'target-missing', folder };
    case 'passing':
      // Drives that were unplugged, and network folders that went away.
      if (trouble.cause === 'drive' || trouble.cause === 'network') return { kind: 'target-missing', folder };
      return { kind: 'file-unavailable', path, cause: trouble.cause };
    case 'lasting':
      return unusable(path, inWords[trouble.cause] ?? trouble.detail);
    default:
      return assertNever(trouble);
  }
}

const inWords: Readonly<Record<LastingCause, string | null>> = {
  'not-allowed': 'this user account may not write there',
  'read-only': 'the drive can only be read',
  'path-too-long': 'its path is too long',
  'file-too-large': 'the drive does not take files of this size',
  'is-folder': 'it is a folder',
  'is-link': 'a link is in the way',
  other: null,
};

export function unusable(path: string, detail: string): Failure {
  return { kind: 'target-unusable', path, detail };
}

import type { Failure } from '../../shared/failure.ts';
import { errorCode, errorMessage } from '../store/database.ts';

/** What an error of the file system means for a file that is to be written into `folder`. */
export function targetFailure(error: unknown, path: string, folder: string): Failure {
  const code = errorCode(error);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return { kind: 'target-full', folder, missingBytes: null };
    // Drives that were unplugged, and network folders that went away.
    case 'ENOENT':
    case 'ENODEV':
    case 'ENXIO':
    case 'EIO':
    case 'ESTALE':
    case 'ENOTCONN':
    case 'EHOSTDOWN':
      return { kind: 'target-missing', folder };
    default:
      return { kind: 'target-unusable', path, detail: inWords[code] ?? errorMessage(error) };
  }
}

const inWords: Readonly<Record<string, string>> = {
  EACCES: 'this user account may not write there',
  EPERM: 'this user account may not write there',
  EROFS: 'the drive can only be read',
  EBUSY: 'another program keeps it locked',
  ENAMETOOLONG: 'its path is too long',
  EFBIG: 'the drive does not take files of this size',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a file is where a folder should be',
  ELOOP: 'a link is in the way',
  EMFILE: 'the system has too many files open',
  ENFILE: 'the system has too many files open',
};

export function unusable(path: string, detail: string): Failure {
  return { kind: 'target-unusable', path, detail };
}

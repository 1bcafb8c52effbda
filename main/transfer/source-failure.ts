import type { Failure } from '../../shared/failure.ts';

/** Carries why a source cannot be sent out of the reading of it. */
export class SourceProblem extends Error {
  override name = 'SourceProblem';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.kind);
    this.failure = failure;
  }
}

/** What an error of the file system means for a file that is to be uploaded. */
export function sourceFailure(error: unknown, path: string): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
    // Drives that were unplugged, and network folders that went away.
    case 'ENODEV':
    case 'ENXIO':
    case 'ESTALE':
    case 'ENOTCONN':
    case 'EHOSTDOWN':
      return { kind: 'source-missing', path };
    case 'ELOOP':
      return { kind: 'file-changed', path, what: 'a link took its place' };
    case 'EACCES':
    case 'EPERM':
      return { kind: 'file-unreadable', path, detail: 'it may not be read with this user account' };
    case 'EBUSY':
    case 'ETXTBSY':
      return { kind: 'file-unreadable', path, detail: 'another program keeps it locked' };
    case 'EIO':
      return { kind: 'file-unreadable', path, detail: 'the drive reports a fault' };
    case 'ENAMETOOLONG':
      return { kind: 'file-unreadable', path, detail: 'its path is too long' };
    case 'EISDIR':
      return { kind: 'file-unreadable', path, detail: 'it is a folder' };
    case 'EMFILE':
    case 'ENFILE':
      return { kind: 'file-unreadable', path, detail: 'the system has too many files open' };
    default:
      return { kind: 'file-unreadable', path, detail: error instanceof Error ? error.message : String(error) };
  }
}

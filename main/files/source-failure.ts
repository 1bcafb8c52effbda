import { assertNever } from '../../shared/assert.ts';
import type { Failure, UnreadableCause } from '../../shared/failure.ts';
import { type FileTrouble, fileTrouble } from './errors.ts';

/** What an error of the file system means for a file that is to be uploaded. */
export function sourceFailure(error: unknown, path: string): Failure {
  const trouble = fileTrouble(error);
  switch (trouble.kind) {
    case 'gone':
      return { kind: 'source-missing', path };
    case 'passing':
      return { kind: 'file-unavailable', path, cause: trouble.cause };
    case 'full':
      return unreadable(path, 'other', 'the drive is full');
    case 'lasting':
      return lastingFailure(trouble, path);
    default:
      return assertNever(trouble);
  }
}

function lastingFailure({ cause, detail }: Extract<FileTrouble, { kind: 'lasting' }>, path: string): Failure {
  switch (cause) {
    case 'is-link':
      return { kind: 'file-changed', path, what: 'a link took its place' };
    case 'is-folder':
      return { kind: 'file-changed', path, what: 'a folder took its place' };
    case 'not-allowed':
    case 'path-too-long':
      return unreadable(path, cause, '');
    case 'read-only':
    case 'file-too-large':
    case 'other':
      return unreadable(path, 'other', detail);
    default:
      return assertNever(cause);
  }
}

function unreadable(path: string, cause: UnreadableCause, detail: string): Failure {
  return { kind: 'file-unreadable', path, cause, detail };
}

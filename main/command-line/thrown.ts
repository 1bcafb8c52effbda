import type { Failure } from '../../shared/failure.ts';
import { toFailure } from '../core/failure.ts';
import { errorCode, isDiskFull } from '../store/database.ts';

/** What a thrown error means for a person. Whatever is not known is a bug of Firn's. */
export function failureOfThrown(error: unknown): Failure {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return { kind: 'timed-out', detail: 'the service has not answered' };
  }
  return isDiskFull(error) ? { kind: 'disk-full', path: pathOf(error) } : toFailure(error);
}

/** Of an error of the file system. */
function pathOf(error: unknown): string {
  return error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : '';
}

/** Whoever read the output went away. */
export function isReaderGone(error: unknown): boolean {
  return ['EPIPE', 'ERR_STREAM_DESTROYED'].includes(errorCode(error));
}

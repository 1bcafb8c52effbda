import type { Failure } from '../../shared/failure.ts';
import { failureByCode, failureByStatus, serviceError } from '../aws/refusal-failure.ts';
import type { Operation } from './operation.ts';
import type { S3Refusal } from './refusal.ts';

// The one place that knows S3's own codes and messages (API reference, "Error responses").

/** What a refusal of this operation means for people. */
export function failureOf(refusal: S3Refusal, operation: Operation<unknown>): Failure {
  return ownFailure(refusal, operation) ?? failureByCode(refusal) ?? byStatus(refusal, operation);
}

function ownFailure(refusal: S3Refusal, { bucket, key }: Operation<unknown>): Failure | null {
  const { status, code, message, requestId } = refusal;
  if (code === 'NoSuchBucket' || (status === 404 && code === '' && key === undefined))
    return { kind: 'vault-missing', vault: bucket ?? '', isBucket: true };
  if (code.startsWith('KMS.')) return { kind: 'encryption-key', message };
  switch (code) {
    case 'AccessDenied':
      return isLock(refusal) ? { kind: 'object-locked', name: key ?? '', message } : null;
    case 'GlacierExpeditedRetrievalNotAvailable':
      return { kind: 'no-capacity' };
    // Something else is being done to the same thing; a moment later it is not.
    case 'OperationAborted':
    case 'ConditionalRequestConflict':
      return serviceError(refusal);
    // Has a status of the service's own trouble, and does not pass.
    case 'NotImplemented':
    case 'MethodNotAllowed':
      return { kind: 'rejected', status, code, message, requestId };
    default:
      return null;
  }
}

/** S3 has the code of a missing permission for it. */
export function isLock({ message }: Pick<S3Refusal, 'message'>): boolean {
  return /object lock/i.test(message);
}

function byStatus(refusal: S3Refusal, { action, thing, bucket, key }: Operation<unknown>): Failure {
  const { status, code, requestId } = refusal;
  if (status === 404 && thing !== undefined) return { kind: 'not-found', what: thing };
  if (status === 403 && code === '') {
    // HEAD has no words. Without the right to list, what is missing is forbidden, too.
    const where = [bucket, key].filter((part) => part !== undefined && part !== null).join('/');
    return { kind: 'access-denied', message: `${action} on ${where}`, requestId };
  }
  return failureByStatus(refusal);
}

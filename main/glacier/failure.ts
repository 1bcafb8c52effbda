import type { Failure } from '../../shared/failure.ts';
import type { Refusal } from '../aws/refusal.ts';
import { failureByCode, failureByStatus } from '../aws/refusal-failure.ts';

// The one place that knows Glacier's own codes and messages (API reference, "Error Responses").

/** What a request is about, to say what is missing. `thing` with its article, as in "The job". */
export type Subject = { vault: string | null; thing: string | null };

/**
 * Complete was refused because of sizes, ranges or hashes. The service has one code for all of these and only the text
 * about the tree hash is known, so anything counts that is not about the vault or the account.
 */
export function isRefusedCompletion({ status, code, message }: Refusal): boolean {
  return status === 400 && code === 'InvalidParameterValueException' && !/vault name|account/i.test(message);
}

/** What a 404 says is not there; `unclear` when it does not say. */
export function missingThing({ message }: Refusal): 'vault' | 'multipart upload' | 'unclear' {
  if (/^Vault not found/i.test(message)) return 'vault';
  return /upload ID was not found/i.test(message) ? 'multipart upload' : 'unclear';
}

export function failureOf(refusal: Refusal, subject: Subject): Failure {
  return ownFailure(refusal) ?? failureByCode(refusal) ?? byStatus(refusal, subject);
}

function ownFailure({ code, message }: Refusal): Failure | null {
  switch (code) {
    case 'NoLongerSupportedException':
      return { kind: 'closed-account' };
    // The guide says 503, the API's model 400: no room for an Expedited retrieval just now.
    case 'InsufficientCapacityException':
      return { kind: 'no-capacity' };
    case 'PolicyEnforcedException':
      return { kind: 'retrieval-policy', message };
    default:
      return null;
  }
}

function byStatus(refusal: Refusal, subject: Subject): Failure {
  const { vault } = subject;
  if (refusal.status === 404) return notThere(refusal, subject);
  if (vault !== null && isOfAnotherVault(refusal))
    return { kind: 'archive-elsewhere', vault, message: refusal.message };
  return failureByStatus(refusal);
}

/** Glacier names a vault by its ARN when the archive ID belongs to another one. */
function isOfAnotherVault({ code, message }: Refusal): boolean {
  return code === 'InvalidParameterValueException' && /^Invalid vault name: arn:/.test(message);
}

function notThere(refusal: Refusal, { vault, thing }: Subject): Failure {
  if (vault !== null && (thing === null || missingThing(refusal) === 'vault')) return { kind: 'vault-missing', vault };
  return thing === null ? failureByStatus(refusal) : { kind: 'not-found', what: thing };
}

import type { Failure } from '../../shared/failure.ts';
import { isVaultName } from '../../shared/vault.ts';
import type { SinkFor } from '../aws/http-answer.ts';
import type { Refusal } from '../aws/refusal.ts';

/** One request of the API. `F`: outcomes of its own, next to the failures that any request can have. */
export type Operation<F = never> = {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Decoded segments after the account: `vaults`, a name, … */
  path: readonly string[];
  query?: Record<string, string>;
  headers?: Record<string, string>;
  /** Sent as the body. */
  json?: object;
  /** The body is a part of a file, which the client adds. */
  body?: 'part';
  /** What a 404 is about, with its article as in "The job"; without it, a 404 means that the vault is missing. */
  thing?: string;
  /** The operation's own reading of a refusal; null leaves it to the common one. */
  ownOutcome?: (refusal: Refusal) => F | null;
  /** Where the body of a success goes instead of being kept. */
  sink?: SinkFor;
  limits?: { idleTimeoutMs?: number; maxAnswerBytes?: number };
};

/** The vault that an operation is about; null for those of the account. */
export function vaultOf({ path }: Operation<unknown>): string | null {
  return path[0] === 'vaults' ? (path[1] ?? null) : null;
}

/** Why an operation cannot be asked for: a name that would make its path another one. */
export function pathProblem(operation: Operation<unknown>): Failure | null {
  const vault = vaultOf(operation);
  if (vault !== null && !isVaultName(vault)) {
    return { kind: 'invalid-input', detail: 'A vault name has 1 to 255 of: a-z A-Z 0-9 _ . -' };
  }
  const bad = operation.path.find((segment) => segment === '' || segment === '.' || segment === '..');
  return bad === undefined ? null : { kind: 'invalid-input', detail: `"${bad}" is neither a name nor an ID.` };
}

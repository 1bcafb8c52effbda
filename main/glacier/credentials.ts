import type { Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';

export type Credentials = {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string | null;
  /** Milliseconds since 1970; null when they last. */
  expiresAt: number | null;
};

/** Failures are `credentials-missing`, `credentials-expired`, or `offline` when a sign-in service cannot be reached. */
export interface CredentialProvider {
  /** Credentials that last for some minutes more. Throws the signal's reason when it is aborted. */
  get(signal?: AbortSignal): Promise<Result<Credentials>>;
  /** Other credentials than those the service has just called expired. */
  refresh(): Promise<Result<Credentials>>;
}

/** Access key, secret and, of temporary credentials, the session token as the user gave them. They cannot be renewed. */
export function fixedCredentials(keys: {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string | null;
}): CredentialProvider {
  const expired: Failure = { kind: 'credentials-expired', detail: 'the session token has run out' };
  return {
    get: () => Promise.resolve(ok({ ...keys, expiresAt: null })),
    refresh: () => Promise.resolve(fail(expired)),
  };
}

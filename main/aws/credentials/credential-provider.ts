import type { Result } from '../../../shared/result.ts';

export type Credentials = {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string | null;
  /** Milliseconds since 1970; null when they last. */
  expiresAt: number | null;
};

/**
 * Failures are `credentials-missing`, `credentials-expired` or `credentials-rejected`, and `offline` or `timed-out` when a
 * sign-in service does not answer.
 */
export interface CredentialProvider {
  /** Credentials that last for some minutes more. Throws the signal's reason when it is aborted. */
  get(signal?: AbortSignal): Promise<Result<Credentials>>;
  /** Other credentials than these, which the service has just called expired. */
  refresh(expired?: Credentials): Promise<Result<Credentials>>;
}

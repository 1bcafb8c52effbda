import type { Failure } from '../../shared/failure.ts';
import { type AccountBinding, numberOfPrincipal } from '../aws/account-binding.ts';
import type { Operation } from './operation.ts';
import type { S3Refusal } from './refusal.ts';

/**
 * Keeps requests to buckets of one AWS account: its number goes along with each, and S3 itself refuses when the bucket belongs to
 * somebody else by now. Names of buckets are free again once they are deleted.
 */
export class BucketOwner {
  readonly #binding: AccountBinding;
  /** Nobody could tell; only a deletion asks once more. */
  #isUntold = false;

  constructor(binding: AccountBinding) {
    this.#binding = binding;
  }

  /** To be awaited before a request: finds the number out if need be. Why the request must not be sent, or null. */
  async before({ bucket, destroys = false }: Operation<unknown>, signal: AbortSignal): Promise<Failure | null> {
    if (bucket === null || this.#binding.number() !== null || (this.#isUntold && !destroys)) return null;
    const found = (await this.#binding.ask?.(signal)) ?? null;
    this.#isUntold = found === null;
    if (found !== null) this.#binding.learned(found);
    return found === null && destroys ? { kind: 'account-unknown' } : null;
  }

  headers({ bucket, isOfNobody = false }: Operation<unknown>): Record<string, string> {
    const number = this.#binding.number();
    return bucket === null || isOfNobody || number === null ? {} : { 'x-amz-expected-bucket-owner': number };
  }

  /** What a refusal really means when the credentials are of another account; else null. */
  async explain({ status, code, message }: S3Refusal, signal: AbortSignal): Promise<Failure | null> {
    if (status !== 403 || !/^(AccessDenied|)$/.test(code)) return null;
    const principal = numberOfPrincipal(message);
    const expected = this.#binding.number();
    if (expected === null) {
      if (principal !== null) this.#binding.learned(principal);
      return null;
    }
    const found = principal ?? (await this.#binding.ask?.(signal)) ?? null;
    return found !== null && found !== expected ? { kind: 'wrong-account', expected, found } : null;
  }
}

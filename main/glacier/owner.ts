import { accountNumberIn } from '../../shared/account.ts';
import type { Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { HttpAnswer } from '../aws/http-answer.ts';
import { type AccountBinding, numberOfPrincipal } from '../aws/account-binding.ts';
import type { Refusal } from '../aws/refusal.ts';
import type { Operation } from './operation.ts';

/** Sends a request for "whatever account these credentials are of". */
export type AskGlacier = <F>(operation: Operation<F>, signal: AbortSignal) => Promise<Result<HttpAnswer, Failure | F>>;

/** What the path of a request has in the place of the number when that is not known: the account of the credentials. */
export const WHOEVER_SIGNS = '-';

/**
 * Keeps requests to one AWS account. Its number stands in the path of each request as soon as it is known, so that
 * Glacier itself refuses credentials of any other account: vaults of the same name there are never taken for ours.
 */
export class Owner {
  readonly #binding: AccountBinding;
  readonly #ask: AskGlacier;

  constructor(binding: AccountBinding, ask: AskGlacier) {
    this.#binding = binding;
    this.#ask = ask;
  }

  get pathSegment(): string {
    return this.#binding.number() ?? WHOEVER_SIGNS;
  }

  /** To be awaited before a request: finds the number out if need be. Why the request must not be sent, or null. */
  async before(operation: Operation<unknown>, vault: string | null, signal: AbortSignal): Promise<Failure | null> {
    if (this.#binding.number() !== null || tellsItself(operation)) return null;
    const found = await this.find(vault, signal);
    if (!found.ok) return found.failure;
    // A deletion that finds nothing succeeds, and would be taken for done.
    return found.value === null && operation.method === 'DELETE' ? { kind: 'account-unknown' } : null;
  }

  /** Learns from any success: headers and answers name the account. */
  observe(answer: HttpAnswer): void {
    if (this.#binding.number() === null) this.#learn(numberIn(answer));
  }

  /** What a refusal really means when these credentials are of another account, or of one that nobody knows; else null. */
  async explain(refusal: Refusal, operation: Operation<unknown>, signal: AbortSignal): Promise<Failure | null> {
    const expected = this.#binding.number();
    if (expected === null) {
      this.#learn(numberInRefusal(refusal));
      const isDoubtful = isAbsence(refusal, operation) && this.#binding.number() === null;
      return isDoubtful ? { kind: 'account-unknown' } : null;
    }
    if (!mayBeOfAnother(refusal)) return null;
    const principal = numberOfPrincipal(refusal.message);
    const found = principal === null ? await this.#whoSigns(null, signal) : ok(principal);
    return found.ok && found.value !== null && found.value !== expected
      ? { kind: 'wrong-account', expected, found: found.value }
      : null;
  }

  /** The number, asked for when no answer has told it yet; null when nobody tells it. */
  async find(vault: string | null, signal: AbortSignal): Promise<Result<string | null>> {
    const known = this.#binding.number();
    if (known !== null) return ok(known);
    const found = await this.#whoSigns(vault, signal);
    if (found.ok) this.#learn(found.value);
    return found;
  }

  #learn(number: string | null): void {
    if (number !== null && this.#binding.number() === null) this.#binding.learned(number);
  }

  /** Any vault tells the number, and so do most refusals; where there is neither, another service is asked. */
  async #whoSigns(vault: string | null, signal: AbortSignal): Promise<Result<string | null>> {
    for (const path of vault === null ? [['vaults']] : [['vaults', vault], ['vaults']]) {
      const answer = await this.#ask({ method: 'GET', path, ownOutcome: readRefusal }, signal);
      const told = answer.ok ? { kind: 'told' as const, number: numberIn(answer.value) } : answer.failure;
      if (told.kind !== 'told') return fail(told);
      if (told.number !== null) return ok(told.number);
    }
    return ok((await this.#binding.ask?.(signal)) ?? null);
  }
}

/** One vault, or the list of them: the answer says whose they are. */
function tellsItself({ method, path }: Operation<unknown>): boolean {
  return method === 'GET' && path[0] === 'vaults' && path.length <= 2;
}

type Told = { kind: 'told'; number: string | null };

/** That something is forbidden or missing is an answer to the question whose the credentials are. */
function readRefusal(refusal: Refusal): Told | null {
  const isAnswer = refusal.status === 404 || mayBeOfAnother(refusal);
  return isAnswer ? { kind: 'told', number: numberInRefusal(refusal) } : null;
}

/** Something of a vault is not there. That the vault itself is missing changes nothing. */
function isAbsence({ status }: Refusal, { path }: Operation<unknown>): boolean {
  return status === 404 && path[0] === 'vaults' && path.length > 2;
}

/** The service has one code for missing permissions and for numbers of others. */
function mayBeOfAnother({ status, code, message }: Refusal): boolean {
  return status === 403 ? /^(AccessDenied|$)/.test(code) : status === 400 && /account/i.test(message);
}

function numberIn({ headers, body }: HttpAnswer): string | null {
  return accountNumberIn(headers['location'] ?? '') ?? numberOfVault(Buffer.from(body).toString('latin1'));
}

/** Answers about vaults, parts, uploads and jobs name the vault. As a field: texts of others may hold anything. */
function numberOfVault(json: string): string | null {
  return /"VaultARN"\s*:\s*"arn:[a-z-]+:glacier:[a-z0-9-]*:(\d{12}):/.exec(json)?.[1] ?? null;
}

/** "Vault not found for ARN: arn:aws:glacier:…": a request that names no account is about the own one. */
function numberInRefusal({ message }: Refusal): string | null {
  return numberOfPrincipal(message) ?? /\barn:[a-z-]+:glacier:[a-z0-9-]*:(\d{12}):/.exec(message)?.[1] ?? null;
}

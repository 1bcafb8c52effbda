import type { Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { HttpAnswer } from './http-answer.ts';

/** An answer that is not as it was documented. */
export function garbled(detail: string): { ok: false; failure: Failure } {
  return fail({ kind: 'answer-garbled', detail });
}

/** A header that must be there; `answer-garbled` when it is not. */
export function headerOf({ headers }: Pick<HttpAnswer, 'headers'>, name: string): Result<string> {
  const value = headers[name] ?? '';
  return value === '' ? garbled(`it lacks ${name}`) : ok(value);
}

import type { z } from 'zod';
import type { Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { TreeHash } from '../../shared/upload.ts';
import type { HttpAnswer } from '../aws/http-answer.ts';

/** The JSON of an answer in the shape that was documented; `answer-garbled` when it is not so. */
export function parseAnswer<S extends z.ZodType>({ body }: HttpAnswer, schema: S): Result<z.output<S>> {
  return parseJson(Buffer.from(body).toString('utf8'), schema);
}

function parseJson<S extends z.ZodType>(text: string, schema: S): Result<z.output<S>> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return garbled('it is not whole JSON');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  return garbled(issue ? `${issue.path.join('.') || 'the whole'}: ${issue.message}` : 'it is not as documented');
}

/** A header that must be there; `answer-garbled` when it is not. */
export function headerOf({ headers }: Pick<HttpAnswer, 'headers'>, name: string): Result<string> {
  const value = headers[name] ?? '';
  return value === '' ? garbled(`it lacks ${name}`) : ok(value);
}

/** The tree hash that the service confirms. */
export function treeHashOf(answer: HttpAnswer): Result<TreeHash> {
  const header = headerOf(answer, 'x-amz-sha256-tree-hash');
  return header.ok ? ok(header.value.toLowerCase() as TreeHash) : header;
}

export function garbled(detail: string): { ok: false; failure: Failure } {
  return fail({ kind: 'answer-garbled', detail });
}

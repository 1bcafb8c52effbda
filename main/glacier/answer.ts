import type { z } from 'zod';
import { type Result, ok } from '../../shared/result.ts';
import type { TreeHash } from '../../shared/upload.ts';
import { garbled, headerOf } from '../aws/garbled.ts';
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

/** The tree hash that the service confirms. */
export function treeHashOf(answer: HttpAnswer): Result<TreeHash> {
  const header = headerOf(answer, 'x-amz-sha256-tree-hash');
  return header.ok ? ok(header.value.toLowerCase() as TreeHash) : header;
}

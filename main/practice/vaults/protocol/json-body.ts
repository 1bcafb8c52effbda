import { z } from 'zod';
import { type Result, fail, ok } from '../../../../shared/result.ts';
import type { Body } from './body.ts';
import { type Rejection, rejections } from './rejections.ts';

/** The JSON body, whatever its Content-Type says: Amazon's own examples send form data's. */
export function readJson<T>(body: Body, schema: z.ZodType<T>): Result<T, Rejection> {
  if (body.kind !== 'small') return fail(rejections.bodyMalformed('it is too long'));
  let value: unknown;
  try {
    value = JSON.parse(body.bytes.toString('utf8'));
  } catch {
    return fail(rejections.bodyMalformed('it is not JSON'));
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? ok(parsed.data) : fail(rejections.bodyMalformed(z.prettifyError(parsed.error)));
}

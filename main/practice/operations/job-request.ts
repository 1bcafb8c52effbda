import { z } from 'zod';
import { type Result, fail, ok } from '../../../shared/result.ts';
import type { Body } from '../protocol/body.ts';
import { type Rejection, rejections } from '../protocol/rejections.ts';

const text = z.string().nullish();

/** The bare object of InitiateJob; unused keys may be null. */
const jobRequest = z.object({
  Type: text,
  ArchiveId: text,
  Description: text,
  SNSTopic: text,
  Tier: text,
  RetrievalByteRange: text,
  Format: text,
  InventoryRetrievalParameters: z.object({ StartDate: text, EndDate: text, Limit: text, Marker: text }).nullish(),
});

export type JobRequest = z.output<typeof jobRequest>;

export function readJobRequest(body: Body): Result<JobRequest, Rejection> {
  return readJson(body, jobRequest);
}

/** The JSON body, whatever its Content-Type says. */
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

import { z } from 'zod';
import type { Result } from '../../../../shared/result.ts';
import type { Body } from '../protocol/body.ts';
import { readJson } from '../protocol/json-body.ts';
import type { Rejection } from '../protocol/rejections.ts';

/** Unused keys may be null. */
const text = z.string().nullish();

/** The bare object of InitiateJob. */
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

/** What every kind of job keeps of its request. */
export type JobNote = { description: string | null; snsTopic: string | null };

export function readJobRequest(body: Body): Result<JobRequest, Rejection> {
  return readJson(body, jobRequest);
}

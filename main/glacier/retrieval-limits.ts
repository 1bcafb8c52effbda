import { z } from 'zod';
import type { Result } from '../../shared/result.ts';
import type { RetrievalPolicy } from '../../shared/retrieval-limits.ts';
import { parseAnswer } from './answer.ts';
import type { Client } from './client.ts';

const rule = z.discriminatedUnion('Strategy', [
  z
    .object({ Strategy: z.literal('BytesPerHour'), BytesPerHour: z.number() })
    .transform(({ BytesPerHour }): RetrievalPolicy => ({ strategy: 'BytesPerHour', bytesPerHour: BytesPerHour })),
  z
    .object({ Strategy: z.enum(['FreeTier', 'None']) })
    .transform(({ Strategy }): RetrievalPolicy => ({ strategy: Strategy })),
]);

// There is exactly one rule (API reference, "Set Data Retrieval Policy").
const retrievalPolicy = z
  .object({ Policy: z.object({ Rules: z.tuple([rule]) }) })
  .transform(({ Policy }): RetrievalPolicy => Policy.Rules[0]);

const policyPath = ['policies', 'data-retrieval'] as const;

export async function getRetrievalPolicy(client: Client, signal: AbortSignal): Promise<Result<RetrievalPolicy>> {
  const found = await client.call({ method: 'GET', path: policyPath }, signal);
  return found.ok ? parseAnswer(found.value, retrievalPolicy) : found;
}

/** Takes effect within minutes. */
export function setRetrievalPolicy(
  client: Client,
  policy: RetrievalPolicy,
  signal: AbortSignal,
): Promise<Result<null>> {
  const limit = policy.strategy === 'BytesPerHour' ? { BytesPerHour: policy.bytesPerHour } : {};
  const json = { Policy: { Rules: [{ Strategy: policy.strategy, ...limit }] } };
  return client.command({ method: 'PUT', path: policyPath, json }, signal);
}

import { z } from 'zod';
import { type Result, ok } from '../../shared/result.ts';
import type { RetrievalPolicy } from '../../shared/retrieval-limits.ts';
import { headerOf, parseAnswer } from './answer.ts';
import type { Client } from './client.ts';
import { id, list, time } from './fields.ts';

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

/** A month of Expedited retrievals that are always served. */
export type ProvisionedCapacity = { capacityId: string; startsAt: number; expiresAt: number };

const capacityList = z.object({
  ProvisionedCapacityList: list(
    z.object({ CapacityId: id, StartDate: time, ExpirationDate: time }).transform((unit): ProvisionedCapacity => ({
      capacityId: unit.CapacityId,
      startsAt: unit.StartDate,
      expiresAt: unit.ExpirationDate,
    })),
  ),
});

export async function listProvisionedCapacity(
  client: Client,
  signal: AbortSignal,
): Promise<Result<ProvisionedCapacity[]>> {
  const answer = await client.call({ method: 'GET', path: ['provisioned-capacity'] }, signal);
  if (!answer.ok) return answer;
  const listed = parseAnswer(answer.value, capacityList);
  return listed.ok ? ok(listed.value.ProvisionedCapacityList) : listed;
}

/** Buys a unit for a month, about a hundred dollars, each time it is called. */
export async function purchaseProvisionedCapacity(
  client: Client,
  signal: AbortSignal,
): Promise<Result<{ capacityId: string }>> {
  const answer = await client.call({ method: 'POST', path: ['provisioned-capacity'] }, signal);
  if (!answer.ok) return answer;
  const capacityId = headerOf(answer.value, 'x-amz-capacity-id');
  return capacityId.ok ? ok({ capacityId: capacityId.value }) : capacityId;
}

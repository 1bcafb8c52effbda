import { type Result, fail, ok } from '../../shared/result.ts';
import type { ArchiveRequest, InventoryRequest } from '../places/ports/archive-service.ts';
import { headerOf } from '../aws/garbled.ts';
import type { Client } from './client.ts';
import { descriptionProblem } from './printable-ascii.ts';

// Not idempotent: each request is a job of its own, and is paid for.

export function requestArchive(
  client: Client,
  { archiveId, tier, range, ...request }: ArchiveRequest,
  signal: AbortSignal,
): Promise<Result<{ jobId: string }>> {
  const json = {
    Type: 'archive-retrieval',
    ArchiveId: archiveId,
    Tier: tier,
    ...(range && { RetrievalByteRange: `${range.first}-${range.last}` }),
  };
  return requestJob(client, request, json, 'The archive', signal);
}

/** `not-found` when the vault never had an inventory. */
export function requestInventory(
  client: Client,
  { format, from, until, limit, marker, ...request }: InventoryRequest,
  signal: AbortSignal,
): Promise<Result<{ jobId: string }>> {
  const parameters = {
    ...(from !== undefined && { StartDate: toSeconds(from) }),
    ...(until !== undefined && { EndDate: toSeconds(until) }),
    ...(limit !== undefined && { Limit: String(limit) }),
    ...(marker !== undefined && { Marker: marker }),
  };
  const json = {
    Type: 'inventory-retrieval',
    Format: format,
    ...(Object.keys(parameters).length > 0 && { InventoryRetrievalParameters: parameters }),
  };
  return requestJob(client, request, json, `An inventory of the vault "${request.vault}"`, signal);
}

async function requestJob(
  client: Client,
  { vault, description = '', snsTopic }: Pick<ArchiveRequest, 'vault' | 'description' | 'snsTopic'>,
  what: object,
  thing: string,
  signal: AbortSignal,
): Promise<Result<{ jobId: string }>> {
  const problem = descriptionProblem(description);
  if (problem) return fail(problem);
  const json = {
    ...what,
    ...(description !== '' && { Description: description }),
    ...(snsTopic && { SNSTopic: snsTopic }),
  };
  const answer = await client.call({ method: 'POST', path: ['vaults', vault, 'jobs'], json, thing }, signal);
  if (!answer.ok) return answer;
  const jobId = headerOf(answer.value, 'x-amz-job-id');
  return jobId.ok ? ok({ jobId: jobId.value }) : jobId;
}

/** Glacier takes the times of this request without fractions of a second. */
function toSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

import { type Result, ok } from '../../shared/result.ts';
import { MiB } from '../../shared/units.ts';
import type { ArchiveId } from '../../shared/upload.ts';
import type { Inventory, JobState } from '../core/ports.ts';
import type { Client } from './client.ts';
import { headerOf, parseAnswer, schemas } from './schemas.ts';

/** About 400 bytes an archive: room for half a million of them. */
const MAX_INVENTORY_BYTES = 256 * MiB;

const jobStatus = { InProgress: 'in-progress', Succeeded: 'succeeded', Failed: 'failed' } as const;

export async function requestInventory(
  client: Client,
  vault: string,
  signal: AbortSignal,
): Promise<Result<{ jobId: string }>> {
  const json = { Type: 'inventory-retrieval', Format: 'JSON' };
  const thing = `An inventory of the vault "${vault}"`;
  const answer = await client.call({ method: 'POST', path: ['vaults', vault, 'jobs'], json, thing }, signal);
  if (!answer.ok) return answer;
  const jobId = headerOf(answer.value, 'x-amz-job-id');
  return jobId.ok ? ok({ jobId: jobId.value }) : jobId;
}

export async function describeJob(
  client: Client,
  vault: string,
  jobId: string,
  signal: AbortSignal,
): Promise<Result<JobState>> {
  const answer = await client.call({ method: 'GET', path: ['vaults', vault, 'jobs', jobId], thing: 'The job' }, signal);
  if (!answer.ok) return answer;
  const job = parseAnswer(answer.value, schemas.job);
  if (!job.ok) return job;
  const { JobId, CreationDate, StatusCode, StatusMessage } = job.value;
  return ok({ jobId: JobId, createdAt: CreationDate, status: jobStatus[StatusCode], message: StatusMessage });
}

export async function inventory(
  client: Client,
  vault: string,
  jobId: string,
  signal: AbortSignal,
): Promise<Result<Inventory>> {
  const path = ['vaults', vault, 'jobs', jobId, 'output'];
  const limits = { maxAnswerBytes: MAX_INVENTORY_BYTES };
  const answer = await client.call({ method: 'GET', path, thing: 'The output of the job', limits }, signal);
  if (!answer.ok) return answer;
  const read = parseAnswer(answer.value, schemas.inventory);
  if (!read.ok) return read;
  const archives = read.value.ArchiveList.map((archive) => ({
    archiveId: archive.ArchiveId as ArchiveId,
    description: archive.ArchiveDescription,
    createdAt: archive.CreationDate,
    size: archive.Size,
    treeHash: archive.SHA256TreeHash,
  }));
  return ok({ inventoryAt: read.value.InventoryDate, archives });
}

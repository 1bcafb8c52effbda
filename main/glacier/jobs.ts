import { type Result } from '../../shared/result.ts';
import { parseAnswer } from './answer.ts';
import type { Job, JobFilter } from '../places/ports/archive-service.ts';
import type { Client } from './client.ts';
import { job, jobPage } from './job.ts';
import { listAll } from '../aws/list-all.ts';
import { pageQuery } from './paging.ts';

/** `not-found` when the job is unknown or too old: Glacier keeps jobs for about a day after they ended. */
export async function describeJob(
  client: Client,
  vault: string,
  jobId: string,
  signal: AbortSignal,
): Promise<Result<Job>> {
  const answer = await client.call({ method: 'GET', path: ['vaults', vault, 'jobs', jobId], thing: 'The job' }, signal);
  return answer.ok ? parseAnswer(answer.value, job) : answer;
}

/** The jobs of a vault that are running or ended not long ago. */
export function listJobs(
  client: Client,
  vault: string,
  { completed, status }: JobFilter,
  signal: AbortSignal,
): Promise<Result<Job[]>> {
  const filter = {
    ...(completed === undefined ? {} : { completed: String(completed) }),
    ...(status === undefined ? {} : { statuscode: status }),
  };
  return listAll(async (marker: string | null) => {
    const query = { ...filter, ...pageQuery(marker) };
    const answer = await client.call({ method: 'GET', path: ['vaults', vault, 'jobs'], query }, signal);
    return answer.ok ? parseAnswer(answer.value, jobPage) : answer;
  });
}

import { treeChecksum } from '../../../shared/checksum.ts';
import { type Result, fail, ok } from '../../../shared/result.ts';
import { OUTPUT_LIFE_MS } from '../../../shared/retrieval.ts';
import { TIERS } from '../../../shared/tier.ts';
import { MiB } from '../../../shared/units.ts';
import type { Job } from '../../places/ports/archive-service.ts';
import type { Thaw, ThawJob, ThawState } from '../../places/ports/thaw.ts';
import type { Client } from '../client.ts';
import { jobOutput } from '../job-output.ts';
import { requestArchive } from '../job-requests.ts';
import { describeJob, listJobs } from '../jobs.ts';
import type { VaultTimes } from './vault-times.ts';

/** Retrieval jobs. Nothing in a vault can be read without one. */
export function vaultThaw(client: Client, vault: string, { usualWait }: VaultTimes): Thaw {
  return {
    tiers: TIERS.map((tier) => ({ tier, usual: usualWait[tier] })),
    rangeUnit: 1 * MiB,
    outputLifeMs: OUTPUT_LIFE_MS,
    now: () => client.now(),

    async request({ archiveId, range, tier, label: description }, signal) {
      const request = { vault, archiveId, tier, description, ...(range && { range }) };
      const answer = await requestArchive(client, request, signal);
      return answer.ok ? ok({ job: answer.value.jobId }) : answer;
    },

    async jobs(signal) {
      const listed = await listJobs(client, vault, {}, signal);
      return listed.ok ? ok(listed.value.flatMap((job) => retrievalOf(job, client.now()) ?? [])) : listed;
    },

    async look(jobId, signal) {
      const found = await describeJob(client, vault, jobId, signal);
      if (!found.ok) return found;
      const job = retrievalOf(found.value, client.now());
      return job ? ok(job) : notAnArchive;
    },

    async read({ job: jobId, jobFirst, range }, options) {
      if (jobId === null) throw new Error('Bytes of a vault come from jobs alone');
      const inOutput = { first: range.first - jobFirst, last: range.last - jobFirst };
      const output = await jobOutput(client, { vault, jobId, range: inOutput }, options);
      if (!output.ok) return output.failure.kind === 'not-found' ? fail({ kind: 'output-gone' }) : output;
      const { treeHash, confirmed } = output.value;
      return ok({ checksum: treeChecksum(treeHash), confirmed });
    },
  };
}

const notAnArchive: Result<never> = fail({ kind: 'answer-garbled', detail: 'the job is not about an archive' });

/** Null for a job that is about something else. `now`: the service's time. */
function retrievalOf(job: Job, now: number): ThawJob | null {
  const { jobId, description: label, createdAt: askedAt, purpose } = job;
  if (purpose.kind !== 'archive') return null;
  const { archiveId, range, tier, archiveSize: size, archiveTreeHash } = purpose;
  const checksum = archiveTreeHash && treeChecksum(archiveTreeHash);
  return { job: jobId, label, askedAt, archiveId, range, tier, size, checksum, state: stateOf(job, now) };
}

function stateOf({ status, message, completedAt, purpose }: Job, now: number): ThawState {
  switch (status) {
    case 'in-progress':
      return { kind: 'in-progress' };
    case 'failed':
      return { kind: 'failed', message };
    case 'succeeded': {
      const treeHash = purpose.kind === 'archive' ? purpose.treeHash : null;
      return {
        kind: 'ready',
        endsAt: (completedAt ?? now) + OUTPUT_LIFE_MS,
        checksum: treeHash && treeChecksum(treeHash),
      };
    }
  }
}

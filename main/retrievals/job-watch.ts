import type { Result } from '../../shared/result.ts';
import { ok } from '../../shared/result.ts';
import type { Tier } from '../../shared/tier.ts';
import type { ArchiveId } from '../../shared/upload.ts';
import type { ByteRange } from '../../shared/part-plan.ts';
import type { Clock } from '../engine/clock.ts';
import type { TaskPlace } from '../engine/task.ts';
import type { ArchiveService, Job } from '../places/ports/archive-service.ts';

/** A vault's jobs, by what is asked of them. */
export class JobList {
  readonly all: Job[];
  readonly #byId = new Map<string, Job>();
  readonly #byArchive = new Map<string, Job[]>();

  constructor(jobs: readonly Job[]) {
    this.all = [];
    for (const job of jobs) this.put(job);
  }

  put(job: Job): void {
    if (this.#byId.has(job.jobId)) return;
    this.all.push(job);
    this.#byId.set(job.jobId, job);
    if (job.purpose.kind !== 'archive') return;
    const { archiveId } = job.purpose;
    this.#byArchive.set(archiveId, [...this.of(archiveId), job]);
  }

  get(jobId: string): Job | undefined {
    return this.#byId.get(jobId);
  }

  /** Those that bring bytes of an archive. */
  of(archiveId: ArchiveId): Job[] {
    return this.#byArchive.get(archiveId) ?? [];
  }
}

type Listing = { askedAt: number; jobs: Promise<Result<JobList>> };
type Place = TaskPlace & { service: ArchiveService };
type Begun = { jobId: string; description: string; archiveId: ArchiveId; tier: Tier; range: ByteRange | null };

/** Looks at the jobs of a vault together: a thousand retrievals that wait cost one list of jobs, not a thousand requests. */
export class JobWatch {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #listings = new Map<string, Listing>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** The jobs of a vault, asked for at most so long ago. `signal` ends the request for all who wait for it. */
  async list({ service, accountId, vault }: Place, maxAgeMs: number, signal: AbortSignal): Promise<Result<JobList>> {
    const key = keyOf({ accountId, vault });
    const now = this.#clock.now();
    const known = this.#listings.get(key);
    if (known && now - known.askedAt <= maxAgeMs && now >= known.askedAt) return known.jobs;
    const listing = { askedAt: now, jobs: listed(service, vault, signal) };
    this.#listings.set(key, listing);
    try {
      const jobs = await listing.jobs;
      if (!jobs.ok) this.#forget(key, listing);
      return jobs;
    } catch (error) {
      this.#forget(key, listing);
      throw error;
    }
  }

  /** One job, out of a list that is at most so old; one that it lacks is asked for by itself. */
  async describe(place: Place, jobId: string, maxAgeMs: number, signal: AbortSignal): Promise<Result<Job>> {
    const jobs = await this.list(place, maxAgeMs, signal);
    const found = jobs.ok ? jobs.value.get(jobId) : undefined;
    return found ? ok(found) : place.service.describeJob(place.vault, jobId, signal);
  }

  /** A job that was just begun stands in the list that is known as it would in the next one. */
  began(place: Place, { jobId, description, archiveId, tier, range }: Begun): void {
    const known = this.#listings.get(keyOf(place));
    if (!known) return;
    const job: Job = {
      jobId,
      description,
      status: 'in-progress',
      message: '',
      createdAt: place.service.now(),
      completedAt: null,
      snsTopic: null,
      purpose: { kind: 'archive', archiveId, range, tier, archiveSize: null, archiveTreeHash: null, treeHash: null },
    };
    void known.jobs.then((jobs) => {
      if (jobs.ok) jobs.value.put(job);
    });
  }

  #forget(key: string, listing: Listing): void {
    if (this.#listings.get(key) === listing) this.#listings.delete(key);
  }
}

async function listed(service: ArchiveService, vault: string, signal: AbortSignal): Promise<Result<JobList>> {
  const jobs = await service.listJobs(vault, {}, signal);
  return jobs.ok ? ok(new JobList(jobs.value)) : jobs;
}

function keyOf({ accountId, vault }: TaskPlace): string {
  return `${accountId} ${vault}`;
}

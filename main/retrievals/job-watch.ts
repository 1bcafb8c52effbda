import type { AccountId } from '../../shared/account.ts';
import type { Result } from '../../shared/result.ts';
import { ok } from '../../shared/result.ts';
import type { ArchiveService, Job } from '../places/ports/archive-service.ts';
import type { Clock } from '../core/ports.ts';

type Listing = { askedAt: number; jobs: Promise<Result<Job[]>> };
type Place = { service: ArchiveService; accountId: AccountId; vault: string };

/** Looks at jobs, and at those of a vault together: a thousand retrievals that wait cost one list of jobs, not a thousand requests. */
export class JobWatch {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #listings = new Map<string, Listing>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** The jobs of a vault, asked for at most so long ago. `signal` ends the request for all who wait for it. */
  async list({ service, accountId, vault }: Place, maxAgeMs: number, signal: AbortSignal): Promise<Result<Job[]>> {
    const key = `${accountId} ${vault}`;
    const now = this.#clock.now();
    const known = this.#listings.get(key);
    if (known && now - known.askedAt <= maxAgeMs && now >= known.askedAt) return known.jobs;
    const listing = { askedAt: now, jobs: service.listJobs(vault, {}, signal) };
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

  /** One job, out of a list that is at most so old when `isOneOfMany`. */
  async describe(
    place: Place,
    jobId: string,
    { isOneOfMany, maxAgeMs, signal }: { isOneOfMany: boolean; maxAgeMs: number; signal: AbortSignal },
  ): Promise<Result<Job>> {
    const listed = isOneOfMany ? await this.list(place, maxAgeMs, signal) : null;
    const found = listed?.ok ? listed.value.find((job) => job.jobId === jobId) : undefined;
    return found ? ok(found) : place.service.describeJob(place.vault, jobId, signal);
  }

  #forget(key: string, listing: Listing): void {
    if (this.#listings.get(key) === listing) this.#listings.delete(key);
  }
}

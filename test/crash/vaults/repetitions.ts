import type { Asked } from '../asked.ts';
import type { Records } from './records.ts';

/** A job that somebody else has asked for. */
type ForeignJob = { vault: string; foreignJobId: string };

/** Judges from the wire what is asked for a second time although Firn could know the answer to the first. */
export class Repetitions {
  readonly #violations: string[] = [];
  /** All that happened, in order. */
  readonly #past: (Asked | ForeignJob)[] = [];
  /** So many bytes of each inventory's output were written down before the life at hand. */
  readonly #received = new Map<string, number>();
  /** Deleted as far as Firn had written down before the life at hand. */
  #deleted: ReadonlySet<string> = new Set();

  /** Glacier counts jobs of others in, and so does Firn. */
  foreignJob(vault: string, foreignJobId: string): void {
    this.#past.push({ vault, foreignJobId });
  }

  /** `asked`: by the life that has ended; `records`: as it has left them. */
  lifeEnded(asked: readonly Asked[], records: Records): void {
    this.#past.push(...asked);
    this.#outputs(asked);
    this.#deletions(asked);
    this.#remember(records);
  }

  /** To be called when all is over. */
  violations(): string[] {
    return [...this.#violations, ...jobs(this.#past), ...this.#neverAskedFor()];
  }

  /** A range that is on Firn's disk, or has come to it in this life, is not fetched again. */
  #outputs(asked: readonly Asked[]): void {
    const here = new Set<string>();
    for (const { operation, id, range, isDelivered } of asked) {
      if (operation !== 'GetJobOutput' || !this.#isInventory(id)) continue;
      const what = `${range ?? 'all'} of the inventory ${id}`;
      const first = Number(range?.split('-')[0] ?? 0);
      if (first < (this.#received.get(id) ?? 0)) this.#violations.push(`${what} was fetched though it was there`);
      else if (here.has(what)) this.#violations.push(`${what} was fetched twice in one life`);
      if (isDelivered) here.add(what);
    }
  }

  #deletions(asked: readonly Asked[]): void {
    const answered = new Set<string>();
    for (const { operation, id, isDelivered } of asked) {
      if (operation !== 'DeleteArchive') continue;
      if (this.#deleted.has(id)) this.#violations.push(`${id} was to be deleted again though it was known to be gone`);
      else if (answered.has(id)) this.#violations.push(`${id} was to be deleted twice in one life`);
      if (isDelivered) answered.add(id);
    }
  }

  #remember({ inventories, tombstones, left }: Records): void {
    for (const { phase, job_id, received, last_job_id } of inventories) {
      if (job_id !== null) this.#received.set(job_id, phase === 'reconciling' ? Infinity : (received ?? 0));
      if (last_job_id !== null) this.#received.set(last_job_id, Infinity);
    }
    // When a kill tears a commit, the journal may tell of what the chore has not written down.
    this.#deleted = new Set([...tombstones].filter((id) => !left.has(id)));
  }

  #isInventory(jobId: string): boolean {
    return this.#past.some((one) => ('foreignJobId' in one ? one.foreignJobId : one.inventoryJobId) === jobId);
  }

  /** Nothing counts as deleted of which Glacier has not said so. */
  #neverAskedFor(): string[] {
    const done = new Set<string>();
    for (const one of this.#past) {
      if ('operation' in one && one.operation === 'DeleteArchive' && one.isDone) done.add(one.id);
    }
    return [...this.#deleted]
      .filter((id) => !done.has(id))
      .map((id) => `${id} counts as deleted, and nobody asked for it`);
  }
}

/** No inventory is asked for while there is one that nobody has fetched yet, and none is asked for in vain. */
function jobs(past: readonly (Asked | ForeignJob)[]): string[] {
  const violations: string[] = [];
  const unused = new Map<string, { vault: string; isOwn: boolean }>();
  for (const one of past) {
    if ('foreignJobId' in one) unused.set(one.foreignJobId, { vault: one.vault, isOwn: false });
    else if (one.inventoryJobId !== null) {
      const [waiting] = [...unused].find(([, { vault }]) => vault === one.vault) ?? [];
      if (waiting !== undefined)
        violations.push(`An inventory of ${one.vault} was asked for beside the job ${waiting}`);
      unused.set(one.inventoryJobId, { vault: one.vault, isOwn: true });
    } else if (one.operation === 'GetJobOutput' && unused.has(one.id)) use(unused, one.id);
  }
  for (const [jobId, { vault, isOwn }] of unused) {
    if (isOwn) violations.push(`The inventory ${jobId} of ${vault} was asked for in vain`);
  }
  return violations;
}

/** What is older than the job has nothing to add to it. */
function use(unused: Map<string, { vault: string }>, jobId: string): void {
  const used = unused.get(jobId);
  for (const [id, { vault }] of [...unused]) {
    if (vault === used?.vault) unused.delete(id);
    if (id === jobId) return;
  }
}

import { z } from 'zod';
import { treeChecksum } from '../../../shared/checksum.ts';
import type { Failure } from '../../../shared/failure.ts';
import { type Result, fail, ok } from '../../../shared/result.ts';
import { OUTPUT_LIFE_MS } from '../../../shared/retrieval.ts';
import { MiB } from '../../../shared/units.ts';
import type { ArchiveId } from '../../../shared/upload.ts';
import type { InventoryArchive } from '../../core/ports.ts';
import type { Job } from '../../places/ports/archive-service.ts';
import type { Census, CensusEntry, CensusJob, CensusPage, ListGone } from '../../places/ports/census.ts';
import { garbled } from '../../aws/garbled.ts';
import type { Client } from '../client.ts';
import { inventoryEntry, inventoryHead } from '../inventory-entries.ts';
import { ListSplitter } from '../inventory-json.ts';
import { jobOutput } from '../job-output.ts';
import { requestInventory } from '../job-requests.ts';
import { describeJob, listJobs } from '../jobs.ts';
import type { VaultTimes } from './vault-times.ts';

/** Some twenty thousand archives: what is fetched again at most after a crash. */
const PAGE_SIZE = 8 * MiB;

/** Inventory jobs, in JSON. */
export function vaultCensus(client: Client, vault: string, { inventoryLagMs, usualInventoryMs }: VaultTimes): Census {
  const look = async (jobId: string, signal: AbortSignal): Promise<Result<CensusJob, Failure | ListGone>> => {
    const found = await describeJob(client, vault, jobId, signal);
    if (!found.ok) return isGone(found) ? gone : found;
    return ok(wholeInventoryOf(found.value, client.now()) ?? { ...stateless(found.value), state: noInventory });
  };
  return {
    lagMs: inventoryLagMs,
    usualMs: usualInventoryMs,

    async jobs(signal) {
      const listed = await listJobs(client, vault, {}, signal);
      return listed.ok ? ok(listed.value.flatMap((job) => wholeInventoryOf(job, client.now()) ?? [])) : listed;
    },

    async begin(description, signal) {
      const answer = await requestInventory(client, { vault, format: 'JSON', description }, signal);
      if (!answer.ok) return isGone(answer) ? fail({ kind: 'nothing-listed' }) : answer;
      return ok({ job: answer.value.jobId });
    },

    look,

    async page(jobId, cursor, signal) {
      if (cursor !== null) return readPage(client, { vault, jobId, from: readCursor(cursor), signal });
      const job = await look(jobId, signal);
      if (!job.ok) return job;
      const { state } = job.value;
      const size = state.kind === 'ready' ? state.bytes : null;
      return readPage(client, { vault, jobId, from: { at: 0, size, head: null }, signal });
    },
  };
}

const gone: Result<never, ListGone> = fail({ kind: 'list-gone' });
const noInventory = { kind: 'failed', message: 'the job makes no whole inventory' } as const;

function isGone(answer: Result<unknown>): boolean {
  return !answer.ok && answer.failure.kind === 'not-found';
}

function stateless({ jobId, description: label, createdAt: askedAt }: Job): Omit<CensusJob, 'state'> {
  return { job: jobId, label, askedAt };
}

/** Null for a job that lists other than all archives, or in another form. `now`: the service's time. */
function wholeInventoryOf(job: Job, now: number): CensusJob | null {
  const { purpose, status, message, completedAt } = job;
  if (purpose.kind !== 'inventory' || purpose.format !== 'JSON' || !purpose.isWhole) return null;
  switch (status) {
    case 'in-progress':
      return { ...stateless(job), state: { kind: 'in-progress' } };
    case 'failed':
      return { ...stateless(job), state: { kind: 'failed', message } };
    case 'succeeded': {
      const endsAt = (completedAt ?? now) + OUTPUT_LIFE_MS;
      return { ...stateless(job), state: { kind: 'ready', endsAt, bytes: purpose.size } };
    }
  }
}

const head = z.object({ asOf: z.number(), location: z.string() });
const position = z.object({
  /** Bytes of the output up to the end of an archive. */
  at: z.number(),
  /** Bytes of the output; null when the service does not tell: then it is one page. */
  size: z.number().nullable(),
  /** What the list begins with; null at the beginning. */
  head: head.nullable(),
});
type Position = z.infer<typeof position>;
type Head = z.infer<typeof head>;

function readCursor(cursor: string): Position {
  return position.parse(JSON.parse(cursor));
}

/** What a list is like after an archive, so that what follows can be read by itself. */
const RESUMED = Buffer.from('{"ArchiveList":[');

/** Archives are read as the bytes come, so that no page holds anything up. */
async function readPage(
  client: Client,
  { vault, jobId, from, signal }: { vault: string; jobId: string; from: Position; signal: AbortSignal },
): Promise<Result<CensusPage, Failure | ListGone>> {
  const page: Pick<CensusPage, 'entries' | 'unreadable'> = { entries: [], unreadable: [] };
  const splitter = new ListSplitter((json) => {
    const archive = inventoryEntry(json);
    if ('oddId' in archive) page.unreadable.push({ archiveId: archive.oddId as ArchiveId | null });
    else page.entries.push(entryOf(archive));
  });
  if (from.head !== null) splitter.push(RESUMED);
  const before = splitter.pushed;
  const range = from.size === null ? null : { first: from.at, last: Math.min(from.at + PAGE_SIZE, from.size) - 1 };
  const write = (bytes: Uint8Array): void => {
    splitter.push(bytes);
  };
  const output = await jobOutput(client, { vault, jobId, ...(range && { range }) }, { write, signal });
  if (!output.ok) return isGone(output) ? gone : output;

  const isLast = range === null || range.last + 1 === from.size;
  const told = headOf(splitter.end(), from.head, isLast);
  if (!told.ok) return garbled(told.failure);
  if (isLast) return ok({ ...page, ...told.value, next: null });
  if (splitter.itemEnd <= before) return garbled('one of its archives is too long');
  const next: Position = { at: from.at + splitter.itemEnd - before, size: from.size, head: told.value };
  return ok({ ...page, ...told.value, next: JSON.stringify(next) });
}

function entryOf({ archiveId, description: name, createdAt, size, treeHash }: InventoryArchive): CensusEntry {
  return { archiveId, name, size, createdAt, checksum: treeChecksum(treeHash), storageClass: null };
}

const emptyList = z.object({ ArchiveList: z.array(z.never()) });

/** `document`: what was read without its archives. Where it does not end, its list is closed to see that all before is in order. */
function headOf(document: string, known: Head | null, isLast: boolean): Result<Head, string> {
  const closings = isLast ? [''] : [']}', '}', ''];
  for (const closing of closings) {
    const whole = document + closing;
    if (known !== null && emptyList.safeParse(parse(whole)).success) return ok(known);
    const found = known === null ? inventoryHead(whole) : null;
    if (found?.ok) return ok({ asOf: found.value.inventoryAt, location: found.value.location });
  }
  return fail('it is not the whole of an inventory');
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

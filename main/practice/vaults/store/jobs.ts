import { createWriteStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PRIVATE_FILE } from '../../../files/private.ts';
import { newId } from '../../ids.ts';
import type { PracticeRules } from '../../rules.ts';
import { type JobRecord, writeRecord } from './records.ts';
import { type Job, type Store, type Vault, discard, draftFolder, publish } from './store.ts';

export type JobOutcome = {
  status: 'InProgress' | 'Succeeded' | 'Failed';
  completedAt: number | null;
  message: string | null;
};

type Asked = Omit<JobRecord, 'jobId'>;
type InventoryJob = Extract<JobRecord['work'], { kind: 'inventory' }>;

export async function addArchiveJob(store: Store, vault: Vault, asked: Asked): Promise<Job> {
  const record: JobRecord = { jobId: newId('job'), ...asked };
  return keep(vault, record, await draftFolder(store, 'job.json', record));
}

/** Writes the output at once, so that it is the inventory of the moment at which it was asked for. */
export async function addInventoryJob(
  store: Store,
  vault: Vault,
  asked: Omit<Asked, 'work'> & { work: Omit<InventoryJob, 'size'> },
  output: Iterable<string>,
): Promise<Job> {
  const unmeasured: JobRecord = { jobId: newId('job'), ...asked, work: { ...asked.work, size: 0 } };
  const draft = await draftFolder(store, 'job.json', unmeasured);
  const size = await writeOutput(join(draft, 'output'), output);
  const record: JobRecord = { ...unmeasured, work: { ...asked.work, size } };
  await writeRecord(draft, 'job.json', record);
  return keep(vault, record, draft);
}

export function inventoryOutput({ folder }: Job): string {
  return join(folder, 'output');
}

/** The job, unless it is unknown or its output has been given up. */
export function findJob(vault: Vault, jobId: string, now: number, rules: PracticeRules): Job | null {
  const job = vault.jobs.get(jobId);
  return job && !isGivenUp(job, now, rules) ? job : null;
}

export function isGivenUp({ record }: Job, now: number, rules: PracticeRules): boolean {
  return now >= record.completesAt + rules.outputLifeMs;
}

/** A job that is still at work fails when its archive is deleted; afterwards its output stays. */
export function outcomeOf(vault: Vault, { record }: Job, now: number): JobOutcome {
  const deletedAt = record.work.kind === 'archive' ? deletionOf(vault, record.work.archiveId) : null;
  if (deletedAt !== null && deletedAt < record.completesAt && deletedAt <= now) {
    return { status: 'Failed', completedAt: deletedAt, message: 'ResourceNotFound' };
  }
  if (now < record.completesAt) return { status: 'InProgress', completedAt: null, message: null };
  return { status: 'Succeeded', completedAt: record.completesAt, message: 'Succeeded' };
}

export async function removeJob(store: Store, vault: Vault, job: Job): Promise<void> {
  await discard(store, job.folder);
  vault.jobs.delete(job.record.jobId);
}

async function keep(vault: Vault, record: JobRecord, draft: string): Promise<Job> {
  const folder = await publish(draft, join(vault.folder, 'jobs'), record.jobId);
  const job: Job = { folder, record };
  vault.jobs.set(record.jobId, job);
  return job;
}

async function writeOutput(path: string, output: Iterable<string>): Promise<number> {
  await pipeline(Readable.from(output), createWriteStream(path, { flags: 'wx', mode: PRIVATE_FILE }));
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  return (await stat(path)).size;
}

/** An archive of which nothing is left counts as deleted long ago. */
function deletionOf(vault: Vault, archiveId: string): number | null {
  const archive = vault.archives.get(archiveId);
  return archive ? archive.record.deletedAt : -Infinity;
}

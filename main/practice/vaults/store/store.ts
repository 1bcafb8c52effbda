import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PRIVATE_FOLDER, makePrivateFolder } from '../../../files/private.ts';
import { folderName } from '../../ids.ts';
import { Turns, moveDurably } from '../../durable.ts';
import { type Parts, readParts } from './parts.ts';
import {
  type AccountRecord,
  type ArchiveRecord,
  type JobRecord,
  type RecordName,
  type RecordOf,
  type UploadRecord,
  type VaultRecord,
  readRecord,
  writeRecord,
} from './records.ts';

export type Upload = { folder: string; record: UploadRecord; parts: Parts };
export type Archive = { folder: string; record: ArchiveRecord };
export type Job = { folder: string; record: JobRecord };

export type Vault = {
  folder: string;
  record: VaultRecord;
  /** Each by its ID. */
  uploads: Map<string, Upload>;
  archives: Map<string, Archive>;
  jobs: Map<string, Job>;
};

/**
 * The state of one account in one region. What is in memory mirrors the folder and changes only after the folder has;
 * each change of the folder is one rename, so a process that dies at any moment leaves the state before or after it.
 *
 *     account.json
 *     vaults/<vault>/vault.json
 *                    uploads/<upload>/upload.json, parts/
 *                    archives/<archive>/archive.json, parts/
 *                    jobs/<job>/job.json, output
 *     incoming/      bodies on their way and folders in the making; emptied at the start, as is
 *     trash/         what was removed
 */
export type Store = {
  folder: string;
  account: AccountRecord;
  /** By name. */
  vaults: Map<string, Vault>;
  /** Every change runs in turn. */
  turns: Turns;
};

const newAccount: AccountRecord = { retrievalRule: { strategy: 'None', bytesPerHour: null }, capacity: [] };

/** Opens the folder, which belongs to one process at a time, and makes it when it is not there. */
export async function openStore(folder: string): Promise<Store> {
  for (const name of ['incoming', 'trash']) await rm(join(folder, name), { recursive: true, force: true });
  for (const name of ['vaults', 'incoming', 'trash']) makePrivateFolder(join(folder, name));
  const vaults = await readEach(join(folder, 'vaults'), readVault);
  return {
    folder,
    account: (await readRecord(folder, 'account.json')) ?? newAccount,
    vaults: new Map(vaults.map((vault) => [vault.record.name, vault])),
    turns: new Turns(),
  };
}

/** A path for something that is not part of the state yet. */
export function incomingPath(store: Store): string {
  return join(store.folder, 'incoming', randomUUID());
}

/** A new folder in the making, with its record; `publish` makes it part of the state. */
export async function draftFolder<N extends RecordName>(
  store: Store,
  name: N,
  record: RecordOf<N>,
  subfolders: readonly string[] = [],
): Promise<string> {
  const draft = incomingPath(store);
  await mkdir(draft, PRIVATE_FOLDER);
  for (const subfolder of subfolders) await mkdir(join(draft, subfolder), PRIVATE_FOLDER);
  await writeRecord(draft, name, record);
  return draft;
}

/** Moves a finished folder to its place among its kind, under the name made of its ID. */
export async function publish(draft: string, kind: string, id: string): Promise<string> {
  const folder = join(kind, folderName(id));
  await moveDurably(draft, folder);
  return folder;
}

/** Takes a file or folder out of the state at once and frees its room later. */
export async function discard(store: Store, path: string): Promise<void> {
  const trash = join(store.folder, 'trash', randomUUID());
  await moveDurably(path, trash);
  // What cannot be removed now goes at the next start.
  void rm(trash, { recursive: true, force: true }).catch(() => undefined);
}

async function readVault(folder: string): Promise<Vault | null> {
  const record = await readRecord(folder, 'vault.json');
  if (!record) return null;
  const uploads = await readEach(join(folder, 'uploads'), readUpload);
  const archives = await readEach(join(folder, 'archives'), async (folder) => named(folder, 'archive.json'));
  const jobs = await readEach(join(folder, 'jobs'), async (folder) => named(folder, 'job.json'));
  return {
    folder,
    record,
    uploads: new Map(uploads.map((upload) => [upload.record.multipartUploadId, upload])),
    archives: new Map(archives.map((archive) => [archive.record.archiveId, archive])),
    jobs: new Map(jobs.map((job) => [job.record.jobId, job])),
  };
}

async function readUpload(folder: string): Promise<Upload | null> {
  const record = await readRecord(folder, 'upload.json');
  if (!record) return null;
  if (record.abortedAt !== null) return { folder, record, parts: new Map() };
  return { folder, record, parts: await readParts(join(folder, 'parts')) };
}

async function named<N extends RecordName>(
  folder: string,
  name: N,
): Promise<{ folder: string; record: RecordOf<N> } | null> {
  const record = await readRecord(folder, name);
  return record && { folder, record };
}

async function readEach<T>(folder: string, read: (folder: string) => Promise<T | null>): Promise<T[]> {
  const items: T[] = [];
  for (const name of await readdir(folder)) {
    const item = await read(join(folder, name));
    if (item !== null) items.push(item);
  }
  return items;
}

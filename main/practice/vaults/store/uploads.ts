import { join } from 'node:path';
import type { TreeHash } from '../../../../shared/upload.ts';
import { newId } from '../../ids.ts';
import type { PracticeRules } from '../../rules.ts';
import { type Part, storePart } from './parts.ts';
import { type ArchiveRecord, type UploadRecord, writeRecord } from './records.ts';
import { type Archive, type Store, type Upload, type Vault, discard, draftFolder, publish } from './store.ts';

export async function openUpload(
  store: Store,
  vault: Vault,
  asked: Pick<UploadRecord, 'description' | 'partSize' | 'createdAt'>,
): Promise<Upload> {
  const record: UploadRecord = { multipartUploadId: newId('multipartUpload'), ...asked, abortedAt: null };
  const draft = await draftFolder(store, 'upload.json', record, ['parts']);
  const folder = await publish(draft, join(vault.folder, 'uploads'), record.multipartUploadId);
  const upload: Upload = { folder, record, parts: new Map() };
  vault.uploads.set(record.multipartUploadId, upload);
  return upload;
}

/** The upload, unless it was completed or aborted or has expired. */
export function findOpenUpload(vault: Vault, id: string, now: number, rules: PracticeRules): Upload | null {
  const upload = vault.uploads.get(id);
  return upload && isOpen(upload, now, rules) ? upload : null;
}

export function isOpen(upload: Upload, now: number, rules: PracticeRules): boolean {
  return upload.record.abortedAt === null && now < expiresAt(upload, rules);
}

/** Only a part counts as a sign of life. */
export function expiresAt({ record, parts }: Upload, rules: PracticeRules): number {
  let activeAt = record.createdAt;
  for (const { storedAt } of parts.values()) activeAt = Math.max(activeAt, storedAt);
  return activeAt + rules.multipartIdleMs;
}

/** `received`: a durable file, which becomes the part's. */
export async function addPart(upload: Upload, received: string, part: Omit<Part, 'file'>): Promise<void> {
  await storePart(join(upload.folder, 'parts'), upload.parts, received, part);
}

/** Forgets an acknowledged part. */
export async function removePart(store: Store, upload: Upload, first: number): Promise<void> {
  const part = upload.parts.get(first);
  if (!part) return;
  await discard(store, join(upload.folder, 'parts', part.file));
  upload.parts.delete(first);
}

/** Makes the upload an archive: its folder moves, so no byte is copied and there is never half an archive. */
export async function completeUpload(
  vault: Vault,
  upload: Upload,
  archive: { size: number; treeHash: TreeHash; createdAt: number },
): Promise<Archive> {
  const { multipartUploadId, description } = upload.record;
  const record: ArchiveRecord = {
    archiveId: newId('archive'),
    multipartUploadId,
    description,
    ...archive,
    deletedAt: null,
  };
  await writeRecord(upload.folder, 'archive.json', record);
  const folder = await publish(upload.folder, join(vault.folder, 'archives'), record.archiveId);
  const stored: Archive = { folder, record };
  vault.uploads.delete(multipartUploadId);
  vault.archives.set(record.archiveId, stored);
  return stored;
}

/** What the upload became, as long as the service remembers it. */
export function findCompleted(vault: Vault, uploadId: string, now: number, rules: PracticeRules): Archive | null {
  for (const archive of vault.archives.values()) {
    const { multipartUploadId, createdAt } = archive.record;
    if (multipartUploadId === uploadId) return now < createdAt + rules.completeMemoryMs ? archive : null;
  }
  return null;
}

/** The record stays for as long as a repeated abort is to succeed. */
export async function abortUpload(store: Store, upload: Upload, now: number): Promise<void> {
  const record: UploadRecord = { ...upload.record, abortedAt: now };
  await writeRecord(upload.folder, 'upload.json', record);
  upload.record = record;
  await dropParts(store, upload);
}

export function isAbortRemembered(vault: Vault, uploadId: string, now: number, rules: PracticeRules): boolean {
  const abortedAt = vault.uploads.get(uploadId)?.record.abortedAt ?? null;
  return abortedAt !== null && now < abortedAt + rules.completeMemoryMs;
}

export async function removeUpload(store: Store, vault: Vault, upload: Upload): Promise<void> {
  await discard(store, upload.folder);
  vault.uploads.delete(upload.record.multipartUploadId);
}

async function dropParts(store: Store, upload: Upload): Promise<void> {
  await discard(store, join(upload.folder, 'parts'));
  upload.parts.clear();
}

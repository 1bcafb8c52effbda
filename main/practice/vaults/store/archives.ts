import { join } from 'node:path';
import { rangeLength } from '../../../../shared/part-plan.ts';
import type { TreeHash } from '../../../../shared/upload.ts';
import { newId } from '../../ids.ts';
import type { Pieces } from '../../exchange/pieces.ts';
import { inOrder, readParts, storePart } from './parts.ts';
import { type ArchiveRecord, writeRecord } from './records.ts';
import { type Archive, type Store, type Vault, draftFolder, publish } from './store.ts';

/** An archive of a single request. `received`: a durable file, which becomes the archive's only part. */
export async function addArchive(
  store: Store,
  vault: Vault,
  received: string,
  asked: { description: string | null; size: number; treeHash: TreeHash; createdAt: number },
): Promise<Archive> {
  const record: ArchiveRecord = { archiveId: newId('archive'), multipartUploadId: null, ...asked, deletedAt: null };
  const draft = await draftFolder(store, 'archive.json', record, ['parts']);
  const { size, treeHash, createdAt } = asked;
  const part = { first: 0, last: size - 1, treeHash, storedAt: createdAt };
  await storePart(join(draft, 'parts'), new Map(), received, part);
  const folder = await publish(draft, join(vault.folder, 'archives'), record.archiveId);
  const archive: Archive = { folder, record };
  vault.archives.set(record.archiveId, archive);
  return archive;
}

/** The archive is kept out of sight while inventories and jobs still have to do with it. */
export async function deleteArchive(archive: Archive, now: number): Promise<void> {
  const record: ArchiveRecord = { ...archive.record, deletedAt: now };
  await writeRecord(archive.folder, 'archive.json', record);
  archive.record = record;
}

export function findArchive(vault: Vault, archiveId: string): Archive | null {
  const archive = vault.archives.get(archiveId);
  return archive?.record.deletedAt === null ? archive : null;
}

/** Whether a vault other than this one has the archive, or had it a little while ago. */
export function isInOtherVault(store: Store, vault: Vault, archiveId: string): boolean {
  return [...store.vaults.values()].some((other) => other !== vault && other.archives.has(archiveId));
}

/** The files that hold the bytes of an archive. */
export async function piecesOf({ folder }: Archive): Promise<Pieces> {
  const parts = inOrder(await readParts(join(folder, 'parts')));
  return parts.map((part) => ({ path: join(folder, 'parts', part.file), size: rangeLength(part) }));
}

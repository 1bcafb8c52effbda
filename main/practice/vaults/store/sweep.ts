import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PracticeRules } from '../../rules.ts';
import { isInventoried } from './inventory.ts';
import { isGivenUp, removeJob } from './jobs.ts';
import { type Archive, type Store, type Vault, discard } from './store.ts';
import { expiresAt, removeUpload } from './uploads.ts';
import { updateVault } from './vaults.ts';

/** Frees the room of what no request can reach any more. Nothing that a client sees depends on when it runs. */
export async function sweep(store: Store, now: number, rules: PracticeRules): Promise<void> {
  for (const vault of [...store.vaults.values()]) {
    for (const upload of [...vault.uploads.values()]) {
      const { abortedAt } = upload.record;
      const goneAt = abortedAt === null ? expiresAt(upload, rules) : abortedAt + rules.completeMemoryMs;
      if (now >= goneAt) await removeUpload(store, vault, upload);
      // A crash may have kept an abort from removing the parts.
      else if (abortedAt !== null) await rm(join(upload.folder, 'parts'), { recursive: true, force: true });
    }
    for (const job of [...vault.jobs.values()]) if (isGivenUp(job, now, rules)) await removeJob(store, vault, job);
    for (const archive of [...vault.archives.values()]) await forget(store, vault, archive, now, rules);
  }
}

/** A deleted archive is needed until the inventories know of its end and no job hands it out. */
async function forget(store: Store, vault: Vault, archive: Archive, now: number, rules: PracticeRules): Promise<void> {
  const { archiveId, deletedAt } = archive.record;
  if (deletedAt === null) return;
  const inUse = [...vault.jobs.values()].some(
    ({ record: { work } }) => work.kind === 'archive' && work.archiveId === archiveId,
  );
  if (inUse || !isInventoried(vault, deletedAt, now, rules.inventoryLagMs)) return;
  await updateVault(vault, { forgottenChangeAt: Math.max(deletedAt, vault.record.forgottenChangeAt ?? 0) });
  await discard(store, archive.folder);
  vault.archives.delete(archiveId);
}

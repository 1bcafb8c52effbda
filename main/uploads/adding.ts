import type { AccountId } from '../../shared/account.ts';
import { isSamePath, slashed } from '../../shared/path-key.ts';
import { type Result, ok } from '../../shared/result.ts';
import type { UploadId } from '../../shared/upload.ts';
import { isSameMoment, isSameOnAnotherClock } from '../core/file-time.ts';
import type { FileHashes } from '../core/file-hashes.ts';
import type { Clock, SourceFile, SourceFiles } from '../core/ports.ts';
import type { ArchivedFile, ArchivedFiles, Upload, UploadQueue } from '../core/store-ports.ts';

export type AddingPorts = {
  uploads: Pick<UploadQueue, 'openOf'>;
  archived: ArchivedFiles;
  files: Pick<SourceFiles, 'identify' | 'foldsCase'>;
  hashes: FileHashes;
  clock: Pick<Clock, 'now'>;
};

/** Where the files go, and whether also those that are there already. */
type Target = { accountId: AccountId; vault: string; again: boolean };

/** What adding a file means, given what queue and catalogue have of its path. */
export type Standing =
  | { kind: 'new' }
  /** This state of the file is an archive of the vault, or on its way. */
  | { kind: 'already-there' }
  /** Another state of it waits or runs under the same name, and stays. */
  | { kind: 'beside' }
  /** These uploads stopped because the file changed: it is sent as it is now, and they are given up. */
  | { kind: 'instead'; of: UploadId[] };

/**
 * Before a file is sent again only because of its time, its hash is compared: nothing is paid for twice because a clock or
 * a copy changed that. @throws the signal's reason when it is aborted.
 */
export async function standingOf(
  source: SourceFile,
  target: Target,
  ports: AddingPorts,
  signal: AbortSignal,
): Promise<Result<Standing>> {
  const queued = openOf(source, target, ports);
  if (!target.again) {
    if (queued.some((upload) => isStateOf(upload, source))) return ok({ kind: 'already-there' });
    const archived = await isArchived(source, target, ports, signal);
    if (!archived.ok) return archived;
    if (archived.value) return ok({ kind: 'already-there' });
  }
  const of = queued.filter((upload) => hasStopped(upload) && !isStateOf(upload, source)).map(({ id }) => id);
  if (of.length > 0) return ok({ kind: 'instead', of });
  return ok({ kind: queued.length > 0 && !target.again ? 'beside' : 'new' });
}

/** Whether an upload of this very state of the file waits or runs. */
export function isQueued(
  source: SourceFile,
  target: Omit<Target, 'again'>,
  ports: Pick<AddingPorts, 'uploads' | 'files'>,
): boolean {
  return openOf(source, target, ports).some((upload) => isStateOf(upload, source));
}

function openOf(
  { path }: SourceFile,
  { accountId, vault }: Omit<Target, 'again'>,
  { uploads, files }: Pick<AddingPorts, 'uploads' | 'files'>,
): Upload[] {
  return uploads.openOf(accountId, vault, path).filter((upload) => isSamePath(upload.path, path, files.foldsCase));
}

/** Its own check of the file, before it is sent, has the last word. */
function isStateOf({ identity }: Upload, source: SourceFile): boolean {
  const { size, modifiedNs } = source.identity;
  return identity.size === size && isSameOnAnotherClock(identity.modifiedNs, modifiedNs);
}

function hasStopped({ hold }: Upload): boolean {
  return hold?.kind === 'failed' && hold.failure.kind === 'file-changed';
}

async function isArchived(
  source: SourceFile,
  { accountId, vault }: Target,
  ports: AddingPorts,
  signal: AbortSignal,
): Promise<Result<boolean>> {
  const { archived, files, hashes, clock } = ports;
  const found = archived
    .of(accountId, vault, source)
    .filter(({ path }) => isSamePath(path, source.path, files.foldsCase));
  if (found.some((file) => isKnownState(file, source))) return ok(true);
  const candidates = await withoutOtherFiles(found, source, files);
  if (candidates.length === 0) return ok(false);
  const hash = await hashes.of(source, signal);
  if (!hash.ok) return hash;
  const same = candidates.find(({ treeHash }) => treeHash === hash.value);
  if (same) archived.confirm(same.archive, source.identity, clock.now());
  return ok(same !== undefined);
}

function isKnownState({ path, times }: ArchivedFile, source: SourceFile): boolean {
  return slashed(path) === slashed(source.path) && times.some((time) => isSameMoment(time, source.identity.modifiedNs));
}

/** Where a file of the other spelling is there as well, both are files of their own. */
async function withoutOtherFiles(
  archived: readonly ArchivedFile[],
  source: SourceFile,
  files: Pick<SourceFiles, 'identify'>,
): Promise<ArchivedFile[]> {
  const candidates: ArchivedFile[] = [];
  for (const file of archived) {
    const other = slashed(file.path) === slashed(source.path) ? null : await files.identify(file.path);
    if (!other?.ok || other.value.fileId === source.identity.fileId) candidates.push(file);
  }
  return candidates;
}

import type { Failure } from '../../../shared/failure.ts';
import { isSameOnAnotherClock } from '../../core/file-time.ts';
import type { SourceIdentity } from '../../core/ports.ts';
import type { Upload } from '../../core/store-ports.ts';
import type { StepContext } from './context.ts';

/**
 * Whether the file is still the one that was added. One of the same size with another time or index may be: drives that
 * are plugged in again make up new indexes (exFAT), clocks are set to other time zones, and files are copied back. It is
 * taken for the same when everything that was sent of it still has the recorded hashes; as long as nothing was sent, only
 * a time that another clock explains is.
 */
export async function checkSource(upload: Upload, context: StepContext): Promise<Failure | null> {
  const found = await context.files.identify(upload.path);
  if (!found.ok) return withDrive(found.failure, upload, context);
  const { identity } = upload;
  const now = found.value;
  if (now.size !== identity.size) {
    return changed(upload, `it had ${identity.size} bytes and now has ${now.size}`);
  }
  if (isSame(now, identity)) return null;
  const differing = await firstDifference(upload, now, context);
  if (differing !== null) return differing;
  // Whoever wrote to it while it was read may have changed what was read already.
  const after = await context.files.identify(upload.path);
  if (!after.ok) return after.failure;
  if (after.value.size !== now.size || !isSame(after.value, now)) {
    return changed(upload, 'it was written to while Firn compared it');
  }
  context.uploads.adoptIdentity(upload.id, now);
  Object.assign(identity, now);
  return null;
}

/** All files of a drive that is away are missing for one reason, and wait for it together. */
async function withDrive(failure: Failure, { drive }: Upload, { volumes }: StepContext): Promise<Failure> {
  if (failure.kind !== 'source-missing' || drive === '') return failure;
  return (await volumes()).includes(drive) ? failure : { kind: 'drive-missing', drive };
}

function isSame(a: SourceIdentity, b: SourceIdentity): boolean {
  return a.modifiedNs === b.modifiedNs && a.fileId === b.fileId;
}

async function firstDifference(
  upload: Upload,
  now: SourceIdentity,
  { uploads, files, partSignal }: StepContext,
): Promise<Failure | null> {
  const { identity, path } = upload;
  const what =
    now.modifiedNs === identity.modifiedNs ? 'another file is in its place' : 'it was written to after it was added';
  const parts = uploads.parts(upload.id);
  if (parts.length === 0 && !isSameOnAnotherClock(now.modifiedNs, identity.modifiedNs)) return changed(upload, what);
  for (const part of parts) {
    const hash = await files.hashRange(path, part, partSignal);
    if (!hash.ok) return hash.failure;
    if (hash.value !== part.treeHash) return changed(upload, what);
  }
  return null;
}

function changed({ path }: Upload, what: string): Failure {
  return { kind: 'file-changed', path, what };
}

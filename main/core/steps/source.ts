import type { Failure } from '../../../shared/failure.ts';
import type { Upload } from '../store-ports.ts';
import type { StepContext } from './context.ts';

/**
 * Whether the file is still the one that was added. A file whose size and time are the same but whose index differs may
 * be the same file on a drive that was plugged in again (exFAT makes up new ones); it is taken for the same when
 * everything that was sent of it still has the recorded hashes.
 */
export async function checkSource(upload: Upload, context: StepContext): Promise<Failure | null> {
  const found = await context.files.identify(upload.path);
  if (!found.ok) return found.failure;
  const { identity } = upload;
  if (found.value.size !== identity.size) {
    return changed(upload, `it had ${identity.size} bytes and now has ${found.value.size}`);
  }
  if (found.value.modifiedNs !== identity.modifiedNs) return changed(upload, 'it was written to after it was added');
  if (found.value.fileId === identity.fileId) return null;

  const differing = await firstDifferingPart(upload, context);
  if (differing !== null) return differing;
  context.uploads.adoptFileId(upload.id, found.value.fileId);
  upload.identity.fileId = found.value.fileId;
  return null;
}

async function firstDifferingPart(
  upload: Upload,
  { uploads, files, partSignal }: StepContext,
): Promise<Failure | null> {
  for (const part of uploads.parts(upload.id)) {
    const hash = await files.hashRange(upload.path, part, partSignal);
    if (!hash.ok) return hash.failure;
    if (hash.value !== part.treeHash) return changed(upload, 'another file is in its place');
  }
  return null;
}

function changed({ path }: Upload, what: string): Failure {
  return { kind: 'file-changed', path, what };
}

import type { Failure } from '../../../shared/failure.ts';
import { partRange } from '../../../shared/part-plan.ts';
import type { MultipartUploadId } from '../../../shared/upload.ts';
import type { MultipartMissing, RemotePart } from '../../core/ports.ts';
import type { Upload } from '../../core/store-ports.ts';
import type { StepContext } from './context.ts';

/**
 * Makes the part rows agree with what Glacier has, and Glacier's answer wins: a row that it lacks, or has with another
 * hash, is forgotten and sent again; a part that it has and no row records is adopted, but only when the file's own
 * bytes give the same tree hash.
 */
export async function reconcile(
  upload: Upload,
  multipartUploadId: MultipartUploadId,
  context: StepContext,
): Promise<Failure | MultipartMissing | null> {
  const { uploads, destination, signal, reconciled } = context;
  if (reconciled.get(upload.id) === multipartUploadId) return null;
  const listed = await destination.listParts({ vault: upload.vault, multipartUploadId }, signal);
  if (!listed.ok) return listed.failure;

  const remote = new Map(listed.value.parts.map((part) => [part.first, part]));
  const lost = uploads.parts(upload.id).filter(({ first, last, treeHash }) => {
    const there = remote.get(first);
    return there?.last !== last || there.treeHash !== treeHash;
  });
  if (lost.length > 0) {
    uploads.forgetParts(
      upload.id,
      lost.map((part) => part.first),
    );
  }
  const problem = await adopt(upload, remote, context);
  if (!problem) reconciled.set(upload.id, multipartUploadId);
  return problem;
}

async function adopt(
  upload: Upload,
  remote: ReadonlyMap<number, RemotePart>,
  context: StepContext,
): Promise<Failure | null> {
  const { uploads, files, clock, partSignal } = context;
  const recorded = new Set(uploads.parts(upload.id).map((part) => part.first));
  for (const part of remote.values()) {
    if (recorded.has(part.first) || !isPlanned(upload, part)) continue;
    const local = await files.hashRange(upload.path, part, partSignal);
    if (!local.ok) return local.failure;
    if (local.value === part.treeHash) {
      uploads.recordPart(upload.id, { first: part.first, last: part.last, treeHash: part.treeHash, at: clock.now() });
    }
  }
  return null;
}

/** A range that this upload would send itself; anything else is replaced when its part is sent. */
function isPlanned({ size, partSize }: Upload, { first, last }: RemotePart): boolean {
  return first < size && first % partSize === 0 && partRange(size, partSize, first / partSize).last === last;
}

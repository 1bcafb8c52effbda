import type { Failure } from '../../../shared/failure.ts';
import type { Phase, RecordedPart } from '../../../shared/upload.ts';
import type { Upload } from '../../core/store-ports.ts';
import { type StepContext, loseMultipart } from './context.ts';

/** After so many completions that found bad parts, sending them once more is no answer. */
const MOST_REFUSALS = 3;

type Completing = Extract<Phase, { kind: 'completing' }>;

/** completing → stored. The call may be repeated: Glacier gives the same archive ID for a short while. */
export async function completeArchive(
  upload: Upload,
  phase: Completing,
  context: StepContext,
): Promise<Failure | null> {
  const { uploads, destination, clock, signal, region } = context;
  const { multipartUploadId, treeHash } = phase;
  const answer = await destination.complete(
    { vault: upload.vault, multipartUploadId, size: upload.size, treeHash },
    signal,
  );
  if (answer.ok) {
    const { archiveId, location } = answer.value;
    const archive = { location, region, storedAt: destination.now() };
    uploads.apply(upload.id, { kind: 'completed', archiveId, at: clock.now() }, archive);
    return null;
  }
  if (answer.failure.kind === 'completion-refused') return findBadParts(upload, phase, answer.failure.message, context);
  return answer.failure.kind === 'multipart-missing' ? loseMultipart(upload, context) : answer.failure;
}

/** Glacier says that hash, size or ranges are wrong: finds the parts that differ, there or in the file, to send them again. */
async function findBadParts(
  upload: Upload,
  phase: Completing,
  message: string,
  context: StepContext,
): Promise<Failure | null> {
  const { uploads, destination, clock, signal, reconciled, refusals } = context;
  const { multipartUploadId } = phase;
  const listed = await destination.listParts({ vault: upload.vault, multipartUploadId }, signal);
  if (!listed.ok) {
    return listed.failure.kind === 'multipart-missing' ? loseMultipart(upload, context) : listed.failure;
  }
  const parts = uploads.parts(upload.id);
  const remote = new Map(listed.value.parts.map((part) => [part.first, part]));
  const bad = parts.filter(({ first, last, treeHash }) => {
    const there = remote.get(first);
    return there?.last !== last || there.treeHash !== treeHash;
  });
  if (bad.length === 0) {
    const unreadable = await addPartsThatDiffer(upload, parts, bad, context);
    if (unreadable) return unreadable;
  }
  if (bad.length === 0) return { kind: 'completion-rejected', message, ranges: [] };
  reconciled.delete(upload.id);
  uploads.apply(upload.id, {
    kind: 'completion-rejected',
    message,
    badParts: bad.map((part) => part.first),
    at: clock.now(),
  });
  if (refusals.add(upload.id) < MOST_REFUSALS) return null;
  refusals.clear(upload.id);
  return { kind: 'completion-rejected', message, ranges: bad.map(({ first, last }) => `${first}-${last}`) };
}

/** Compares the recorded hashes with the bytes that the file has now. */
async function addPartsThatDiffer(
  { path }: Upload,
  parts: readonly RecordedPart[],
  differing: RecordedPart[],
  { files, partSignal }: StepContext,
): Promise<Failure | null> {
  for (const part of parts) {
    const local = await files.hashRange(path, part, partSignal);
    if (!local.ok) return local.failure;
    if (local.value !== part.treeHash) differing.push(part);
  }
  return null;
}

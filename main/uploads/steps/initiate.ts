import type { Failure } from '../../../shared/failure.ts';
import { SECOND } from '../../../shared/units.ts';
import type { Upload } from '../../core/store-ports.ts';
import { wait } from '../../core/wait.ts';
import { CLOCK_TOLERANCE_MS, type StepContext, mayHaveHappened } from './context.ts';
import { checkSource } from './source.ts';

/** A request may still be carried out for this long after its asker has gone; then its multipart upload is listed. */
const AFTERLIFE_MS = 10 * SECOND;

/** queued → uploading. The intent is committed first, because initiating twice leaves a stray multipart upload. */
export async function initiate(upload: Upload, askedAt: number | null, context: StepContext): Promise<Failure | null> {
  const { uploads, destination, clock, signal, lostInitiates } = context;
  const problem =
    (await checkSource(upload, context)) ?? (askedAt === null ? null : await sweepStrays(upload, askedAt, context));
  if (problem) return problem;

  const { vault, description, partSize } = upload;
  // The dates of multipart uploads are compared with it, so it is the service's time.
  uploads.apply(upload.id, { kind: 'initiate-asked', at: destination.now() });
  const answer = await destination.initiate({ vault, description, partSize }, signal);
  if (!answer.ok) {
    if (mayHaveHappened(answer.failure)) lostInitiates.ended(upload.id, clock.now());
    else uploads.apply(upload.id, { kind: 'strays-swept', at: clock.now() });
    return answer.failure;
  }
  context.reconciled.set(upload.id, answer.value);
  uploads.apply(upload.id, { kind: 'multipart-initiated', multipartUploadId: answer.value, at: clock.now() });
  return null;
}

/**
 * Aborts what an unanswered initiate may have left. Only a multipart upload that can be nobody else's is touched: with
 * this upload's description and part size, made since the request, unknown to every row, and without a single part.
 */
export async function sweepStrays(upload: Upload, askedAt: number, context: StepContext): Promise<Failure | null> {
  const { uploads, destination, clock, signal, partSignal, lostInitiates } = context;
  const age = Math.max(0, clock.now() - lostInitiates.endOf(upload));
  if (age < AFTERLIFE_MS) await wait(AFTERLIFE_MS - age, clock, partSignal);
  const open = await destination.listMultipartUploads(upload.vault, signal);
  if (!open.ok) return open.failure;
  const suspects = open.value.filter(
    (stray) =>
      stray.description === upload.description &&
      stray.partSize === upload.partSize &&
      stray.createdAt >= askedAt - CLOCK_TOLERANCE_MS &&
      !uploads.knowsMultipart(stray.multipartUploadId),
  );
  for (const { multipartUploadId } of suspects) {
    const parts = await destination.listParts({ vault: upload.vault, multipartUploadId }, signal);
    if (parts.ok && parts.value.parts.length > 0) continue;
    const gone = parts.ok ? await destination.abort({ vault: upload.vault, multipartUploadId }, signal) : parts;
    if (!gone.ok && gone.failure.kind !== 'multipart-missing') return gone.failure;
  }
  uploads.apply(upload.id, { kind: 'strays-swept', at: clock.now() });
  lostInitiates.clear(upload.id);
  return null;
}

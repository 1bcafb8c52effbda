import { type Failure, isTransient } from '../../../shared/failure.ts';
import { type ByteRange, partCount, partRange, rangeLength } from '../../../shared/part-plan.ts';
import type { MultipartUploadId, RecordedPart } from '../../../shared/upload.ts';
import type { MultipartMissing } from '../../core/ports.ts';
import type { Upload } from '../../core/store-ports.ts';
import { combineTreeHashes } from '../../core/tree-hash.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { type StepContext, loseMultipart, mayHaveHappened } from './context.ts';
import { reconcile } from './reconcile.ts';
import { checkSource } from './source.ts';

/** So often a part may come too late although nothing else was on the wire. */
const MOST_LATE = 3;

/** uploading → completing: sends what Glacier does not have, then commits the tree hash of the whole. */
export async function uploadParts(
  upload: Upload,
  multipartUploadId: MultipartUploadId,
  context: StepContext,
): Promise<Failure | null> {
  const { uploads, destination, partSignal } = context;
  const problem =
    (await checkSource(upload, context)) ??
    (await sendWhatGlacierLacks(upload, multipartUploadId, context)) ??
    (await checkSource(upload, context));
  if (problem?.kind === 'multipart-missing') return loseMultipart(upload, context);
  if (problem) return problem;

  partSignal.throwIfAborted();
  const parts = uploads.parts(upload.id);
  if (!coversWhole(upload, parts)) throw new Error(`The parts of ${upload.path} leave a gap`);
  const treeHash = combineTreeHashes(parts.map((part) => part.treeHash));
  // The dates of archives are compared with it, so it is the service's time.
  uploads.apply(upload.id, { kind: 'parts-uploaded', treeHash, at: destination.now() });
  return null;
}

/** Goes on, and asks first, when kept connections turn out to be closed: each is met once, and nothing is wrong with the line. */
async function sendWhatGlacierLacks(
  upload: Upload,
  multipartUploadId: MultipartUploadId,
  context: StepContext,
): Promise<Failure | MultipartMissing | null> {
  for (;;) {
    const problem =
      (await reconcile(upload, multipartUploadId, context)) ??
      (await sendMissingTwice(upload, multipartUploadId, context));
    if (problem === null || !isStale(problem)) return problem;
  }
}

/** Once more when the file turns out to be the same under another time or index than when it was added. */
async function sendMissingTwice(
  upload: Upload,
  multipartUploadId: MultipartUploadId,
  context: StepContext,
): Promise<Failure | MultipartMissing | null> {
  const problem = await sendMissing(upload, multipartUploadId, context);
  if (problem?.kind !== 'file-changed') return problem;
  const stillChanged = await checkSource(upload, context);
  return stillChanged ? problem : sendMissing(upload, multipartUploadId, context);
}

/** Sends in parallel, as places are free. After a failure nothing new is begun, but what is on the wire may arrive. */
async function sendMissing(
  upload: Upload,
  multipartUploadId: MultipartUploadId,
  context: StepContext,
): Promise<Failure | MultipartMissing | null> {
  const { slots, partSignal: signal } = context;
  const missing = missingRanges(upload, context.uploads.parts(upload.id));
  return worst(
    await inParallel(missing, { slots, signal, weigh: rangeLength }, (range) =>
      sendPart(upload, multipartUploadId, range, context),
    ),
  );
}

async function sendPart(
  upload: Upload,
  multipartUploadId: MultipartUploadId,
  range: ByteRange,
  context: StepContext,
): Promise<Failure | MultipartMissing | null> {
  const { uploads, destination, clock, partSignal } = context;
  const source = { path: upload.path, identity: upload.identity };
  let acknowledged = 0;
  context.uplink.began();
  try {
    const answer = await destination.uploadPart(
      { vault: upload.vault, multipartUploadId, source, range },
      {
        signal: partSignal,
        onSent: (bytes) => {
          context.onSent(range.first, bytes);
          context.uplink.sent(bytes);
          context.slots.resized();
        },
      },
    );
    if (answer.ok) {
      acknowledged = rangeLength(range);
      context.tooSlow.clear(upload.id);
      uploads.recordPart(upload.id, { ...range, treeHash: answer.value, at: clock.now() });
      context.parallelism.arrived();
      context.slots.resized();
      recover(upload, context);
      return null;
    }
    const hopeless = tooSlow(upload, answer.failure, context);
    if (answer.failure.kind !== 'multipart-missing' && !isStale(answer.failure))
      context.parallelism.failed(answer.failure, clock.now());
    if (mayHaveHappened(answer.failure)) context.reconciled.delete(upload.id);
    return hopeless ?? answer.failure;
  } catch (error) {
    context.reconciled.delete(upload.id);
    throw error;
  } finally {
    context.uplink.ended(acknowledged);
    context.onPartEnd(range.first);
  }
}

/** A part that had the line for itself time and again and still came too late would be sent for ever. */
function tooSlow(
  { id, partSize }: Upload,
  failure: Failure | MultipartMissing,
  { parallelism, tooSlow: tally }: StepContext,
): Failure | null {
  const isLate = failure.kind === 'timed-out' && failure.late === true;
  if (!isLate || parallelism.current() > 1 || tally.add(id) < MOST_LATE) return null;
  tally.clear(id);
  return { kind: 'line-too-slow', partSize };
}

/** A success ends the waiting of before, so that the next failure starts with a short wait. */
function recover({ id }: Upload, { uploads, clock, gotThrough }: StepContext): void {
  gotThrough();
  if (uploads.get(id)?.hold?.kind === 'backoff') uploads.apply(id, { kind: 'recovered', at: clock.now() });
}

function* missingRanges({ size, partSize }: Upload, recorded: readonly RecordedPart[]): Generator<ByteRange> {
  const done = new Set(recorded.map((part) => part.first));
  for (let index = 0; index < partCount(size, partSize); index += 1) {
    const range = partRange(size, partSize, index);
    if (!done.has(range.first)) yield range;
  }
}

function isStale(failure: Failure | MultipartMissing): boolean {
  return failure.kind === 'offline' && failure.cause === 'stale';
}

/** Of several failures, one that needs somebody counts more than one that waiting cures. */
function worst(failures: readonly (Failure | MultipartMissing)[]): Failure | MultipartMissing | null {
  return (
    failures.find((failure) => failure.kind === 'multipart-missing' || !isTransient(failure)) ?? failures[0] ?? null
  );
}

function coversWhole({ size, partSize }: Upload, parts: readonly RecordedPart[]): boolean {
  return (
    parts.length === partCount(size, partSize) &&
    parts.every(({ first, last }, index) => {
      const planned = partRange(size, partSize, index);
      return planned.first === first && planned.last === last;
    })
  );
}

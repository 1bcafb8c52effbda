import { isTransient } from '../../../shared/failure.ts';
import type { ByteRange } from '../../../shared/part-plan.ts';
import type { Result } from '../../../shared/result.ts';
import type { JobOutput } from '../../places/ports/archive-service.ts';
import { FailureError } from '../../core/failure.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { Slots } from '../../core/slots.ts';
import type { Outcome, RetrievalContext } from './context.ts';
import type { OpenTarget, Partial, Retrieval } from '../ports.ts';

/** `offset`: where the output begins, counted from the first byte that is wanted. */
type Work = { jobId: string; offset: number; partial: Partial; ranges: readonly ByteRange[] };

export async function fetchRanges(retrieval: Retrieval, work: Work, context: RetrievalContext): Outcome {
  const { slots, softSignal: signal } = context;
  // Where gaps are filled with zeros, one range after the other writes each byte once.
  const turns = work.partial.isSparse ? null : new Slots(() => 1);
  try {
    const failures = await inParallel(work.ranges, { slots: turns ?? slots, signal }, async (range) => {
      const release = turns === null ? null : await slots.take(signal);
      return fetchRange(retrieval, work, range, context).finally(() => release?.());
    });
    return failures.find((failure) => !isTransient(failure)) ?? failures[0] ?? null;
  } finally {
    if (work.ranges.length > 0) await noteAsWritten(retrieval, work.partial, context);
  }
}

/** Bytes of ranges that did not arrive whole have changed the file, too, and raise no doubt about the others. */
async function noteAsWritten({ id }: Retrieval, { path, fileId }: Partial, context: RetrievalContext): Promise<void> {
  const { files, retrievals, written } = context;
  const found = await files.identify(path);
  if (!found.ok || found.value?.fileId !== fileId) return;
  written.set(id, found.value.modifiedNs);
  const partial = retrievals.get(id)?.partial;
  if (partial) retrievals.setPartial(id, { ...partial, modifiedNs: found.value.modifiedNs });
}

async function fetchRange(retrieval: Retrieval, work: Work, range: ByteRange, context: RetrievalContext): Outcome {
  const opened = await context.files.open(work.partial.path, work.partial.fileId);
  if (!opened.ok) return opened.failure;
  try {
    const output = await receive(retrieval, work, range, opened.value, context);
    return output.ok ? await record(retrieval, range, output.value, opened.value, context) : output.failure;
  } finally {
    context.live.partEnded(retrieval.id, range.first);
    await opened.value.close();
  }
}

/** Streams the range to its place in the file. What arrives wrong lies where the right bytes will overwrite it. */
async function receive(
  { id, vault }: Retrieval,
  { jobId, offset }: Work,
  range: ByteRange,
  file: OpenTarget,
  { service, softSignal, parallelism, clock, live, line, pace }: RetrievalContext,
): Promise<Result<JobOutput>> {
  const inOutput = { first: range.first - offset, last: range.last - offset };
  let at = range.first;
  const write = async (bytes: Uint8Array): Promise<void> => {
    if (at + bytes.length > range.last + 1)
      throw new FailureError({ kind: 'answer-garbled', detail: 'it is longer than the range asked for' });
    const failure = await file.write(bytes, at);
    if (failure) throw new FailureError(failure);
    at += bytes.length;
    live.moved(id, range.first, bytes.length);
    line.moved(bytes.length);
    await pace(bytes.length, softSignal);
  };
  line.began();
  try {
    const output = await service.jobOutput({ vault, jobId, range: inOutput }, { write, signal: softSignal });
    if (!output.ok) parallelism.failed(output.failure, clock.now());
    return output;
  } catch (error) {
    if (error instanceof FailureError) return { ok: false, failure: error.failure };
    throw error;
  } finally {
    line.ended();
  }
}

/** Only what is on the disk is written down. */
async function record(
  { id }: Retrieval,
  range: ByteRange,
  { treeHash, confirmed }: JobOutput,
  file: OpenTarget,
  context: RetrievalContext,
): Outcome {
  const { retrievals, clock, parallelism, slots } = context;
  const synced = await file.sync();
  if (!synced.ok) return synced.failure;
  const at = clock.now();
  retrievals.recordRange(id, { ...range, treeHash, confirmed, at }, synced.value.modifiedNs);
  parallelism.arrived();
  slots.resized();
  // A success ends the waiting of before, so that the next failure starts with a short wait.
  if (retrievals.get(id)?.hold?.kind === 'backoff') retrievals.apply(id, { kind: 'recovered', at });
  context.gotThrough();
  return null;
}

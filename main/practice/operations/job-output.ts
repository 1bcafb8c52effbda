import { type ByteRange } from '../../../shared/part-plan.ts';
import { type Result, fail, ok } from '../../../shared/result.ts';
import type { Answer } from '../protocol/answer.ts';
import { type Operation, findVault } from '../protocol/call.ts';
import { type Rejection, rejections } from '../protocol/rejections.ts';
import { inventoryOutput, outcomeOf } from '../store/jobs.ts';
import { findOwnJob } from './jobs.ts';

/** Ranges are relative to the output. */
export const getJobOutput: Operation = (service, call) => {
  const vault = findVault(service, call);
  if (!vault.ok) return vault;
  const job = findOwnJob(service, call, vault.value);
  if (!job.ok) return job;
  if (outcomeOf(vault.value, job.value, service.clock()).status !== 'Succeeded') {
    return fail(rejections.jobNotReady(call.route.id));
  }
  const { work } = job.value.record;
  if (work.kind !== 'inventory') return fail(rejections.jobNotReady(call.route.id));
  const range = readRange(call.headers.range, work.size);
  if (!range.ok) return range;
  const type = work.format === 'JSON' ? 'application/json' : 'text/csv';
  return ok(outputAnswer([{ path: inventoryOutput(job.value), size: work.size }], work.size, range.value, type));
};

function outputAnswer(
  files: { path: string; size: number }[],
  size: number,
  range: ByteRange | null,
  contentType: string,
): Answer {
  const headers = { 'Accept-Ranges': 'bytes', 'Content-Type': contentType };
  const whole = { first: 0, last: size - 1 };
  if (!range) return { status: 200, headers, body: { files, range: whole }, committed: false };
  const contentRange = `bytes ${range.first}-${range.last}/${size}`;
  return {
    status: 206,
    headers: { ...headers, 'Content-Range': contentRange },
    body: { files, range },
    committed: false,
  };
}

/** `bytes=0-1048575`; null when the whole output is asked for. */
function readRange(header: string | undefined, size: number): Result<ByteRange | null, Rejection> {
  if (header === undefined) return ok(null);
  const match = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(header);
  const range = { first: Number(match?.[1]), last: Number(match?.[2]) };
  const valid = match && range.first <= range.last && range.last < size;
  return valid ? ok(range) : fail(rejections.parameter('Range', header));
}

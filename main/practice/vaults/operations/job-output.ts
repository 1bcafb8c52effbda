import { type ByteRange, rangeLength } from '../../../../shared/part-plan.ts';
import { type Result, fail, ok } from '../../../../shared/result.ts';
import type { Answer } from '../../exchange/answer.ts';
import { type Operation, findVault } from '../protocol/call.ts';
import { type Rejection, rejections } from '../protocol/rejections.ts';
import { piecesOf } from '../store/archives.ts';
import { inventoryOutput, outcomeOf } from '../store/jobs.ts';
import type { JobRecord } from '../store/records.ts';
import type { Archive, Job } from '../store/store.ts';
import type { Pieces } from '../../exchange/pieces.ts';
import { isTreeHashAligned, treeHashOfRange } from '../tree-range.ts';
import { findOwnJob } from './jobs.ts';

type ArchiveJob = Extract<JobRecord['work'], { kind: 'archive' }>;
type InventoryJob = Extract<JobRecord['work'], { kind: 'inventory' }>;

/** Ranges are relative to the output, which for an archive may be a range itself. */
export const getJobOutput: Operation = async (service, call) => {
  const vault = findVault(service, call);
  if (!vault.ok) return vault;
  const job = findOwnJob(service, call, vault.value);
  if (!job.ok) return job;
  if (outcomeOf(vault.value, job.value, service.clock()).status !== 'Succeeded') {
    return fail(rejections.jobNotReady(call.route.id));
  }
  const { work } = job.value.record;
  if (work.kind === 'inventory') return inventoryAnswer(job.value, work, call.headers.range);
  const archive = vault.value.archives.get(work.archiveId);
  return archive ? archiveAnswer(archive, work, call.headers.range) : fail(rejections.jobMissing(call.route.id));
};

function inventoryAnswer(
  job: Job,
  { size, format }: InventoryJob,
  header: string | undefined,
): Result<Answer, Rejection> {
  const range = readRange(header, size);
  if (!range.ok) return range;
  const type = format === 'JSON' ? 'application/json' : 'text/csv';
  return ok(
    answer([{ path: inventoryOutput(job), size }], { first: 0, last: size - 1 }, range.value, { 'Content-Type': type }),
  );
}

async function archiveAnswer(
  archive: Archive,
  work: ArchiveJob,
  header: string | undefined,
): Promise<Result<Answer, Rejection>> {
  const range = readRange(header, rangeLength(work.range));
  if (!range.ok) return range;
  const pieces = await piecesOf(archive);
  const treeHash = await treeHashOf(pieces, work, range.value);
  const { description } = archive.record;
  return ok(
    answer(pieces, work.range, range.value, {
      'Content-Type': 'application/octet-stream',
      ...(description === null ? {} : { 'x-amz-archive-description': description }),
      ...(treeHash === null ? {} : { 'x-amz-sha256-tree-hash': treeHash }),
    }),
  );
}

/** Documented: only when both the job's range and the downloaded one are aligned. */
async function treeHashOf(pieces: Pieces, work: ArchiveJob, range: ByteRange | null): Promise<string | null> {
  const size = rangeLength(work.range);
  if (!range || rangeLength(range) === size) return work.rangeTreeHash;
  if (work.rangeTreeHash === null || !isTreeHashAligned(range, size)) return null;
  return treeHashOfRange(pieces, shift(range, work.range.first));
}

/** `output` is the output's own range of the pieces; `range` the one asked for, relative to it. */
function answer(
  pieces: Pieces,
  output: ByteRange,
  range: ByteRange | null,
  contentHeaders: Record<string, string>,
): Answer {
  const headers = { 'Accept-Ranges': 'bytes', ...contentHeaders };
  if (!range) return { status: 200, headers, body: { pieces, range: output }, committed: false, code: null };
  const contentRange = `bytes ${range.first}-${range.last}/${rangeLength(output)}`;
  const body = { pieces, range: shift(range, output.first) };
  return { status: 206, headers: { ...headers, 'Content-Range': contentRange }, body, committed: false, code: null };
}

function shift({ first, last }: ByteRange, by: number): ByteRange {
  return { first: first + by, last: last + by };
}

/** `bytes=0-1048575`; null when the whole output is asked for. */
function readRange(header: string | undefined, size: number): Result<ByteRange | null, Rejection> {
  if (header === undefined) return ok(null);
  const match = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(header);
  const range = { first: Number(match?.[1]), last: Number(match?.[2]) };
  const valid = match && range.first <= range.last && range.last < size;
  return valid ? ok(range) : fail(rejections.parameter('Range', header));
}

import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { assertNever } from '../../shared/assert.ts';
import type { ArchiveChoice } from '../../shared/archive.ts';
import type { ExportFormat, Exported } from '../../shared/catalogue-exchange.ts';
import { type Failure, printable } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { writeNewFile } from '../files/new-file.ts';
import type { ArchiveRecord } from '../store/archive-record.ts';
import { type Db, errorCode, isDiskFull } from '../store/database.ts';
import { toCsv } from './csv.ts';
import { toJsonLines } from './json-lines.ts';
import { toPrintableRecord } from './printable-record.ts';
import { recordsOf } from './records.ts';

export type ExportOptions = {
  choice: ArchiveChoice;
  format: ExportFormat;
  /** Milliseconds since 1970. */
  exportedAt: number;
};

/** Written at once: larger pieces are faster, and this is small enough for other work to get its turn. */
const CHUNK = 64 * 1024;

/**
 * Hands the chosen archives to `write` as they come, with memory that does not grow with their number. `db` needs to be a
 * connection of its own: it can write nothing meanwhile. @throws what `write` throws.
 */
export async function exportCatalogue(
  db: Db,
  options: ExportOptions,
  write: (chunk: Buffer) => Promise<unknown>,
): Promise<Exported> {
  const sum: Exported = { archives: 0, bytes: 0 };
  for (const chunk of chunksOf(db, options, sum)) await write(chunk);
  return sum;
}

/**
 * Writes the chosen archives into a new file, which has its name only when it is whole. Fails with a sentence when a file
 * of that name is there or it cannot be written; then nothing is left behind.
 */
export function exportToFile(db: Db, options: ExportOptions, file: string): Promise<Result<Exported>> {
  return intoNewFile(file, (handle) => exportCatalogue(db, options, (chunk) => handle.writeFile(chunk)));
}

/** The same, compressed by gzip. */
export function exportCompressed(db: Db, options: ExportOptions, file: string): Promise<Result<Exported>> {
  return intoNewFile(file, async (handle) => {
    const sum: Exported = { archives: 0, bytes: 0 };
    await pipeline(Readable.from(chunksOf(db, options, sum)), createGzip(), async (compressed) => {
      for await (const chunk of compressed) await handle.writeFile(chunk as Buffer);
    });
    return sum;
  });
}

async function intoNewFile(file: string, write: (handle: FileHandle) => Promise<Exported>): Promise<Result<Exported>> {
  try {
    return ok(await writeNewFile(file, write));
  } catch (error) {
    if (errorCode(error) === 'EEXIST')
      return fail(invalid(`${printable(file)} exists already. Firn does not write over it.`));
    if (isDiskFull(error)) return fail({ kind: 'disk-full', path: file });
    if (errorCode(error) === '') throw error;
    return fail(invalid(`${printable(file)} cannot be written (${errorCode(error)}).`));
  }
}

function chunksOf(db: Db, options: ExportOptions, sum: Exported): Generator<Buffer> {
  return inChunks(toText(summing(recordsOf(db, options.choice), sum), options));
}

function toText(records: Iterable<ArchiveRecord>, { format, exportedAt }: ExportOptions): Generator<string> {
  switch (format) {
    case 'csv':
      return toCsv(records);
    case 'json':
      return toJsonLines(records, exportedAt);
    case 'html':
      return toPrintableRecord(records, exportedAt);
    default:
      return assertNever(format);
  }
}

function* summing(records: Iterable<ArchiveRecord>, sum: Exported): Generator<ArchiveRecord> {
  for (const record of records) {
    sum.archives += 1;
    sum.bytes += record.size;
    yield record;
  }
}

function* inChunks(texts: Iterable<string>): Generator<Buffer> {
  let chunk = '';
  for (const text of texts) {
    chunk += text;
    if (chunk.length < CHUNK) continue;
    yield Buffer.from(chunk);
    chunk = '';
  }
  yield Buffer.from(chunk);
}

function invalid(detail: string): Failure {
  return { kind: 'invalid-input', detail };
}

import { z } from 'zod';
import { type ArchiveRecord, readRecord, writeRecord } from '../store/archive-record.ts';
import type { Entry, EntryReader } from './entry.ts';
import { LineEntries } from './lines.ts';

const FORMAT = 'firn-catalogue';
/** Only raised when older readers would misunderstand what follows. */
const VERSION = 1;

/** The catalogue as JSON Lines: a line about the file, then the lines that the journal of archives has, too. */
export function* toJsonLines(records: Iterable<ArchiveRecord>, exportedAt: number): Generator<string> {
  yield `${JSON.stringify({ format: FORMAT, version: VERSION, exportedAt: new Date(exportedAt).toISOString() })}\n`;
  for (const record of records) yield `${writeRecord(record)}\n`;
}

const header = z.object({ format: z.literal(FORMAT), version: z.int().min(1) });

/** Whether the first line of a file says that a newer Firn wrote it in a way that this one does not understand. */
export function isFromNewerFirn(firstLine: string): boolean {
  const parsed = header.safeParse(parse(firstLine));
  return parsed.success && parsed.data.version > VERSION;
}

/** Reads exports and the journal of archives. */
export function jsonLinesReader(): EntryReader {
  return new LineEntries(readLine);
}

function readLine(text: string, line: number): Entry | null {
  const record = readRecord(text);
  if (record === null) return withoutRecord(text, line);
  const { event, archiveId, at, ...told } = record;
  if (event === 'deleted') return { kind: 'deleted', line, archiveId };
  return { kind: 'archive', line, told: { ...told, archiveId, storedAt: at } };
}

function withoutRecord(text: string, line: number): Entry | null {
  const value = parse(text);
  if (header.safeParse(value).success) return null;
  const reason = value === undefined ? 'it is no JSON, or only a piece of it' : 'it does not tell of an archive';
  return { kind: 'unreadable', line, reason };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

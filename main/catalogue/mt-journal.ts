import type { ArchiveId, TreeHash } from '../../shared/upload.ts';
import type { Entry, EntryReader, Home } from './entry.ts';
import { LineEntries } from './lines.ts';

const SECOND_MS = 1000;
const SECOND_NS = 1_000_000_000n;

/** Versions A to C have tabs between the fields; `NONE` is a time that nobody knew. Version 0 has blanks, and no time. */
const created = /^[ABC]\t(\d{1,20})\tCREATED\t(\S+)\t(\d{1,15})\t([+-]?\d{1,20}|NONE)\t(\S+)\t(.+)$/s;
const created0 = /^(\d{1,20})\s+CREATED\s+(\S+)\s+(\d{1,15})\s+(\S+)\s+(.+)$/s;
const deleted = /^(?:[ABC]\t)?\d{1,20}\s+DELETED\s+(\S+)\s/;
const retrieved = /^(?:[ABC]\t)?\d{1,20}\s+RETRIEVE_JOB\s/;

/** Whether a file that begins so is a journal of mt-aws-glacier. */
export function isMtJournal(firstLine: string): boolean {
  return /^(?:[ABC]\t)?\d{1,20}\s+(?:CREATED|DELETED|RETRIEVE_JOB)\s/.test(firstLine);
}

/** The journal knows neither account nor vault; its paths are relative to the folder that it was kept for. */
export function mtJournalReader(home: Home): EntryReader {
  return new LineEntries((text, line) => readLine(text, line, home));
}

function readLine(text: string, line: number, home: Home): Entry | null {
  const gone = deleted.exec(text)?.[1];
  if (gone !== undefined) return { kind: 'deleted', line, archiveId: gone };
  if (retrieved.test(text)) return null;
  const fields = created.exec(text) ?? withoutTime(created0.exec(text));
  const [, at, archiveId, size, seconds, treeHash, path] = fields ?? [];
  if (path === undefined) return { kind: 'unreadable', line, reason: 'it is no line of a journal of mt-aws-glacier' };
  const told = {
    ...home,
    archiveId: archiveId as ArchiveId,
    path,
    modifiedNs: seconds === undefined || seconds === 'NONE' ? null : (BigInt(seconds) * SECOND_NS).toString(),
    size: Number(size),
    treeHash: treeHash as TreeHash,
    storedAt: Number(at) * SECOND_MS,
    location: '',
    description: '',
  };
  return { kind: 'archive', line, told };
}

function withoutTime(fields: RegExpExecArray | null): (string | undefined)[] | null {
  return fields && [...fields.slice(0, 4), 'NONE', ...fields.slice(4)];
}

import type { ArchiveId, TreeHash } from '../../shared/upload.ts';
import { describedFile } from '../store/described-file.ts';
import type { Entry, EntryReader, Home } from './entry.ts';
import { milliseconds, readNanoseconds } from './iso-time.ts';
import { LineEntries, unreadable } from './lines.ts';

const header = /^"?ArchiveId"?,"?ArchiveDescription"?,"?CreationDate"?,"?Size"?,"?SHA256TreeHash"?\r?$/;

/** All but the description are free of commas, so what stands between the first one and the last three is the description. */
const row = /^"?([A-Za-z0-9_-]+)"?,(.*),"?([^",]*)"?,"?([^",]*)"?,"?([0-9A-Fa-f]*)"?$/s;

export function isInventoryCsv(firstLine: string): boolean {
  return header.test(firstLine);
}

/**
 * Reads inventories in CSV as Glacier makes them. That is no CSV that a parser could read: a quote within a field is `\"`,
 * but backslashes stay as they are. Spreadsheets that save it anew double the quotes.
 */
export function inventoryCsvReader(home: Home): EntryReader {
  return new LineEntries((text, line) => (isInventoryCsv(text) ? null : readRow(text, line, home)));
}

function readRow(text: string, line: number, home: Home): Entry {
  const [, archiveId, written, date, size, treeHash] = row.exec(text) ?? [];
  const description = written === undefined ? null : unquoted(written);
  if (description === null || date === undefined || size === undefined || treeHash === undefined) {
    return unreadable(line, 'it is no line of an inventory');
  }
  if (!/^\d{1,15}$/.test(size)) return unreadable(line, `"${size}" is no size in bytes`);
  const storedNs = readNanoseconds(date);
  if (storedNs === null) return unreadable(line, `"${date}" is no time like 2013-01-02T03:04:05Z`);
  const { path, modified_ns: modifiedNs } = describedFile(description);
  const told = {
    ...home,
    ...{ path, modifiedNs, description, location: '' },
    archiveId: archiveId as ArchiveId,
    size: Number(size),
    treeHash: treeHash.toLowerCase() as TreeHash,
    storedAt: milliseconds(storedNs),
  };
  return { kind: 'archive', line, told };
}

/** Null for a quote that has no fellow, and for one that does not stand at both ends. */
function unquoted(written: string): string | null {
  if (!written.includes('"')) return written;
  const inner = /^"(.*)"$/s.exec(written)?.[1];
  if (inner === undefined) return null;
  const plain = inner.replace(/\\"|""/g, '\u0000');
  return plain.includes('"') ? null : plain.replaceAll('\u0000', '"');
}

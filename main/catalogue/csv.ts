import { isoTime } from '../../shared/clamped-time.ts';

import type { ArchiveRecord } from '../store/archive-record.ts';
import { writeCredentials } from './credentials-text.ts';
import { writeNanoseconds } from './iso-time.ts';

/** In this order for ever; a new column would come last. */
const columns = [
  'vault',
  'path',
  'size',
  'modified_at',
  'stored_at',
  'archive_id',
  'tree_hash',
  'description',
  'region',
  'location',
  'account_id',
  'account_name',
  'credentials',
  'endpoint_url',
] as const;

type Column = (typeof columns)[number];

/** The catalogue as CSV (RFC 4180) in UTF-8 with a byte order mark, by which spreadsheets know it. */
export function* toCsv(records: Iterable<ArchiveRecord>): Generator<string> {
  yield `\ufeff${columns.join(',')}\r\n`;
  for (const record of records) {
    const row = rowOf(record);
    yield `${columns.map((column) => cell(row[column])).join(',')}\r\n`;
  }
}

function rowOf(record: ArchiveRecord): Record<Column, string | number | null> {
  const { account } = record;
  return {
    vault: record.vault,
    path: record.path,
    size: record.size,
    modified_at: record.modifiedNs === null ? null : writeNanoseconds(record.modifiedNs),
    stored_at: isoTime(record.at),
    archive_id: record.archiveId,
    tree_hash: record.treeHash,
    description: record.description,
    region: record.region,
    location: record.location,
    account_id: account.id,
    account_name: account.name,
    credentials: account.source === null ? null : writeCredentials(account.source),
    endpoint_url: account.source?.kind === 'imported' ? account.source.endpointUrl : account.endpointUrl,
  };
}

function cell(value: string | number | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  return `"${guard(value).replaceAll('"', '""')}"`;
}

/**
 * Spreadsheets take text that begins so for a formula, and run it, or make an error of an archive ID that begins with a
 * minus. The apostrophe marks it as text; `unguard` takes it off again, so one that was there already gets another.
 */
const risky = /^['=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

function guard(text: string): string {
  return risky.test(text) ? `'${text}` : text;
}

export function unguard(text: string): string {
  return text.startsWith("'") ? text.slice(1) : text;
}

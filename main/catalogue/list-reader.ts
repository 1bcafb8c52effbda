import type { AccountId } from '../../shared/account.ts';
import { readDescription } from '../../shared/description.ts';
import type { ArchiveId, TreeHash } from '../../shared/upload.ts';
import type { RecordedAccount } from '../store/archive-record.ts';
import { readCredentials } from './credentials-text.ts';
import { unguard } from './csv.ts';
import { type CsvRow, CsvSplitter } from './csv-rows.ts';
import type { Entry, EntryReader, Home, Told } from './entry.ts';
import { milliseconds, readNanoseconds } from './iso-time.ts';
import type { ListColumn, ListLayout } from './list-columns.ts';

/** Reads lists of archives in CSV: ours, Glacier's inventories, and those of other tools. `home` is for what a row lacks. */
export class ListReader implements EntryReader {
  readonly #rows: CsvSplitter;
  readonly #layout: ListLayout;
  readonly #home: Home | null;
  #isHeader = true;

  constructor(layout: ListLayout, home: Home | null) {
    this.#rows = new CsvSplitter(layout.dialect);
    this.#layout = layout;
    this.#home = home;
  }

  push(text: string): Entry[] {
    return this.#entries(this.#rows.push(text));
  }

  end(): Entry[] {
    return this.#entries(this.#rows.end());
  }

  #entries(rows: readonly CsvRow[]): Entry[] {
    const body = this.#isHeader ? rows.slice(1) : rows;
    this.#isHeader &&= rows.length === 0;
    return body.map((row) => this.#entry(row));
  }

  #entry({ line, fields }: CsvRow): Entry {
    if (fields === null) return { kind: 'unreadable', line, reason: 'it is no row of CSV' };
    if (fields.length <= Math.max(...this.#layout.places.values())) {
      return { kind: 'unreadable', line, reason: 'it has fewer columns than the first line' };
    }
    const told = toldIn((column) => this.#cell(fields, column), this.#home, this.#layout.isOurs);
    return typeof told === 'string' ? { kind: 'unreadable', line, reason: told } : { kind: 'archive', line, told };
  }

  /** Null for an empty cell and for a column that the list does not have. */
  #cell(fields: readonly string[], column: ListColumn): string | null {
    const text = fields[this.#layout.places.get(column) ?? -1] ?? '';
    const value = this.#layout.isOurs ? unguard(text) : text;
    return value === '' ? null : value;
  }
}

type Cell = (column: ListColumn) => string | null;

/** What a row tells, or why it cannot be read. */
function toldIn(cell: Cell, home: Home | null, isOurs: boolean): Told | string {
  const account = accountIn(cell) ?? home?.account;
  const region = cell('region') ?? home?.region;
  const vault = cell('vault') ?? home?.vault;
  if (!account || region === undefined || vault === undefined) return 'it does not tell the account, region and vault';
  const size = cell('size');
  if (size !== null && !/^\d{1,15}$/.test(size.trim())) return `"${size}" is no size in bytes`;
  const storedAt = cell('storedAt');
  const storedNs = storedAt === null ? null : readNanoseconds(storedAt);
  if (storedAt !== null && storedNs === null) return `"${storedAt}" is no time like 2013-01-02T03:04:05Z`;
  return {
    ...{ account, region, vault, ...nameIn(cell, isOurs) },
    archiveId: (cell('archiveId')?.trim() ?? '') as ArchiveId,
    size: size === null ? null : Number(size),
    treeHash: (cell('treeHash')?.trim().toLowerCase() ?? null) as TreeHash | null,
    storedAt: storedNs === null ? null : milliseconds(storedNs),
    location: cell('location') ?? '',
    description: cell('description') ?? '',
  };
}

/** The path and the time in the row, or else in the description; where Firn knew no path, there is none to be had. */
function nameIn(cell: Cell, isOurs: boolean): Pick<Told, 'path' | 'modifiedNs'> {
  const path = cell('path');
  const modifiedNs = readNanoseconds(cell('modifiedAt') ?? '');
  if (path !== null || isOurs) return { path, modifiedNs };
  const described = readDescription(cell('description') ?? '');
  return { path: described?.path ?? null, modifiedNs: modifiedNs ?? nanoseconds(described?.modifiedAt ?? null) };
}

function nanoseconds(ms: number | null): string | null {
  return ms === null ? null : (BigInt(ms) * 1_000_000n).toString();
}

function accountIn(cell: Cell): RecordedAccount | null {
  const id = cell('accountId');
  if (id === null) return null;
  const source = readCredentials(cell('credentials') ?? '');
  return { id: id as AccountId, name: cell('accountName'), source, endpointUrl: cell('endpointUrl') };
}

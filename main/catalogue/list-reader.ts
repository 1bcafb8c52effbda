import type { AccountId } from '../../shared/account.ts';
import type { ArchiveId, TreeHash } from '../../shared/upload.ts';
import type { RecordedAccount } from '../store/archive-record.ts';
import { describedFile } from '../store/described-file.ts';
import { readCredentials } from './credentials-text.ts';
import { unguard } from './csv.ts';
import { type CsvRow, CsvRows } from './csv-rows.ts';
import type { Entry, EntryReader, Owner, Told } from './entry.ts';
import { milliseconds, readNanoseconds } from './iso-time.ts';
import { unreadable } from './lines.ts';
import type { Line } from './entry.ts';
import type { ListColumn, ListLayout } from './list-columns.ts';

/** Reads lists of archives in CSV, ours and those of other tools and of spreadsheets. `owner` is for what a row lacks. */
export class ListReader implements EntryReader {
  readonly #rows: CsvRows;
  readonly #layout: ListLayout;
  readonly #owner: Owner | null;
  #headerRows: number;

  constructor(layout: ListLayout, owner: Owner | null) {
    this.#rows = new CsvRows(layout.separator);
    this.#layout = layout;
    this.#owner = owner;
    this.#headerRows = layout.headerRows;
  }

  take(line: Line): Entry[] {
    return this.#entries(this.#rows.take(line));
  }

  end(): Entry[] {
    return this.#entries(this.#rows.end());
  }

  #entries(rows: readonly CsvRow[]): Entry[] {
    const body = rows.slice(this.#headerRows);
    this.#headerRows = Math.max(0, this.#headerRows - rows.length);
    return body.map((row) => this.#entry(row));
  }

  #entry(row: CsvRow): Entry {
    const { line } = row;
    if ('unreadable' in row) return unreadable(line, row.unreadable);
    const { fields } = row;
    if (fields.length <= Math.max(...this.#layout.places.values())) {
      return unreadable(line, 'it has fewer columns than the first line');
    }
    const told = toldIn((column) => this.#cell(fields, column), this.#owner, this.#layout.isOurs);
    return typeof told === 'string' ? unreadable(line, told) : { kind: 'archive', line, told };
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
function toldIn(cell: Cell, owner: Owner | null, isOurs: boolean): Told | string {
  const account = accountIn(cell) ?? owner?.account;
  const region = cell('region') ?? owner?.region;
  const vault = cell('vault') ?? owner?.vault ?? null;
  if (!account || region === undefined || vault === null) return 'it does not tell the account, region and vault';
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
  const described = describedFile(cell('description') ?? '');
  return { path: described.path, modifiedNs: modifiedNs ?? described.modified_ns };
}

function accountIn(cell: Cell): RecordedAccount | null {
  const id = cell('accountId');
  if (id === null) return null;
  const source = readCredentials(cell('credentials') ?? '');
  return { id: id as AccountId, name: cell('accountName'), source, endpointUrl: cell('endpointUrl') };
}

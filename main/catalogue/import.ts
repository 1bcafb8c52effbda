import { setImmediate } from 'node:timers/promises';
import type { Imported } from '../../shared/catalogue-exchange.ts';
import { type Failure, printable } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { MiB } from '../../shared/units.ts';
import { type Db, errorCode } from '../store/database.ts';
import type { Entry, EntryReader, Home } from './entry.ts';
import { Importing, type ImportPorts } from './importing.ts';
import { isFromNewerFirn, jsonLinesReader } from './json-lines.ts';
import { readLayout } from './list-columns.ts';
import { ListReader } from './list-reader.ts';
import { isMtJournal, mtJournalReader } from './mt-journal.ts';
import { beginning, textOf } from './text-file.ts';

export type ImportOptions = ImportPorts & {
  /** Whose archives they are when the file does not say so; asked for only then. */
  home: () => Promise<Result<Home>>;
  /** When it is aborted, the import throws its reason between two batches. */
  signal?: AbortSignal;
};

/** Brought into the catalogue in one transaction: small enough for other work to get its turn. */
const BATCH = 500;
const CHUNK = 1 * MiB;

/**
 * Brings into the catalogue what a file tells of archives: an export of Firn in JSON or CSV, its journal of archives, a
 * journal of mt-aws-glacier, or a list in CSV that names archive IDs. What the catalogue knows stays as it is; what it
 * lacks is added. Doing it again, or going on after a crash, changes nothing. `db` is to be the only one that writes the
 * catalogue of its folder. Fails, with nothing changed, when the file cannot be read or is none of these.
 */
export async function importCatalogue(db: Db, file: string, options: ImportOptions): Promise<Result<Imported>> {
  try {
    const format = await findFormat(file, options.home);
    if (!format.ok) return format;
    const importing = new Importing(db, options);
    try {
      const { newReader, tellsDeletions } = format.value;
      if (tellsDeletions) {
        for await (const entries of entriesOf(file, newReader(), options)) importing.noteDeleted(entries);
      }
      for await (const entries of entriesOf(file, newReader(), options)) importing.take(entries);
      return ok(importing.sum);
    } finally {
      importing.close();
    }
  } catch (error) {
    if (decompressionErrors.has(errorCode(error))) {
      return fail(invalid(`${printable(file)} is compressed, and damaged or cut off.`));
    }
    if (!fileErrors.has(errorCode(error))) throw error;
    return fail(invalid(`${printable(file)} cannot be read (${errorCode(error)}).`));
  }
}

type Format = { newReader: () => EntryReader; tellsDeletions: boolean };

async function findFormat(file: string, home: ImportOptions['home']): Promise<Result<Format>> {
  const firstLine = await beginning(file);
  if (isFromNewerFirn(firstLine)) {
    return fail(invalid(`${printable(file)} was written by a newer Firn, in a way that this one does not know.`));
  }
  if (firstLine.startsWith('{')) return ok({ newReader: jsonLinesReader, tellsDeletions: true });
  const layout = readLayout(firstLine);
  if (layout?.isOurs) return ok({ newReader: () => new ListReader(layout, null), tellsDeletions: false });
  if (!layout && !isMtJournal(firstLine)) return fail(invalid(unknownFormat(file)));
  const found = await home();
  if (!found.ok) return found;
  return layout
    ? ok({ newReader: () => new ListReader(layout, found.value), tellsDeletions: false })
    : ok({ newReader: () => mtJournalReader(found.value), tellsDeletions: true });
}

type Abortable = Pick<ImportOptions, 'signal'>;

async function* entriesOf(file: string, reader: EntryReader, options: Abortable): AsyncGenerator<Entry[]> {
  for await (const text of textOf(file, CHUNK)) yield* inBatches(reader.push(text), options);
  yield* inBatches(reader.end(), options);
}

async function* inBatches(entries: readonly Entry[], { signal }: Abortable): AsyncGenerator<Entry[]> {
  for (let at = 0; at < entries.length; at += BATCH) {
    signal?.throwIfAborted();
    yield entries.slice(at, at + BATCH);
    await setImmediate();
  }
}

const fileErrors: ReadonlySet<string> = new Set(['ENOENT', 'EACCES', 'EPERM', 'EISDIR', 'ENOTDIR', 'EIO', 'EBUSY']);

const decompressionErrors: ReadonlySet<string> = new Set(['Z_DATA_ERROR', 'Z_BUF_ERROR', 'Z_STREAM_ERROR']);

function unknownFormat(file: string): string {
  return (
    `${printable(file)} is nothing that Firn can import: neither an export or journal of Firn, nor a journal of ` +
    'mt-aws-glacier, nor a list in CSV whose first line names a column of archive IDs.'
  );
}

function invalid(detail: string): Failure {
  return { kind: 'invalid-input', detail };
}

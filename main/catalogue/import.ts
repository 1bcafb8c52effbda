import { setImmediate } from 'node:timers/promises';
import type { Imported } from '../../shared/catalogue-exchange.ts';
import { printable } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { type Db, errorCode } from '../store/database.ts';
import type { Entry } from './entry.ts';
import { type AskHome, findFormat, invalid } from './formats.ts';
import { Importing, type ImportPorts } from './importing.ts';

export type ImportOptions = ImportPorts & {
  /** Whose archives they are when the file does not say so; asked for only then. */
  home: AskHome;
  /** When it is aborted, the import throws its reason between two batches. */
  signal?: AbortSignal;
};

/** Brought into the catalogue in one transaction: small enough for other work to get its turn. */
const BATCH = 500;

/**
 * Brings into the catalogue what a file tells of archives; docs/catalogue-formats.md says which files can be read. What the
 * catalogue knows stays as it is; what it lacks is added. Doing it again, or going on after a crash, changes nothing. `db`
 * is to be the only one that writes the catalogue of its folder. Fails, with nothing changed, when the file cannot be read
 * or is none of these.
 */
export async function importCatalogue(db: Db, file: string, options: ImportOptions): Promise<Result<Imported>> {
  try {
    const format = await findFormat(file, options.home);
    if (!format.ok) return format;
    const importing = new Importing(db, { ...options, countedBy: format.value.countedBy });
    try {
      if (format.value.tellsDeletions) {
        for await (const entries of inBatches(format.value.read(), options)) importing.noteDeleted(entries);
      }
      const onFallback = (): void => {
        importing.noteFallback();
      };
      for await (const entries of inBatches(format.value.read(onFallback), options)) importing.take(entries);
      return ok(importing.sum);
    } finally {
      importing.close();
    }
  } catch (error) {
    if (decompressionErrors.has(errorCode(error))) {
      return fail(invalid(`${printable(file)} is compressed, and damaged or cut off.`));
    }
    if (!isReadingError(error)) throw error;
    return fail(invalid(`${printable(file)} cannot be read (${errorCode(error)}).`));
  }
}

async function* inBatches(
  pieces: AsyncIterable<readonly Entry[]>,
  { signal }: Pick<ImportOptions, 'signal'>,
): AsyncGenerator<readonly Entry[]> {
  for await (const entries of pieces) {
    for (let at = 0; at < entries.length; at += BATCH) {
      signal?.throwIfAborted();
      yield entries.slice(at, at + BATCH);
      await setImmediate();
    }
  }
}

/** Whatever code the system gives: those of drivers and of network drives have names that nobody can list. */
function isReadingError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && (error.syscall === 'open' || error.syscall === 'read');
}

const decompressionErrors: ReadonlySet<string> = new Set(['Z_DATA_ERROR', 'Z_BUF_ERROR', 'Z_STREAM_ERROR']);

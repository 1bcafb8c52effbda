import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { printable } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { startFailure } from '../app/start-failure.ts';
import { type Db, errorCode, openForReading } from '../store/database.ts';
import { DATABASE_FILE } from '../store/records.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';

/** Looks at the records with a connection of its own that only reads, also while another Firn works with the folder. */
export async function reading(
  dataFolder: string,
  output: Output,
  look: (db: Db) => ExitCode | Promise<ExitCode>,
): Promise<ExitCode> {
  const file = join(dataFolder, DATABASE_FILE);
  if (!existsSync(file)) {
    return output.refusal(EXIT.failed, `There is no queue and no catalogue in ${printable(dataFolder)}.`);
  }
  const db = opened(file, dataFolder);
  if (!db.ok) return output.failure(db.failure);
  try {
    return await look(db.value);
  } catch (error) {
    if (!errorCode(error).startsWith('SQLITE_')) throw error;
    return output.failure(startFailure(error, dataFolder));
  } finally {
    db.value.close();
  }
}

function opened(file: string, dataFolder: string): Result<Db> {
  try {
    return ok(openForReading(file));
  } catch (error) {
    return fail(startFailure(error, dataFolder));
  }
}

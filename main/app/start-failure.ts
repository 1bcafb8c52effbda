import { join } from 'node:path';
import { errorText } from '../../shared/error-text.ts';
import type { Failure, FolderProblem } from '../../shared/failure.ts';
import { DatabaseFromFutureError, errorCode, isDatabaseDamaged, isDiskFull } from '../store/database.ts';
import { DATABASE_FILE } from '../store/records.ts';

/** Why Firn cannot work with a data folder, from whatever was thrown while its records were opened or read. */
export function startFailure(error: unknown, dataFolder: string): Failure {
  const file = join(dataFolder, DATABASE_FILE);
  if (error instanceof DatabaseFromFutureError) return { kind: 'database-newer', file };
  if (isDatabaseDamaged(error)) return { kind: 'database-damaged', file, detail: errorText(error) };
  const problem = problemOf(error);
  if (problem === null) return { kind: 'unexpected', detail: errorText(error) };
  return { kind: 'data-folder-unusable', folder: dataFolder, problem, detail: errorText(error) };
}

/** Null for what is no matter of files: a bug. */
function problemOf(error: unknown): FolderProblem | null {
  if (isDiskFull(error)) return 'full';
  const code = errorCode(error);
  const known = problems.find(([codes]) => codes.test(code));
  if (known) return known[1];
  return /^(?:E[A-Z0-9]+|SQLITE_.+)$/.test(code) ? 'other' : null;
}

const problems: readonly (readonly [RegExp, FolderProblem])[] = [
  [/^EDQUOT$/, 'full'],
  [/^(?:ENOTDIR|EEXIST|ELOOP)$/, 'not-a-folder'],
  [/^(?:EROFS|SQLITE_READONLY)/, 'read-only'],
  [/^(?:EACCES|EPERM|SQLITE_CANTOPEN|SQLITE_PERM|SQLITE_AUTH)/, 'not-allowed'],
];

import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compactTime } from './backup-files.ts';
import { COMPANIONS, renamePatiently, syncFolder } from './durable-files.ts';

/** Where a damaged database is kept: beside the one that replaces it, never deleted, and never over another one. */
export function nameForDamaged(folder: string, now: number): string {
  const base = join(folder, `firn.damaged-${compactTime(now)}`);
  for (let count = 1; ; count += 1) {
    const file = count === 1 ? `${base}.db` : `${base}-${count}.db`;
    if (!existsSync(file)) return file;
  }
}

/** The one that was put aside last; null when there is none. */
export function newestDamaged(folder: string): string | null {
  const names = readdirSync(folder).filter((name) => /^firn\.damaged-.*\.db$/.test(name));
  const newest = names.sort().at(-1);
  return newest === undefined ? null : join(folder, newest);
}

/**
 * Moves the database first and its companions after it: a crash in between leaves no database, which the next start
 * notices, rather than one without its latest changes, which it could not notice.
 */
export function putAside(file: string, damagedFile: string): void {
  for (const suffix of ['', ...COMPANIONS]) {
    if (existsSync(file + suffix)) renamePatiently(file + suffix, damagedFile + suffix);
  }
  syncFolder(dirname(file));
}

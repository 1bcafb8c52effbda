import { cpSync, existsSync, readdirSync, renameSync, rmSync, rmdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Failure } from '../../shared/failure.ts';
import { makePrivateFolder } from '../files/private.ts';
import { errorCode } from '../store/database.ts';
import { renamePatiently, syncFile, syncFolder } from '../store/durable-files.ts';
import { lockFolder } from '../store/lock.ts';
import { DATABASE_FILE } from '../store/records.ts';
import { startFailure } from './start-failure.ts';

/** What Chromium kept there and makes anew, or what belonged to one run. */
const left =
  /^(?:(?:GPU|Code |Dawn\w*)?Cache|Crashpad|blob_storage|Shared ?Dictionary|Session Storage|Singleton\w+|lock)$/;

/**
 * Brings the data of an earlier Firn from where it kept them, once: when there are some, and none at the new place. The
 * database comes last, so that what was interrupted goes on at the next start, and nothing is opened half. Null when the
 * folder can be used; never throws.
 */
export function adoptFormerFolder(former: string | null, folder: string): Failure | null {
  if (former === null || existsSync(join(folder, DATABASE_FILE))) return null;
  try {
    if (!existsSync(join(former, DATABASE_FILE))) return null;
    const lock = lockFolder(former);
    if (!lock) return { kind: 'data-folder-busy', folder: former };
    // Windows moves nothing that is open; two that come as far as this move each entry once, whoever is first.
    lock.release();
    makePrivateFolder(folder);
    for (const entry of databaseLast(former)) moveEntry(join(former, entry), join(folder, entry));
    syncFolder(folder);
    removeLeftovers(former);
    return null;
  } catch (error) {
    return startFailure(error, folder);
  }
}

function databaseLast(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => !left.test(name) && name !== DATABASE_FILE);
  return [...names, DATABASE_FILE];
}

/** Whole or not at all, also from one drive to another. What is at the new place already keeps its name. */
function moveEntry(from: string, to: string): void {
  const isTaken = existsSync(to) && !basename(to).startsWith(DATABASE_FILE);
  const free = isTaken ? `${to}.former` : to;
  try {
    renamePatiently(from, free);
  } catch (error) {
    // Somebody else was faster.
    if (errorCode(error) === 'ENOENT') return;
    if (errorCode(error) !== 'EXDEV') throw error;
    copyAcross(from, free);
  }
}

function copyAcross(from: string, to: string): void {
  const half = `${to}.moving`;
  rmSync(half, { recursive: true, force: true });
  cpSync(from, half, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  syncAll(half);
  renameSync(half, to);
  rmSync(from, { recursive: true });
}

function syncAll(path: string): void {
  if (!statSync(path).isDirectory()) {
    syncFile(path);
    return;
  }
  for (const name of readdirSync(path)) syncAll(join(path, name));
  syncFolder(path);
}

/** Nothing that is needed is in there any more; what cannot be removed is in nobody's way. */
function removeLeftovers(former: string): void {
  try {
    for (const name of readdirSync(former).filter((one) => left.test(one)))
      rmSync(join(former, name), { recursive: true, force: true });
    rmdirSync(former);
  } catch {
    // Somebody else keeps something there.
  }
}

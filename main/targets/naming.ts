import { constants } from 'node:fs';
import { link, lstat, open, rename, rm, unlink, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { FileIdentity } from '../core/retrieval/ports.ts';
import { errorCode } from '../store/database.ts';
import { targetFailure } from './failure.ts';
import { NO_LINK, identityOf } from './identity.ts';

export async function create(path: string): Promise<Result<FileIdentity | null>> {
  try {
    const handle = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | NO_LINK);
    try {
      await handle.sync();
      return ok(identityOf(await handle.stat({ bigint: true })));
    } finally {
      await handle.close();
    }
  } catch (error) {
    return errorCode(error) === 'EEXIST' ? ok(null) : fail(targetFailure(error, path, dirname(path)));
  }
}

export async function place(
  from: string,
  to: string,
  { replace, modifiedNs }: { replace: boolean; modifiedNs: string | null },
): Promise<Result<'placed' | 'taken'>> {
  try {
    await dress(from, modifiedNs);
    if (replace) await rename(from, to);
    else if (!(await nameOnce(from, to))) return ok('taken');
    await syncFolderOf(to);
    return ok('placed');
  } catch (error) {
    return fail(targetFailure(error, to, dirname(to)));
  }
}

/** Gives the file its time, durably, before it gets its name. */
async function dress(path: string, modifiedNs: string | null): Promise<void> {
  if (modifiedNs !== null) {
    const seconds = Number(BigInt(modifiedNs) / 1_000_000n) / 1000;
    await utimes(path, seconds, seconds);
  }
  const handle = await open(path, constants.O_RDWR | NO_LINK);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** False when there is anything of that name. */
async function nameOnce(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return isSameFile(from, to);
    if (!linkless.has(errorCode(error))) throw error;
    return renameOverReservation(from, to);
  }
  await unlink(from);
  return true;
}

/** A crash came after the link and before the old name went. */
async function isSameFile(from: string, to: string): Promise<boolean> {
  const [one, other] = await Promise.all([lstat(from, { bigint: true }), lstat(to, { bigint: true })]);
  if (one.dev !== other.dev || one.ino !== other.ino || !other.isFile()) return false;
  await unlink(from);
  return true;
}

/** Drives of cameras, and some of networks, know no second name of a file. */
const linkless: ReadonlySet<string> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
  'EINVAL',
  // What Windows says on exFAT. A folder of that name is found by EEXIST.
  'EISDIR',
  'UNKNOWN',
]);

/** Where files have one name only, an empty file takes the name first: whoever else wants it sees that it is taken. */
async function renameOverReservation(from: string, to: string): Promise<boolean> {
  const reservation = await create(to);
  if (!reservation.ok || reservation.value === null) return false;
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    await rm(to, { force: true });
    throw error;
  }
}

async function syncFolderOf(path: string): Promise<void> {
  // Windows does that by itself and lets nobody open a folder.
  if (process.platform === 'win32') return;
  const handle = await open(dirname(path), constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

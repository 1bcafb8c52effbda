import { constants } from 'node:fs';
import { link, lstat, open, rename, unlink, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { Undone } from '../../shared/retrieval.ts';
import type { FileIdentity, Placed } from '../retrievals/ports.ts';
import { errorCode } from '../store/database.ts';
import { targetFailure } from './failure.ts';
import { NO_LINK, identityOf } from './identity.ts';
import { patiently } from './patiently.ts';

export async function create(path: string): Promise<Result<FileIdentity | null>> {
  try {
    return ok(await reserve(path));
  } catch (error) {
    return fail(targetFailure(error, path, dirname(path)));
  }
}

export async function place(
  from: string,
  to: string,
  { replace, modifiedNs }: { replace: boolean; modifiedNs: string | null },
): Promise<Result<Placed>> {
  try {
    const undone: Undone[] = (await setTime(from, modifiedNs)) ? [] : ['time'];
    await syncFile(from);
    if (replace) await patiently(() => rename(from, to));
    else if (!(await nameOnce(from, to))) return ok('taken');
    if (!(await syncFolderOf(to))) undone.push('folder-sync');
    return ok({ undone });
  } catch (error) {
    return fail(targetFailure(error, to, dirname(to)));
  }
}

/** A new file of that name; null when there is anything of it. Whatever else is in the way is thrown. */
async function reserve(path: string): Promise<FileIdentity | null> {
  try {
    const handle = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | NO_LINK);
    try {
      await handle.sync();
      return identityOf(await handle.stat({ bigint: true }));
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return null;
    throw error;
  }
}

/** False where the drive refuses: some network drives let only the owner set times. The bytes are all there. */
async function setTime(path: string, modifiedNs: string | null): Promise<boolean> {
  if (modifiedNs === null) return true;
  const seconds = Number(BigInt(modifiedNs) / 1_000_000n) / 1000;
  return utimes(path, seconds, seconds).then(
    () => true,
    () => false,
  );
}

async function syncFile(path: string): Promise<void> {
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
  await patiently(() => unlink(from));
  return true;
}

/** A crash came after the link and before the old name went. */
async function isSameFile(from: string, to: string): Promise<boolean> {
  const [one, other] = await Promise.all([lstat(from, { bigint: true }), lstat(to, { bigint: true })]);
  if (one.dev !== other.dev || one.ino !== other.ino || !other.isFile()) return false;
  await patiently(() => unlink(from));
  return true;
}

/** Drives of cameras, and some of networks, know no second name of a file. */
const linkless: ReadonlySet<string> = new Set([
  'EPERM',
  'EACCES',
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
  if ((await reserve(to)) === null) return false;
  try {
    await patiently(() => rename(from, to));
    return true;
  } catch (error) {
    await patiently(() => unlink(to)).catch(() => undefined);
    throw error;
  }
}

/** False where folders cannot be synced, as on some network drives: the name is given, and the drive keeps it when it will. */
async function syncFolderOf(path: string): Promise<boolean> {
  // Windows does that by itself and lets nobody open a folder.
  if (process.platform === 'win32') return true;
  try {
    const handle = await open(dirname(path), constants.O_RDONLY);
    try {
      await handle.sync();
      return true;
    } finally {
      await handle.close();
    }
  } catch {
    return false;
  }
}

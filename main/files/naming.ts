import { constants } from 'node:fs';
import { type FileHandle, link, lstat, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileErrorCode } from './errors.ts';
import { NO_LINK } from './no-link.ts';
import { patientlyAsync } from './patiently.ts';

/** Gives a file another name in its folder, and never replaces anything. False when there is anything of that name. */
export async function nameOnce(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
  } catch (error) {
    if (fileErrorCode(error) === 'EEXIST') return isSameFile(from, to);
    if (!linkless.has(fileErrorCode(error))) throw error;
    return renameOverReservation(from, to);
  }
  await patientlyAsync(() => unlink(from));
  return true;
}

/** A crash came after the link and before the old name went. */
async function isSameFile(from: string, to: string): Promise<boolean> {
  const [one, other] = await Promise.all([lstat(from, { bigint: true }), lstat(to, { bigint: true })]);
  if (one.dev !== other.dev || one.ino !== other.ino || !other.isFile()) return false;
  await patientlyAsync(() => unlink(from));
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
  const reservation = await createOnce(to);
  if (!reservation) return false;
  await reservation.close();
  try {
    await patientlyAsync(() => rename(from, to));
    return true;
  } catch (error) {
    await patientlyAsync(() => unlink(to)).catch(() => undefined);
    throw error;
  }
}

/** A new file of that name; null when there is anything of it. Whatever else is in the way is thrown. */
export async function createOnce(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | NO_LINK);
  } catch (error) {
    if (fileErrorCode(error) === 'EEXIST') return null;
    throw error;
  }
}

/** False where folders cannot be synced, as on some network drives: the name is given, and the drive keeps it when it will. */
export async function syncFolderOf(path: string): Promise<boolean> {
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

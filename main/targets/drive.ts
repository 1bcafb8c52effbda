import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, rm, statfs, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Result, fail, ok } from '../../shared/result.ts';
import { GiB, MiB } from '../../shared/units.ts';
import { errorCode } from '../store/database.ts';
import { targetFailure, unusable } from './failure.ts';

/** FAT16 and FAT32 count a file's bytes in 32 bits. */
const FAT_MAX_BYTES = 4 * GiB - 1;
/** `MSDOS_SUPER_MAGIC` of Linux. */
const FAT_TYPE = 0x4d44;
/** What every system's usual drives take. */
const USUAL_NAME_BYTES = 255;

/** Free bytes where the folder is; null when it does not say. */
export async function freeBytes(path: string): Promise<number | null> {
  try {
    const { bavail, bsize, blocks } = await statfs(path);
    // Some network folders say that they are of no size at all.
    return blocks === 0 ? null : bavail * bsize;
  } catch {
    return null;
  }
}

/** `target-unusable` when no file of that size can be on the drive. */
export async function takesSize(folder: string, size: number): Promise<Result<null>> {
  if (size <= FAT_MAX_BYTES) return ok(null);
  const takes = process.platform === 'linux' ? !(await isFat(folder)) : await canGrow(folder, size);
  if (takes) return ok(null);
  return fail(unusable(folder, 'its drive takes no file of 4 GiB or more, as FAT32 drives do not'));
}

async function isFat(folder: string): Promise<boolean> {
  return statfs(folder).then(
    ({ type }) => type === FAT_TYPE,
    () => false,
  );
}

/** Where nobody tells the kind of a drive, a file that is made so long says it; no byte of it is written. */
async function canGrow(folder: string, size: number): Promise<boolean> {
  const path = join(folder, `.firn-${randomBytes(4).toString('hex')}`);
  try {
    await writeFile(path, '', { flag: 'wx', mode: 0o600 });
    await truncate(path, size);
    return true;
  } catch (error) {
    return errorCode(error) !== 'EFBIG' && errorCode(error) !== 'EINVAL';
  } finally {
    await rm(path, { force: true }).catch(() => undefined);
  }
}

/** Bytes of the longest name that the drive takes: it says so when a name that nothing has is looked for. */
export async function longestName(folder: string): Promise<number> {
  let [fits, tooLong] = [1, USUAL_NAME_BYTES + 1];
  if (await takesName(folder, USUAL_NAME_BYTES)) return USUAL_NAME_BYTES;
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (await takesName(folder, middle)) fits = middle;
    else tooLong = middle;
  }
  return fits;
}

async function takesName(folder: string, bytes: number): Promise<boolean> {
  const name = randomBytes(bytes).toString('hex').slice(0, bytes);
  try {
    const handle = await open(join(folder, name), constants.O_RDONLY);
    await handle.close();
    return true;
  } catch (error) {
    return errorCode(error) !== 'ENAMETOOLONG';
  }
}

/** Whether gaps in this empty file take no room. */
export async function isSparse(path: string): Promise<boolean> {
  try {
    await truncate(path, MiB);
    const { blocks } = await lstat(path);
    return blocks * 512 < MiB;
  } catch {
    return false;
  } finally {
    await truncate(path, 0).catch(() => undefined);
  }
}

const MARK_TEXT = 'Firn retrieves files into this folder. It removes this file when it is done.\n';

/** Leaves the mark in the folder, a small file, unless it is there. */
export async function mark(folder: string, name: string): Promise<Result<null>> {
  const path = markPath(folder, name);
  try {
    await writeFile(path, MARK_TEXT, { flag: 'wx', mode: 0o600 });
    return ok(null);
  } catch (error) {
    return errorCode(error) === 'EEXIST' ? ok(null) : fail(targetFailure(error, path, folder));
  }
}

export async function hasMark(folder: string, name: string): Promise<boolean> {
  return lstat(markPath(folder, name)).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

/** Whether it could be removed, or was not there. */
export async function unmark(folder: string, name: string): Promise<boolean> {
  return rm(markPath(folder, name), { force: true }).then(
    () => true,
    () => false,
  );
}

function markPath(folder: string, name: string): string {
  return join(folder, `.firn-${name}`);
}

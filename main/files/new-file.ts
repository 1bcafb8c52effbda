import { randomBytes } from 'node:crypto';
import { type FileHandle, link, lstat, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { patientlyAsync } from './patiently.ts';
import { PRIVATE_FILE } from './private.ts';

/**
 * Writes a new file at a place of the user's. It has its name only when it is whole and on disk; until then it lies beside
 * it under a name that nobody can guess, in a file that was not there before: a link that somebody planted is not followed,
 * and no file of the user's is ever replaced. When it fails, nothing is left behind.
 * @throws EEXIST when something of that name is there, and whatever `write` or the file system throws.
 */
export async function writeNewFile<T>(path: string, write: (handle: FileHandle) => Promise<T>): Promise<T> {
  await refuseExisting(path);
  const partial = join(dirname(path), `.firn-${randomBytes(8).toString('hex')}.partial`);
  const handle = await open(partial, 'wx', PRIVATE_FILE);
  try {
    const result = await writeAll(handle, write);
    await giveName(partial, path);
    return result;
  } finally {
    // Where it stays all the same, the user has a file too many, which is no reason to count the whole one as failed.
    await rm(partial, { force: true }).catch(() => undefined);
  }
}

/** All of it is on disk, and the file closed, when this resolves. */
async function writeAll<T>(handle: FileHandle, write: (handle: FileHandle) => Promise<T>): Promise<T> {
  try {
    const written = await write(handle);
    await handle.sync();
    return written;
  } finally {
    await handle.close();
  }
}

async function refuseExisting(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (found) throw Object.assign(new Error(`EEXIST: ${path}`), { code: 'EEXIST' });
}

/** A link cannot replace anything. */
async function giveName(partial: string, path: string): Promise<void> {
  await link(partial, path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    return takeName(partial, path);
  });
  await syncFolder(dirname(path));
}

/** Where there are no links (exFAT, FAT), an empty file takes the name first, so that only that one can be replaced. */
async function takeName(partial: string, path: string): Promise<void> {
  await (await open(path, 'wx', PRIVATE_FILE)).close();
  await patientlyAsync(() => rename(partial, path)).catch(async (error: unknown) => {
    await rm(path, { force: true });
    throw error;
  });
}

/** As `syncFolder` of the store does, without holding up the thread. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

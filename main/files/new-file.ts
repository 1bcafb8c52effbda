import { randomBytes } from 'node:crypto';
import { type FileHandle, lstat, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { nameOnce, syncFolderOf } from './naming.ts';
import { PRIVATE_FILE } from './private.ts';

/**
 * Writes a new file at a place of the user's. It has its name only when it is whole and on disk; until then it lies beside
 * it under a name that nobody can guess, in a file that was not there before: a link that somebody planted is not followed,
 * and no file of the user's is ever replaced. When it fails, nothing is left behind.
 * @throws EEXIST when something of that name is there, and whatever `write` or the file system throws.
 */
export async function writeNewFile<T>(path: string, write: (handle: FileHandle) => Promise<T>): Promise<T> {
  if (await lstat(path).catch(() => null)) throw taken(path);
  const partial = join(dirname(path), `.firn-${randomBytes(8).toString('hex')}.partial`);
  const handle = await open(partial, 'wx', PRIVATE_FILE);
  try {
    const result = await writeAll(handle, write);
    if (!(await nameOnce(partial, path))) throw taken(path);
    await syncFolderOf(path);
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

function taken(path: string): Error {
  return Object.assign(new Error(`EEXIST: ${path}`), { code: 'EEXIST' });
}

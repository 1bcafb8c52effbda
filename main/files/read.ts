import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { type ByteRange, rangeLength } from '../../shared/part-plan.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { MiB } from '../../shared/units.ts';
import type { TreeHash } from '../../shared/upload.ts';
import type { SourceIdentity } from '../core/ports.ts';
import { identityOf } from '../core/source-identity.ts';
import { TreeHasher } from '../core/tree-hash.ts';
import { sourceFailure } from './source-failure.ts';

/** Without O_NONBLOCK a FIFO that took the file's place would hang the open; without O_NOFOLLOW a link would be followed. */
export const READ_ONLY =
  constants.O_RDONLY | (process.platform === 'win32' ? 0 : constants.O_NONBLOCK | constants.O_NOFOLLOW);

/** See `SourceFiles`. */
export async function identify(path: string): Promise<Result<SourceIdentity>> {
  try {
    const stats = await lstat(path, { bigint: true });
    const what = kindOf(stats);
    if (what !== null) return fail({ kind: 'not-a-file', path, what });
    const handle = await open(path, READ_ONLY);
    await handle.close();
    return ok(identityOf(stats));
  } catch (error) {
    return fail(sourceFailure(error, path));
  }
}

/** See `SourceFiles`. Hashes in the thread that calls it. */
export async function hashRange(path: string, range: ByteRange, signal: AbortSignal): Promise<Result<TreeHash>> {
  try {
    const handle = await open(path, READ_ONLY);
    try {
      return await hashOpen(handle, path, range, signal);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (signal.aborted) throw error;
    return fail(sourceFailure(error, path));
  }
}

async function hashOpen(
  handle: FileHandle,
  path: string,
  range: ByteRange,
  signal: AbortSignal,
): Promise<Result<TreeHash>> {
  const hasher = new TreeHasher();
  const buffer = Buffer.allocUnsafe(Math.min(MiB, rangeLength(range)));
  for (let at = range.first; at <= range.last;) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, range.last + 1 - at), at);
    if (bytesRead === 0) return fail({ kind: 'file-changed', path, what: `it ends at byte ${at}` });
    hasher.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
  return ok(hasher.digest());
}

/** What a path is when it is not a regular file, with its article; null for a regular file. */
function kindOf(stats: BigIntStats): string | null {
  if (stats.isFile()) return null;
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

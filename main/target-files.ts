import { type BigIntStats, constants } from 'node:fs';
import { link, lstat, mkdir, open, rename, rm, stat, statfs, truncate, unlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Failure } from '../shared/failure.ts';
import { type ByteRange, rangeLength } from '../shared/part-plan.ts';
import { type Result, fail, ok } from '../shared/result.ts';
import { MiB } from '../shared/units.ts';
import type { TreeHash } from '../shared/upload.ts';
import type { FileIdentity, OpenTarget, TargetFiles } from './core/retrieval/ports.ts';
import { TreeHasher } from './core/tree-hash.ts';
import { errorCode } from './store/database.ts';
import { targetFailure } from './target-failure.ts';

/** Links are not followed: one could lead out of the folder. Windows has no such flag, and no links that anybody may make. */
const NO_LINK = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW;

/** The files of this computer that retrievals write. */
export const targetFiles: TargetFiles = {
  folder,
  freeBytes,
  makeWay,
  identify,
  exists,
  create,
  resize,
  open: openTarget,
  hashRange,
  place,
  remove,
};

async function folder(path: string): Promise<Result<string>> {
  try {
    const stats = await stat(path, { bigint: true });
    return stats.isDirectory() ? ok(fileIdOf(stats)) : fail({ kind: 'target-missing', folder: path });
  } catch (error) {
    return fail(targetFailure(error, path, path));
  }
}

async function freeBytes(path: string): Promise<number | null> {
  try {
    const { bavail, bsize, blocks } = await statfs(path);
    // Some network folders say that they are of no size at all.
    return blocks === 0 ? null : bavail * bsize;
  } catch {
    return null;
  }
}

async function makeWay(root: string, relativePath: string): Promise<Result<null>> {
  let way = root;
  for (const name of relativePath.split('/').slice(0, -1)) {
    way = join(way, name);
    try {
      await mkdir(way).catch((error: unknown) => {
        if (errorCode(error) !== 'EEXIST') throw error;
      });
      const stats = await lstat(way);
      if (!stats.isDirectory())
        return fail(unusable(way, `${stats.isFile() ? 'a file' : 'a link'} is where a folder should be`));
    } catch (error) {
      return fail(targetFailure(error, way, root));
    }
  }
  return ok(null);
}

async function identify(path: string): Promise<Result<FileIdentity | null>> {
  try {
    const stats = await lstat(path, { bigint: true });
    return stats.isFile() ? ok(identityOf(stats)) : fail(unusable(path, 'it is no ordinary file'));
  } catch (error) {
    if (isAbsent(error)) return ok(null);
    return fail(targetFailure(error, path, dirname(path)));
  }
}

/** What cannot be looked at counts as there. */
async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    return !isAbsent(error);
  }
}

async function create(path: string): Promise<Result<FileIdentity | null>> {
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

async function resize(path: string, size: number): Promise<Result<null>> {
  try {
    await truncate(path, size);
    return ok(null);
  } catch (error) {
    return fail(targetFailure(error, path, dirname(path)));
  }
}

async function openTarget(path: string, fileId: string): Promise<Result<OpenTarget>> {
  const failed = (error: unknown): Failure => targetFailure(error, path, dirname(path));
  try {
    const handle = await open(path, constants.O_RDWR | NO_LINK);
    if (fileIdOf(await handle.stat({ bigint: true })) !== fileId) {
      await handle.close();
      return fail(unusable(path, 'another file took the place of the temporary file'));
    }
    return ok({
      async write(bytes, at) {
        try {
          for (let done = 0; done < bytes.length;) {
            done += (await handle.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
          }
          return null;
        } catch (error) {
          return failed(error);
        }
      },
      async sync() {
        try {
          await handle.datasync();
          return ok(identityOf(await handle.stat({ bigint: true })));
        } catch (error) {
          return fail(failed(error));
        }
      },
      close: () => handle.close(),
    });
  } catch (error) {
    return fail(failed(error));
  }
}

async function hashRange(path: string, range: ByteRange, signal: AbortSignal): Promise<Result<TreeHash>> {
  try {
    const handle = await open(path, constants.O_RDONLY | NO_LINK);
    try {
      const hasher = new TreeHasher();
      const buffer = Buffer.allocUnsafe(Math.min(MiB, rangeLength(range)));
      for (let at = range.first; at <= range.last;) {
        signal.throwIfAborted();
        const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, range.last + 1 - at), at);
        if (bytesRead === 0) return fail(unusable(path, `it ends at byte ${at}`));
        hasher.update(buffer.subarray(0, bytesRead));
        at += bytesRead;
      }
      return ok(hasher.digest());
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (signal.aborted) throw error;
    return fail(targetFailure(error, path, dirname(path)));
  }
}

async function place(
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

async function remove(path: string): Promise<boolean> {
  try {
    await rm(path, { force: true });
    return true;
  } catch {
    return false;
  }
}

function identityOf(stats: BigIntStats): FileIdentity {
  return { fileId: fileIdOf(stats), size: Number(stats.size), modifiedNs: stats.mtimeNs.toString() };
}

function fileIdOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

function isAbsent(error: unknown): boolean {
  return errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR';
}

function unusable(path: string, detail: string): Failure {
  return { kind: 'target-unusable', path, detail };
}

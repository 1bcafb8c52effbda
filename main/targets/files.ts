import { lstat, mkdir, rm, stat, statfs, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { FileIdentity, TargetFiles } from '../core/retrieval/ports.ts';
import { errorCode } from '../store/database.ts';
import { hashRange, openTarget } from './bytes.ts';
import { targetFailure, unusable } from './failure.ts';
import { fileIdOf, identityOf } from './identity.ts';
import { create, place } from './naming.ts';

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

async function resize(path: string, size: number): Promise<Result<null>> {
  try {
    await truncate(path, size);
    return ok(null);
  } catch (error) {
    return fail(targetFailure(error, path, dirname(path)));
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

function isAbsent(error: unknown): boolean {
  return errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR';
}

import { lstat, mkdir, rm, stat, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { FileIdentity, TargetFiles } from '../retrievals/ports.ts';
import { errorCode } from '../store/database.ts';
import { hashRange, openTarget } from './bytes.ts';
import { freeBytes, hasMark, isSparse, longestName, mark, takesSize, unmark } from './drive.ts';
import { targetFailure, unusable } from './failure.ts';
import { fileIdOf, identityOf } from './identity.ts';
import { create, place } from './naming.ts';
import { patientlyAsync } from '../files/patiently.ts';

/** The files of this computer that retrievals write. */
export const targetFiles: TargetFiles = {
  folder,
  mark,
  hasMark,
  unmark,
  takesSize,
  longestName,
  freeBytes,
  makeWay,
  identify,
  exists,
  create,
  isSparse,
  shorten,
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

async function shorten(path: string, size: number): Promise<Result<null>> {
  try {
    await truncate(path, size);
    return ok(null);
  } catch (error) {
    return fail(targetFailure(error, path, dirname(path)));
  }
}

async function remove(path: string): Promise<boolean> {
  try {
    await patientlyAsync(() => rm(path, { force: true }));
    return true;
  } catch {
    return false;
  }
}

function isAbsent(error: unknown): boolean {
  return errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR';
}

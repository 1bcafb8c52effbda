import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Failure } from '../../shared/failure.ts';
import { type ByteRange, rangeLength } from '../../shared/part-plan.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { MiB } from '../../shared/units.ts';
import type { TreeHash } from '../../shared/upload.ts';
import type { OpenTarget } from '../retrievals/ports.ts';
import { TreeHasher } from '../core/tree-hash.ts';
import { targetFailure, unusable } from './failure.ts';
import { NO_LINK } from '../files/no-link.ts';
import { fileIdOf, identityOf } from './identity.ts';

export async function openTarget(path: string, fileId: string): Promise<Result<OpenTarget>> {
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

export async function hashRange(path: string, range: ByteRange, signal: AbortSignal): Promise<Result<TreeHash>> {
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

import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Failure } from '../shared/failure.ts';
import { type ByteRange, rangeLength } from '../shared/part-plan.ts';
import { type Result, fail, ok } from '../shared/result.ts';
import { MiB } from '../shared/units.ts';
import type { TreeHash } from '../shared/upload.ts';
import type { SourceFile, SourceFiles, SourceIdentity } from './core/ports.ts';
import { identityOf } from './core/source-identity.ts';
import { TreeHasher } from './core/tree-hash.ts';
import { sourceFailure } from './transfer/source-failure.ts';

type LeftOut = { path: string; failure: Failure };

/** The real files of this computer. */
export const localFiles: SourceFiles = { identify, walk, hashRange };

async function identify(path: string): Promise<Result<SourceIdentity>> {
  try {
    const stats = await lstat(path, { bigint: true });
    const what = kindOf(stats);
    if (what !== null) return fail({ kind: 'not-a-file', path, what });
    const handle = await openForReading(path);
    await handle.close();
    return ok(identityOf(stats));
  } catch (error) {
    return fail(sourceFailure(error, path));
  }
}

/** Also of a file that cannot be opened just now: it waits in the queue as those do that are there already. */
async function identifyToAdd(path: string, stats: BigIntStats): Promise<Result<SourceIdentity>> {
  const identity = await identify(path);
  const isWaiting = !identity.ok && identity.failure.kind === 'file-unavailable' && stats.isFile();
  return isWaiting ? ok(identityOf(stats)) : identity;
}

async function* walk(paths: readonly string[], signal: AbortSignal): AsyncGenerator<Result<SourceFile, LeftOut>> {
  for (const path of paths) yield* walkOne(resolve(path), signal);
}

async function* walkOne(path: string, signal: AbortSignal): AsyncGenerator<Result<SourceFile, LeftOut>> {
  signal.throwIfAborted();
  const stats = await lstat(path, { bigint: true }).catch((error: unknown) => sourceFailure(error, path));
  if ('kind' in stats) yield leaveOut(path, stats);
  else if (stats.isDirectory()) yield* walkFolder(path, signal);
  else {
    const identity = await identifyToAdd(path, stats);
    yield identity.ok ? ok({ path, identity: identity.value }) : leaveOut(path, identity.failure);
  }
}

async function* walkFolder(folder: string, signal: AbortSignal): AsyncGenerator<Result<SourceFile, LeftOut>> {
  // Names as bytes: what is not valid Unicode could be listed, but never opened again.
  const names = await readdir(folder, { encoding: 'buffer' }).catch((error: unknown) => sourceFailure(error, folder));
  if ('kind' in names) {
    yield leaveOut(folder, names);
    return;
  }
  for (const name of names.sort((a, b) => a.compare(b))) {
    const text = decodeName(name);
    if (text !== null) yield* walkOne(join(folder, text), signal);
    else yield leaveOut(join(folder, name.toString('latin1')), nameless(join(folder, name.toString('latin1'))));
  }
}

async function hashRange(path: string, range: ByteRange, signal: AbortSignal): Promise<Result<TreeHash>> {
  try {
    const handle = await openForReading(path);
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

/** Without O_NONBLOCK a FIFO that took the file's place would hang the open; without O_NOFOLLOW a link would be followed. */
function openForReading(path: string): Promise<FileHandle> {
  return open(
    path,
    constants.O_RDONLY | (process.platform === 'win32' ? 0 : constants.O_NONBLOCK | constants.O_NOFOLLOW),
  );
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

function leaveOut(path: string, failure: Failure): { ok: false; failure: LeftOut } {
  return fail({ path, failure });
}

function nameless(path: string): Failure {
  return { kind: 'file-unreadable', path, cause: 'name-not-unicode', detail: '' };
}

function decodeName(name: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(name);
  } catch {
    return null;
  }
}

import type { BigIntStats } from 'node:fs';
import { lstat, readdir, realpath } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import type { Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { FoundFile, PathFilter, SourceIdentity } from '../core/ports.ts';
import { identityOf } from '../core/source-identity.ts';
import { identify } from './read.ts';
import { sourceFailure } from './source-failure.ts';

type LeftOut = { path: string; failure: Failure };
type Found = Result<FoundFile, LeftOut>;
/** What somebody named, and what is wanted of it. */
type Root = { path: string; filter: PathFilter | undefined; signal: AbortSignal };

/** Some file systems keep the bytes of small files beside their names, where they count as no block. */
const MOST_BYTES_WITHOUT_BLOCKS = 4096n;

/** See `SourceFiles`. */
export async function* walk(paths: readonly string[], signal: AbortSignal, filter?: PathFilter): AsyncGenerator<Found> {
  for (const path of paths) {
    const root = await spelledBySystem(path);
    if (root.ok) yield* walkOne(root.value, { path: root.value, filter, signal });
    else yield leaveOut(resolve(path), root.failure);
  }
}

/**
 * The path as the system spells it, so that one file has one path however it was named: links are followed, capitals are
 * those on the disk, and substituted drives are what they stand for.
 */
export async function spelledBySystem(path: string): Promise<Result<string>> {
  try {
    return ok(await realpath(resolve(path)));
  } catch (error) {
    return fail(sourceFailure(error, resolve(path)));
  }
}

async function* walkOne(path: string, root: Root): AsyncGenerator<Found> {
  root.signal.throwIfAborted();
  const stats = await lstat(path, { bigint: true }).catch((error: unknown) => sourceFailure(error, path));
  if ('kind' in stats) yield leaveOut(path, stats);
  else if (!isTaken(path, stats, root)) return;
  else if (stats.isDirectory()) yield* walkFolder(path, root);
  else {
    const identity = await identifyToAdd(path, stats);
    if (identity.ok) yield ok({ path, identity: identity.value, isPlaceholder: isPlaceholder(stats) });
    else yield leaveOut(path, identity.failure);
  }
}

/** A folder that was named by hand is never filtered itself. */
function isTaken(path: string, stats: BigIntStats, { path: root, filter }: Root): boolean {
  const isFolder = stats.isDirectory();
  if (!filter || (isFolder && path === root)) return true;
  const below = path === root ? basename(path) : relative(root, path).split(sep).join('/');
  return filter.takes(below, isFolder ? 'folder' : 'file');
}

async function* walkFolder(folder: string, root: Root): AsyncGenerator<Found> {
  // Names as bytes: what is not valid Unicode could be listed, but never opened again.
  const names = await readdir(folder, { encoding: 'buffer' }).catch((error: unknown) => sourceFailure(error, folder));
  if ('kind' in names) {
    yield leaveOut(folder, names);
    return;
  }
  for (const name of names.sort((a, b) => a.compare(b))) {
    const text = decodeName(name);
    if (text !== null) yield* walkOne(join(folder, text), root);
    else yield leaveOut(join(folder, name.toString('latin1')), nameless(join(folder, name.toString('latin1'))));
  }
}

/** Also of a file that cannot be opened just now: it waits in the queue as those do that are there already. */
async function identifyToAdd(path: string, stats: BigIntStats): Promise<Result<SourceIdentity>> {
  const identity = await identify(path);
  const isWaiting = !identity.ok && identity.failure.kind === 'file-unavailable' && stats.isFile();
  return isWaiting ? ok(identityOf(stats)) : identity;
}

function isPlaceholder({ size, blocks }: BigIntStats): boolean {
  return size > MOST_BYTES_WITHOUT_BLOCKS && blocks === 0n;
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

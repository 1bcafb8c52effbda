import { basename, dirname, join } from 'node:path';
import type { Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { RetrievalContext } from './steps/context.ts';
import type { FileIdentity, Partial, Retrieval } from './ports.ts';
import { chosenFolder } from './target.ts';

/**
 * The temporary file beside the target, made when there is none; it grows with what arrives. Every recorded range of it holds
 * what was written: where that is in doubt, it is read and hashed here, and only what is not right is fetched again.
 */
export async function readyPartial(retrieval: Retrieval, context: RetrievalContext): Promise<Result<Partial>> {
  const { files } = context;
  const there = await chosenFolder(retrieval, context);
  if (!there.ok) return there;
  const known = retrieval.partial && (await checkKnown(retrieval, retrieval.partial, context));
  if (known && !known.ok) return known;
  if (known?.value) return ok(known.value);
  const way = await files.makeWay(retrieval.folder, retrieval.relativePath);
  return way.ok ? makePartial(retrieval, context) : way;
}

/** Null when there is nothing left to go on with, which is written down then. */
async function checkKnown(
  retrieval: Retrieval,
  known: Partial,
  context: RetrievalContext,
): Promise<Result<Partial | null>> {
  const { files } = context;
  const found = await files.identify(known.path);
  if (!found.ok) return found;
  const identity = found.value;
  if (identity === null) return giveUp(retrieval, 'the temporary file is gone', context);
  const isSame = identity.fileId === known.fileId;
  if (!isSame && retrieval.receivedBytes === 0) return giveUp(retrieval, 'another file took its place', context);
  const length = await rightLength(retrieval, known, { identity, isSame }, context);
  if (!length.ok) return length;
  if (isSame && !length.value && isAsWritten(retrieval, known, identity, context)) return ok(known);
  return checkRanges(retrieval, { ...known, fileId: identity.fileId }, isSame, context);
}

function isAsWritten(
  { id }: Retrieval,
  { modifiedNs }: Partial,
  identity: FileIdentity,
  { written }: RetrievalContext,
): boolean {
  return identity.modifiedNs === modifiedNs || identity.modifiedNs === written.get(id);
}

/** Whether something had to be cut off: only of the file that is known to be Firn's. */
async function rightLength(
  { size }: Retrieval,
  { path }: Partial,
  { identity, isSame }: { identity: FileIdentity; isSame: boolean },
  { files }: RetrievalContext,
): Promise<Result<boolean>> {
  if (identity.size <= size || !isSame) return ok(false);
  const shortened = await files.shorten(path, size);
  return shortened.ok ? ok(true) : shortened;
}

/** Reads what is recorded. A file of another number whose bytes are right is the same one on a drive that counts anew. */
async function checkRanges(
  retrieval: Retrieval,
  partial: Partial,
  isSame: boolean,
  context: RetrievalContext,
): Promise<Result<Partial | null>> {
  const { retrievals, files, clock, softSignal } = context;
  const ranges = retrievals.ranges(retrieval.id);
  const wrong: number[] = [];
  for (const { first, last, treeHash } of ranges) {
    const hash = await files.hashRange(partial.path, { first, last }, softSignal);
    if (!hash.ok && hash.failure.kind !== 'target-unusable') return hash;
    if (!hash.ok || hash.value !== treeHash) wrong.push(first);
  }
  if (!isSame && wrong.length > 0) return giveUp(retrieval, 'another file took its place', context);
  const after = await files.identify(partial.path);
  if (!after.ok) return after;
  if (after.value?.fileId !== partial.fileId) return giveUp(retrieval, 'the temporary file is gone', context);
  const what = 'bytes on the disk are not those that were written';
  if (wrong.length > 0) retrievals.apply(retrieval.id, { kind: 'damaged', ranges: wrong, what, at: clock.now() });
  const checked = { ...partial, modifiedNs: after.value.modifiedNs };
  retrievals.setPartial(retrieval.id, checked);
  return ok(checked);
}

function giveUp({ id, receivedBytes }: Retrieval, what: string, { retrievals, clock }: RetrievalContext): Result<null> {
  if (receivedBytes > 0) retrievals.apply(id, { kind: 'damaged', ranges: 'all', what, at: clock.now() });
  retrievals.setPartial(id, null);
  return ok(null);
}

/** More names than this are taken only if somebody plays tricks. */
const MAX_NAMES = 20;

/** Written down while it is still empty, so that an empty file of that name may be taken for one of a life cut short. */
async function makePartial(retrieval: Retrieval, context: RetrievalContext): Promise<Result<Partial>> {
  const { retrievals, files } = context;
  for (let number = 1; number <= MAX_NAMES; number += 1) {
    const path = partialPath(retrieval, number);
    const made = await files.create(path);
    if (!made.ok) return made;
    const identity = made.value ?? (await emptyFile(path, context));
    if (identity === null) continue;
    const partial = { path, fileId: identity.fileId, modifiedNs: null, isSparse: await files.isSparse(path) };
    retrievals.setPartial(retrieval.id, partial);
    return ok(partial);
  }
  return fail(blocked(partialPath(retrieval, 1)));
}

async function emptyFile(path: string, { files }: RetrievalContext): Promise<FileIdentity | null> {
  const found = await files.identify(path);
  return found.ok && found.value?.size === 0 ? found.value : null;
}

/** Beside the target, so that giving it its name moves no byte. */
function partialPath({ folder, relativePath, id }: Retrieval, number: number): string {
  const target = join(folder, relativePath);
  const mark = number === 1 ? id.slice(0, 8) : `${id.slice(0, 8)}-${number}`;
  return join(dirname(target), `${basename(target)}.${mark}.firn`);
}

function blocked(path: string): Failure {
  return { kind: 'target-unusable', path, detail: 'other files have the names of the temporary file' };
}

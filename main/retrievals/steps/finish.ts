import { join } from 'node:path';
import { type Result, fail, ok } from '../../../shared/result.ts';
import type { RetrievalPhase, Undone } from '../../../shared/retrieval.ts';
import { numbered } from '../../../shared/target-path.ts';
import type { Outcome, RetrievalContext } from './context.ts';
import { readyPartial } from '../partial.ts';
import type { Partial, Retrieval } from '../ports.ts';
import { chosenFolder } from '../target.ts';

type Finishing = Extract<RetrievalPhase, { kind: 'finishing' }>;

/** finishing → retrieved: chooses the name, writes it down, and gives it to the file. */
export async function finish(retrieval: Retrieval, { path }: Finishing, context: RetrievalContext): Outcome {
  const { retrievals, clock } = context;
  const there = await chosenFolder(retrieval, context);
  if (!there.ok) return there.failure;
  if (path === null) {
    const chosen = await choosePath(retrieval, context);
    if (!chosen.ok) return chosen.failure;
    retrievals.apply(retrieval.id, { kind: 'path-chosen', path: chosen.value, at: clock.now() });
    return null;
  }
  if (await isInPlace(retrieval, path, context)) return inPlace(retrieval, [], context);
  const partial = await wholePartial(retrieval, context);
  if (!partial.ok) return partial.failure;
  return partial.value === null ? null : place(retrieval, partial.value, path, context);
}

/** The file's own name, or with a number; `target-exists` when the user is to be asked. */
async function choosePath(
  { folder, relativePath, onExisting }: Retrieval,
  { files }: RetrievalContext,
): Promise<Result<string>> {
  const own = join(folder, relativePath);
  if (!(await files.exists(own))) return ok(own);
  if (onExisting === 'ask') return fail({ kind: 'target-exists', path: own });
  if (onExisting === 'replace') {
    const found = await files.identify(own);
    return found.ok ? ok(own) : found;
  }
  for (let number = 2; ; number += 1) {
    const path = join(folder, numbered(relativePath, number));
    if (!(await files.exists(path))) return ok(path);
  }
}

/** After a crash the file may have its name already: it is the very file, or its bytes are the archive's. */
async function isInPlace(retrieval: Retrieval, path: string, context: RetrievalContext): Promise<boolean> {
  const { files, softSignal } = context;
  const { partial, size, treeHash, archiveSize } = retrieval;
  const found = await files.identify(path);
  if (!found.ok || found.value?.size !== size) return false;
  const left = partial && (await files.identify(partial.path));
  if (left?.ok && left.value !== null) return false;
  if (found.value.fileId === partial?.fileId) return true;
  if (size !== archiveSize) return false;
  const hash = await files.hashRange(path, { first: 0, last: size - 1 }, softSignal);
  return hash.ok && hash.value === treeHash;
}

/** The temporary file, still whole; null when it is not: then it is written down that more must be fetched. */
async function wholePartial(retrieval: Retrieval, context: RetrievalContext): Promise<Result<Partial | null>> {
  const partial = await readyPartial(retrieval, context);
  if (!partial.ok) return partial;
  return ok(context.retrievals.get(retrieval.id)?.phase.kind === 'finishing' ? partial.value : null);
}

async function place(retrieval: Retrieval, partial: Partial, path: string, context: RetrievalContext): Outcome {
  const { retrievals, files, clock } = context;
  const { id, modifiedNs, onExisting } = retrieval;
  const placed = await files.place(partial.path, path, { replace: onExisting === 'replace', modifiedNs });
  if (!placed.ok) return placed.failure;
  if (placed.value !== 'taken') return inPlace(retrieval, placed.value.undone, context);
  retrievals.apply(id, { kind: 'path-taken', at: clock.now() });
  // Else the same name would be chosen again at once, and for ever.
  return (await files.exists(path)) ? null : { kind: 'file-unavailable', path, cause: 'unknown' };
}

/** The last one into a folder takes the folder's mark away. */
async function inPlace({ id, folder, folderMark }: Retrieval, undone: Undone[], context: RetrievalContext): Outcome {
  const { retrievals, files, clock } = context;
  if (!retrievals.isMarkNeeded(folderMark, id) && (await files.unmark(folder, folderMark)))
    retrievals.forgetMark(folderMark);
  retrievals.apply(id, { kind: 'in-place', ...(undone.length > 0 && { undone }), at: clock.now() });
  return null;
}

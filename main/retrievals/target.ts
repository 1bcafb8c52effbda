import { join } from 'node:path';
import type { Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { Outcome, RetrievalContext } from './steps/context.ts';
import type { Retrieval, TargetFiles } from './ports.ts';

/** Whether there is anywhere to put the file: outputs do not wait for drives, and are paid for. */
export async function targetProblem(retrieval: Retrieval, context: RetrievalContext): Outcome {
  const { folder, relativePath, onExisting, size } = retrieval;
  const { files } = context;
  const there = await chosenFolder(retrieval, context);
  if (!there.ok) return there.failure;
  const path = join(folder, relativePath);
  if (onExisting === 'ask' && (await files.exists(path))) return { kind: 'target-exists', path };
  const taken = await files.takesSize(folder, size);
  return taken.ok ? roomProblem(retrieval, context) : taken.failure;
}

type Target = Pick<Retrieval, 'folder' | 'folderId' | 'folderMark'>;

/** The folder must be the one that was chosen: where a drive is missing, its mount point may be a folder of another drive. */
export async function chosenFolder(
  { folder, folderId, folderMark }: Target,
  { files }: Pick<RetrievalContext, 'files'>,
): Promise<Result<null>> {
  const there = await files.folder(folder);
  if (!there.ok) return there;
  if (there.value === folderId) {
    await files.mark(folder, folderMark);
    return ok(null);
  }
  // Some drives get other numbers each time they are connected; the mark goes with them.
  if (await files.hasMark(folder, folderMark)) return ok(null);
  return fail({ kind: 'target-missing', folder, isAnother: true });
}

/** The same, without leaving a mark. */
export async function isChosenFolder({ folder, folderId, folderMark }: Target, files: TargetFiles): Promise<boolean> {
  const there = await files.folder(folder);
  return there.ok && (there.value === folderId || files.hasMark(folder, folderMark));
}

/** Better to wait than to fill the disk to its last byte. What others are about to bring needs its room, too. */
export async function roomProblem(retrieval: Retrieval, context: RetrievalContext): Promise<Failure | null> {
  const { files, retrievals } = context;
  const { folder, size, partial } = retrieval;
  const free = await files.freeBytes(folder);
  if (free === null) return null;
  const found = partial && (await files.identify(partial.path));
  const allocated = found?.ok && found.value?.fileId === partial?.fileId ? (found.value?.allocated ?? 0) : 0;
  const received = retrievals.get(retrieval.id)?.receivedBytes ?? 0;
  const own = size - Math.min(size, Math.max(received, allocated));
  // Most drives have room for all that is on the list, and then nobody need add up what of it is on its way to this one.
  if (own + retrievals.openBytes() <= free) return null;
  const needed = own + retrievals.expectedInto(retrieval);
  return needed > free ? { kind: 'target-full', folder, missingBytes: needed - free } : null;
}

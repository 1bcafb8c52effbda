import type { ByteRange } from './part-plan.ts';
import { isTooLong, safeRelativePath } from './safe-path.ts';

/** `a/b.raw` → `a/b (2).raw`. */
export function numbered(relativePath: string, number: number): string {
  return beforeEnding(relativePath, ` (${number})`);
}

/** What names the file of an archive: its path, or its ID when nobody can read the description; a range says which bytes. */
export type TargetName = { path: string | null; archiveId: string; range: ByteRange | null };

/** Bytes that a temporary file's mark and a number add to a name, and those of a range. */
const MARKS_BYTES = 24;
const RANGE_BYTES = 40;

/**
 * Where in a folder an archive goes. `longestName`: bytes of a name that the drive takes; `isTaken` tells of names that
 * other archives of the same folder get.
 */
export function targetPath(
  { path, archiveId, range }: TargetName,
  longestName: number,
  isTaken: (relativePath: string) => boolean,
): string {
  const safe = safeRelativePath(path ?? `archive ${archiveId.slice(0, 16)}`, longestOf(range, longestName));
  const own = range ? beforeEnding(safe, ` (bytes ${range.first}-${range.last})`) : safe;
  if (!isTaken(own)) return own;
  for (let number = 2; ; number += 1) {
    const other = numbered(own, number);
    if (!isTaken(other)) return other;
  }
}

/** Whether the drive does not take the name as it is, so that it is shortened and marked. */
export function isShortened({ path, range }: TargetName, longestName: number): boolean {
  return path !== null && isTooLong(path, longestOf(range, longestName));
}

function longestOf(range: ByteRange | null, longestName: number): number {
  return Math.max(1, longestName - MARKS_BYTES - (range === null ? 0 : RANGE_BYTES));
}

/** The same for names that some file system takes for the same: those of macOS and Windows ignore case, and accents' form. */
export function targetKey(folder: string, relativePath: string): string {
  return `${folder}\n${relativePath.normalize('NFC').toLowerCase()}`;
}

function beforeEnding(relativePath: string, mark: string): string {
  const [, rest = relativePath, ending = ''] = /^(.*[^/])(\.[^./]{1,16})$/su.exec(relativePath) ?? [];
  return `${rest}${mark}${ending}`;
}

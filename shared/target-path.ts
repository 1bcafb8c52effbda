import type { ByteRange } from './part-plan.ts';
import { safeRelativePath } from './safe-path.ts';

/** `a/b.raw` → `a/b (2).raw`. */
export function numbered(relativePath: string, number: number): string {
  return beforeEnding(relativePath, ` (${number})`);
}

/**
 * Where in a folder an archive goes: by its path, or by its ID when nobody can read the description; a range says which.
 * `isTaken` tells of names that other archives of the same folder get.
 */
export function targetPath(
  { path, archiveId, range }: { path: string | null; archiveId: string; range: ByteRange | null },
  isTaken: (relativePath: string) => boolean,
): string {
  const safe = safeRelativePath(path ?? `archive ${archiveId.slice(0, 16)}`);
  const own = range ? beforeEnding(safe, ` (bytes ${range.first}-${range.last})`) : safe;
  if (!isTaken(own)) return own;
  for (let number = 2; ; number += 1) {
    const other = numbered(own, number);
    if (!isTaken(other)) return other;
  }
}

/** The same for names that some file system takes for the same: those of macOS and Windows ignore case, and accents' form. */
export function targetKey(folder: string, relativePath: string): string {
  return `${folder}\n${relativePath.normalize('NFC').toLowerCase()}`;
}

function beforeEnding(relativePath: string, mark: string): string {
  const [, rest = relativePath, ending = ''] = /^(.*[^/])(\.[^./]{1,16})$/su.exec(relativePath) ?? [];
  return `${rest}${mark}${ending}`;
}

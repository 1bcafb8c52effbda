import { type Described, described } from './described.ts';

/** The path and the user's text may hold the separator themselves; size and time in seconds stand between them. */
const pattern = /^grsync\|(.+)\|(\d{1,15})\|(-?\d{1,12}(?:\.\d{1,20})?)\|[^]*$/s;

/** glacier-rsync's descriptions: `grsync|path|size|mtime|text of the user`. */
export function readGrsync(text: string): Described | null {
  const [, path, size, seconds] = pattern.exec(text) ?? [];
  if (path === undefined || size === undefined || seconds === undefined) return null;
  return described({
    path,
    by: 'grsync',
    originalSize: Number(size),
    modifiedAt: Math.round(Number(seconds) * 1000),
    isFolder: false,
  });
}

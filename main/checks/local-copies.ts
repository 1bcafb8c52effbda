import type { LocalCopies } from '../../shared/deletion-preview.ts';
import type { SourceFiles } from '../core/ports.ts';
import type { ArchiveRow } from '../store/archive-row.ts';

/** Looking at more files would keep people waiting. */
const MOST_LOOKED_AT = 1000;
const SHOWN = 100;

/** Whether the files that the archives were made of are still there, by size and date. */
export async function lookForCopies(
  archives: AsyncIterable<ArchiveRow>,
  files: Pick<SourceFiles, 'identify'>,
): Promise<LocalCopies> {
  const copies: LocalCopies = { looked: 0, there: 0, missing: 0, changed: 0, unknown: 0, without: [] };
  for await (const archive of archives) {
    if (copies.looked === MOST_LOOKED_AT) break;
    const found = await lookForCopy(archive, files);
    copies.looked += 1;
    copies[found] += 1;
    if (found !== 'there' && copies.without.length < SHOWN) copies.without.push(archive.path ?? archive.archive_id);
  }
  return copies;
}

async function lookForCopy(
  { path, size, original_size, modified_ns }: ArchiveRow,
  files: Pick<SourceFiles, 'identify'>,
): Promise<'there' | 'missing' | 'changed' | 'unknown'> {
  if (path === null || modified_ns === null || !isAbsolute(path)) return 'unknown';
  const found = await files.identify(path);
  if (!found.ok) return 'missing';
  // Descriptions tell whole seconds, and some file systems keep two of them.
  const isSameTime = Math.abs(Number((BigInt(found.value.modifiedNs) - BigInt(modified_ns)) / 1_000_000n)) < 2000;
  return found.value.size === (original_size ?? size) && isSameTime ? 'there' : 'changed';
}

/** A name that some tool wrote down is no path: it could lead to a file that has nothing to do with it. */
function isAbsolute(path: string): boolean {
  return /^(\/|\\\\|[A-Za-z]:[\\/])/.test(path);
}

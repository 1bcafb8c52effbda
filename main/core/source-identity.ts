import { formatBytes } from '../../shared/units.ts';
import type { SourceIdentity } from './ports.ts';

/** What `stat` with `bigint` says of a file, as far as it matters here. */
type FileStats = { size: bigint; mtimeNs: bigint; dev: bigint; ino: bigint };

export function identityOf(stats: FileStats): SourceIdentity {
  return { size: Number(stats.size), modifiedNs: stats.mtimeNs.toString(), fileId: `${stats.dev}:${stats.ino}` };
}

/** What tells the file from what it was, in words; null when nothing does. */
export function identityChange(was: SourceIdentity, is: SourceIdentity): string | null {
  if (was.fileId !== is.fileId) return 'another file took its place';
  if (was.size < is.size) return `it grew by ${formatBytes(is.size - was.size)}`;
  if (was.size > is.size) return `it became ${formatBytes(was.size - is.size)} shorter`;
  if (was.modifiedNs !== is.modifiedNs) return 'it was written to';
  return null;
}

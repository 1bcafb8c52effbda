import { readDescription } from '../../shared/description.ts';
import type { ArchiveRow } from './archive-row.ts';

/** What a description says of its file, as the catalogue keeps it; untrusted. */
export function describedFile(description: string): { path: string | null; modified_ns: string | null } {
  const described = readDescription(description);
  const modifiedAt = described?.modifiedAt ?? null;
  return {
    path: described?.path ?? null,
    modified_ns: modifiedAt === null ? null : (BigInt(Math.round(modifiedAt)) * 1_000_000n).toString(),
  };
}

export type Packing = Pick<ArchiveRow, 'is_folder' | 'compressed' | 'encrypted' | 'original_size'>;

/**
 * What kind of archive the description tells of: FastGlacier and others keep folders as archives of one byte whose path ends
 * in a slash, and compress or encrypt what they upload.
 */
export function packingOf({ description, path, size }: Pick<ArchiveRow, 'description' | 'path' | 'size'>): Packing {
  const described = description === '' ? null : readDescription(description);
  const isFolder = described?.isFolder === true || /[\\/]$/.test(path ?? described?.path ?? '');
  return {
    is_folder: Number(isFolder && size <= 1),
    compressed: Number(described?.compressed ?? false),
    encrypted: Number(described?.encrypted ?? false),
    original_size: described?.originalSize ?? null,
  };
}

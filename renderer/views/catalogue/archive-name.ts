import type { Archive } from '../../../shared/archive.ts';
import { printable } from '../../../shared/failure.ts';
import { fileName } from '../../parts/path.ts';

/** What people call an archive: its file, else its description as it is. */
export function archiveName({ path, description }: Archive): string {
  if (path !== null) return fileName(path);
  return description === '' ? 'An archive without description' : printable(description);
}

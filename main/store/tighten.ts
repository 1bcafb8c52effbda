import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PRIVATE_FILE, PRIVATE_FOLDER } from '../files/private.ts';
import { BACKUP_FOLDER } from './backup-files.ts';

/** What Firn keeps in its data folder, by the beginning of the name: a folder that the user chose may hold other things, too. */
const ours =
  /^(?:firn\.|archives\.jsonl|lock|unclean|room|(?:backups|practice|inventories|catalogue-copies|returning-copies)$)/;

/** Takes away what earlier builds, or a copying, let others do with the data folder. Never throws. */
export function tightenDataFolder(folder: string): void {
  tighten(folder);
  const backups = join(folder, BACKUP_FOLDER);
  for (const path of [...entries(folder, ours), ...entries(backups, /^firn-/)]) tighten(path);
}

function entries(folder: string, wanted: RegExp): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => wanted.test(name))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** A link is left alone: what it leads to need not be ours. */
function tighten(path: string): void {
  try {
    const found = lstatSync(path);
    const mode = found.isDirectory() ? PRIVATE_FOLDER : PRIVATE_FILE;
    if ((found.isDirectory() || found.isFile()) && (found.mode & 0o777) !== mode) chmodSync(path, mode);
  } catch {
    // Another user's file, or a file system without modes.
  }
}

import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes the content of a file durable. Never for a database that this process has open: closing another descriptor of
 * the file drops SQLite's locks on it.
 */
function syncFile(path: string): void {
  sync(path, 'r+');
}

/** Makes the names in a folder durable. Windows does that by itself and lets nobody open a folder. */
export function syncFolder(path: string): void {
  if (process.platform !== 'win32') sync(path, 'r');
}

/** Gives a whole file its name, and replaces what had that name. A crash leaves the old file or the new one. */
export function renameDurably(from: string, to: string): void {
  syncFile(from);
  renameSync(from, to);
  syncFolder(dirname(to));
}

/** SQLite's companions of a database file; without it they mean nothing, and beside another one they would corrupt it. */
export const COMPANIONS = ['-wal', '-shm', '-journal'] as const;

/** Deletes a database that nobody needs, and its companions. */
export function removeDatabase(path: string): void {
  for (const suffix of ['', ...COMPANIONS]) rmSync(path + suffix, { force: true });
}

function sync(path: string, flags: string): void {
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

import { closeSync, fsyncSync, openSync, rmSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { patiently } from '../files/patiently.ts';

/**
 * Makes the content of a file durable. Never for a database that this process has open: closing another descriptor of
 * the file drops SQLite's locks on it.
 */
export function syncFile(path: string): void {
  sync(path, 'r+');
}

/**
 * Makes the names in a folder durable, where its file system can do that. Windows lets nobody open a folder, and network
 * drives refuse (EINVAL, ENOTSUP, EIO): there, what has its name has it, and it would be wrong to count that as a failure.
 */
export function syncFolder(path: string): void {
  try {
    sync(path, 'r');
  } catch {
    // SQLite does not mind either.
  }
}

/** Gives a whole file its name, and replaces what had that name. A crash leaves the old file or the new one. */
export function renameDurably(from: string, to: string): void {
  syncFile(from);
  renamePatiently(from, to);
  syncFolder(dirname(to));
}

/** Renames, also when a virus scanner or an indexer holds the file for a moment. */
export function renamePatiently(from: string, to: string): void {
  patiently(() => {
    renameSync(from, to);
  });
}

/** SQLite's companions of a database file; without it they mean nothing, and beside another one they would corrupt it. */
export const COMPANIONS = ['-wal', '-shm', '-journal'] as const;

/** Deletes a database that nobody needs, and its companions. */
export function removeDatabase(path: string): void {
  for (const suffix of ['', ...COMPANIONS]) {
    patiently(() => {
      rmSync(path + suffix, { force: true });
    });
  }
}

function sync(path: string, flags: string): void {
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

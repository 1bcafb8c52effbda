import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';

/** The names of a person's files, accounts and vaults are nobody else's business. Windows has rights of its own, and no modes. */
export const PRIVATE_FILE = 0o600;
export const PRIVATE_FOLDER = 0o700;

/** Makes the folder, and those above it that are missing. */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: PRIVATE_FOLDER });
}

/** Makes an empty file where there is none, for SQLite, which would make one that everybody can read. */
export function makePrivateFile(path: string): void {
  // One that is there is not opened: SQLite's locks on a file end when this process closes another descriptor of it.
  if (!existsSync(path)) closeSync(openSync(path, 'a', PRIVATE_FILE));
}

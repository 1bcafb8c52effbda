import { isAbsolute } from 'node:path';
import type { Archive } from '../../shared/archive.ts';
import { type CheckOutcome, isPacked } from '../../shared/local-check.ts';
import type { Failure } from '../../shared/failure.ts';
import { formatBytes } from '../../shared/units.ts';
import { type Reading, hashWhole } from '../core/hash-file.ts';
import { identityChange } from '../core/source-identity.ts';

type CheckedArchive = Pick<
  Archive,
  'path' | 'size' | 'treeHash' | 'toldBy' | 'compressed' | 'encrypted' | 'originalSize'
>;

/** Reads the archive's file again and compares. @throws the signal's reason when it is aborted. */
export async function checkFile(archive: CheckedArchive, reading: Reading): Promise<CheckOutcome> {
  const { path, size } = archive;
  const { files } = reading;
  if (path === null || !isLocal(path, archive)) return { kind: 'no-path' };
  const before = await files.identify(path);
  if (!before.ok) return notRead(before.failure);
  if (isPacked(archive)) return checkPacked(archive, before.value.size);
  if (before.value.size !== size) return { kind: 'changed', what: otherSize(before.value.size, size) };
  const treeHash = await hashWhole(path, size, reading);
  if (!treeHash.ok) return notRead(treeHash.failure);
  const after = await files.identify(path);
  if (!after.ok) return notRead(after.failure);
  const change = identityChange(before.value, after.value);
  if (change !== null) return { kind: 'changed', what: `${change} while Firn read it` };
  if (treeHash.value !== archive.treeHash) return { kind: 'changed', what: 'it has as many bytes, but not the same' };
  return { kind: 'same', treeHash: treeHash.value, file: after.value };
}

/** The bytes in the vault are not those of the file then; only its size may be known. */
function checkPacked({ originalSize }: CheckedArchive, sizeNow: number): CheckOutcome {
  return originalSize === null || originalSize === sizeNow
    ? { kind: 'packed', sameSize: originalSize !== null }
    : { kind: 'changed', what: otherSize(sizeNow, originalSize) };
}

/**
 * What an import or a description told may be relative to a folder that nobody knows, or lead to another computer: Windows
 * would sign in there with the user's name.
 */
function isLocal(path: string, { toldBy }: CheckedArchive): boolean {
  return isAbsolute(path) && (toldBy === 'upload' || !/^[\\/]{2}/.test(path));
}

function notRead(failure: Failure): CheckOutcome {
  switch (failure.kind) {
    case 'source-missing':
      return { kind: 'missing' };
    case 'file-changed':
      return { kind: 'changed', what: failure.what };
    default:
      return { kind: 'unreadable', failure };
  }
}

function otherSize(is: number, was: number): string {
  return `it is ${formatBytes(Math.abs(is - was))} ${is > was ? 'longer' : 'shorter'}`;
}

import type { Archive } from './archive.ts';
import { assertNever } from './assert.ts';
import { type Failure, titleOf } from './failure.ts';
import type { TreeHash } from './upload.ts';
import { formatCount, plural } from './words.ts';

/** What tells one state of a file from another. */
export type FileIdentity = {
  size: number;
  /** Time of last change in nanoseconds since 1970; a string, because it does not fit a double. */
  modifiedNs: string;
  /** Device and inode (or file index): another value at the same path is another file. */
  fileId: string;
};

/** What came of reading an archive's file on this computer again. */
export type CheckOutcome =
  /** The file, whose identity was the same before and after it was read, has this tree hash, and the archive as well. */
  | { kind: 'same'; treeHash: TreeHash; file: FileIdentity }
  | { kind: 'changed'; what: string }
  /** A tool compressed or encrypted the file before it uploaded it: bytes cannot be compared. `sameSize`: sizes were, and agree. */
  | { kind: 'packed'; sameSize: boolean }
  | { kind: 'missing' }
  | { kind: 'unreadable'; failure: Failure }
  /** The catalogue knows no path that could be on this computer. */
  | { kind: 'no-path' };

/** Whether an archive's bytes are others than those of its file. */
export function isPacked({
  compressed,
  encrypted,
  originalSize,
  size,
}: Pick<Archive, 'compressed' | 'encrypted' | 'originalSize' | 'size'>): boolean {
  return compressed || encrypted || (originalSize !== null && originalSize !== size);
}

/** `checkedAt` in milliseconds since 1970, when the file had been read. */
export type LocalCheck = { checkedAt: number; outcome: CheckOutcome };

export type CheckTally = Record<CheckOutcome['kind'], number>;

export const noChecks: CheckTally = { same: 0, changed: 0, packed: 0, missing: 0, unreadable: 0, 'no-path': 0 };

/** Where the checks stand. Sizes in bytes. */
export type CheckProgress = {
  /** Archives whose turn has not come to an end, and their sizes together. */
  waiting: { count: number; bytes: number };
  /** What is being read; null when nothing is. */
  current: { path: string; size: number; hashed: number } | null;
  /** What was found since there was nothing to check, or since Firn was started. */
  found: CheckTally;
};

/** Whether the file on this computer is still needed as far as its archive goes. */
export type Safety =
  /** `listedAt`: the date of the newest inventory that lists the archive, milliseconds since 1970. */
  | { kind: 'safe'; listedAt: number }
  /** A deletion or an emptying that is not over will delete the archive. */
  | { kind: 'being-deleted' }
  | { kind: 'never-checked' }
  | { kind: 'not-the-same'; outcome: Exclude<CheckOutcome, { kind: 'same' }> }
  | { kind: 'file-gone' }
  | { kind: 'changed-since' }
  | { kind: 'not-listed' }
  | { kind: 'missing-from-vault' }
  | { kind: 'differs-in-vault' };

type Confirmation = Pick<Archive, 'treeHash' | 'listedAt' | 'missingAt' | 'differs'>;

/**
 * Safe only when the tree hash with which Glacier completed the archive is that of the local file in its present state,
 * an inventory lists the archive, and nothing is about to delete it. `identityNow`: of the file at the archive's path;
 * null when it cannot be read.
 */
export function safeToDelete(
  archive: Confirmation,
  check: LocalCheck | null,
  identityNow: FileIdentity | null,
  isDoomed: boolean,
): Safety {
  if (isDoomed) return { kind: 'being-deleted' };
  if (archive.missingAt !== null) return { kind: 'missing-from-vault' };
  if (archive.differs !== null) return { kind: 'differs-in-vault' };
  if (check === null) return { kind: 'never-checked' };
  const { outcome } = check;
  if (outcome.kind !== 'same') return { kind: 'not-the-same', outcome };
  if (identityNow === null) return { kind: 'file-gone' };
  if (outcome.treeHash !== archive.treeHash || !isSameState(outcome.file, identityNow))
    return { kind: 'changed-since' };
  return archive.listedAt === null ? { kind: 'not-listed' } : { kind: 'safe', listedAt: archive.listedAt };
}

function isSameState(a: FileIdentity, b: FileIdentity): boolean {
  return a.size === b.size && a.modifiedNs === b.modifiedNs && a.fileId === b.fileId;
}

export function describeOutcome(outcome: CheckOutcome): string {
  switch (outcome.kind) {
    case 'same':
      return 'The local file is the same as the archive.';
    case 'changed':
      return `The local file is not what was archived: ${outcome.what}.`;
    case 'packed':
      return `The archive was compressed or encrypted before it was uploaded, so its bytes cannot be compared with the file${outcome.sameSize ? '; the file has as many as it had then' : ''}.`;
    case 'missing':
      return 'There is no local file any more, or its drive is not connected.';
    case 'unreadable':
      return titleOf(outcome.failure);
    case 'no-path':
      return 'The catalogue knows no file on this computer for it.';
    default:
      return assertNever(outcome);
  }
}

/** `Checked 12 archives: 10 the same, 1 changed, 1 missing.` */
export function describeTally(found: CheckTally): string {
  const counts = [
    [found.same, 'the same'],
    [found.changed, 'changed'],
    [found.packed, 'compressed or encrypted, and not comparable'],
    [found.missing, 'missing'],
    [found.unreadable, 'not readable'],
    [found['no-path'], 'without a known file'],
  ] as const;
  const total = counts.reduce((sum, [count]) => sum + count, 0);
  const told = counts.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`);
  return `Checked ${plural(total, 'archive')}${told.length > 0 ? `: ${told.join(', ')}` : ''}.`;
}

/** Whether the local copy may go, and if not, why. */
export function describeSafety(safety: Safety): string {
  switch (safety.kind) {
    case 'safe':
      return 'Safe to delete the local copy: it is the same as the archive, and the inventory of the vault lists that.';
    case 'being-deleted':
      return 'Keep the local copy: the archive is being deleted from its vault.';
    case 'never-checked':
      return 'Keep the local copy: it was not checked against the archive yet.';
    case 'not-the-same':
      if (safety.outcome.kind === 'packed')
        return 'Keep the local copy: the archive was compressed or encrypted, so Firn cannot compare it with the file.';
      return safety.outcome.kind === 'changed'
        ? 'Keep the local copy: the vault does not hold it as it is.'
        : 'Firn cannot say whether the local copy may be deleted: it could not read it.';
    case 'file-gone':
      return 'There is no readable local copy now.';
    case 'changed-since':
      return 'Keep the local copy: it changed after it was checked. Check it again.';
    case 'not-listed':
      return 'Keep the local copy until an inventory of the vault lists the archive. Inventories lag by up to a day or two.';
    case 'missing-from-vault':
      return 'Keep the local copy: the inventory of the vault does not list the archive any more.';
    case 'differs-in-vault':
      return 'Keep the local copy: the inventory of the vault tells another size or tree hash of the archive.';
    default:
      return assertNever(safety);
  }
}

import type { Account, AccountId } from '../../shared/account.ts';
import { readDescription } from '../../shared/description/read.ts';
import type { Failure } from '../../shared/failure.ts';
import type { ByteRange } from '../../shared/part-plan.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { Copies } from '../../shared/retrieval-quote.ts';
import { byteRangeProblem, chooseRangeSize } from '../../shared/retrieval-ranges.ts';
import type { OnExisting } from '../../shared/retrieval.ts';
import type { Tier } from '../../shared/tier.ts';
import { safeRelativePath } from '../../shared/safe-path.ts';
import { type TargetName, targetKey, targetPath } from '../../shared/target-path.ts';
import type { NewRetrieval } from './ports.ts';
import type { ArchiveRow } from '../store/archive-row.ts';

/** What is asked for of each archive. `range`: some of its bytes; null for all. */
export type RetrievalChoice = {
  range: ByteRange | null;
  tier: Tier;
  onExisting: OnExisting;
  /** Absolute, with what tells it from another one at the same place. */
  folder: { path: string; id: string; mark: string };
};

/** What becomes of a chosen archive. */
export type Judged =
  | { kind: 'retrieve'; row: ArchiveRow; range: ByteRange; name: TargetName; encoding: string }
  /** It stands for a folder, which is made; there is nothing to fetch. `path`: in the target folder. */
  | { kind: 'folder'; row: ArchiveRow; path: string }
  /** A newer archive that was chosen, too, stands for it. */
  | { kind: 'equal' }
  | { kind: 'left-out'; row: ArchiveRow; failure: Failure };

/** Judges the archives of a choice, the newest first, as their turn comes. */
export async function* judged(
  rows: Iterable<ArchiveRow> | AsyncIterable<ArchiveRow>,
  { range, copies }: { range: ByteRange | null; copies: Copies },
  account: (id: AccountId) => Account | null,
): AsyncGenerator<Judged> {
  const taken = new Set<string>();
  for await (const row of rows) {
    const wanted = wantedRange(row, range, account(row.account_id));
    if (!wanted.ok) yield { kind: 'left-out', row, failure: wanted.failure };
    else if (isFolderMarker(row)) yield { kind: 'folder', row, path: safeRelativePath(row.path ?? '') };
    else if (isTaken(keyOf(row, copies), taken)) yield { kind: 'equal' };
    else {
      const encoding = encodingOf(row);
      const name = { path: nameOf(row, encoding), archiveId: row.archive_id, range };
      yield { kind: 'retrieve', row, range: wanted.value, name, encoding };
    }
  }
}

/** What of two archives makes the newer one enough; null for nothing. */
function keyOf({ account_id, vault, path, tree_hash, size }: ArchiveRow, copies: Copies): string | null {
  if (copies === 'one-of-equals') return `${tree_hash} ${size}`;
  return copies === 'newest' && path !== null ? `${account_id} ${vault} ${path}` : null;
}

function isTaken(key: string | null, taken: Set<string>): boolean {
  if (key === null) return false;
  if (taken.has(key)) return true;
  taken.add(key);
  return false;
}

/** FastGlacier, Freeze and QNAP keep folders as archives of a byte, whose paths end with a slash or which say so. */
function isFolderMarker({ path, size, description }: ArchiveRow): boolean {
  if (path === null || size > 1) return false;
  return /[\\/]$/.test(path) || readDescription(description)?.isFolder === true;
}

/** How its tool stored the bytes, as endings of a name: nobody but the tool can undo it. Empty when they are the file's own. */
function encodingOf({ description }: ArchiveRow): string {
  if (!/<ce>|"Flags"/.test(description)) return '';
  const told = readDescription(description);
  return `${told?.compressed === true ? '.compressed' : ''}${told?.encrypted === true ? '.encrypted' : ''}`;
}

function nameOf({ path }: ArchiveRow, encoding: string): string | null {
  if (path === null) return null;
  // What has content is no folder, and must not take the place of one.
  return `${/[\\/]$/.test(path) ? `${path}unnamed` : path}${encoding}`;
}

/** The bytes that a choice means of an archive, or why it cannot be retrieved. */
function wantedRange(
  { archive_id, size, path, vault, missing_at }: ArchiveRow,
  range: ByteRange | null,
  account: Account | null,
): Result<ByteRange> {
  const name = path ?? archive_id;
  if (!account) return fail(unretrievable(`The account of ${name} is not among the accounts; add it first.`));
  if (missing_at !== null)
    return fail(unretrievable(`The newest inventory of "${vault}" does not list it: Amazon does not have ${name}.`));
  if (size <= 0) return fail(unretrievable(`Nobody knows how large ${name} is; take an inventory of its vault first.`));
  if (range === null) return ok({ first: 0, last: size - 1 });
  const problem = byteRangeProblem(range, size);
  return problem === null ? ok(range) : fail(unretrievable(problem));
}

/** Gives each archive of a batch a name of its own in the folder. */
export class TargetNames {
  readonly #given = new Set<string>();
  readonly #isTaken: (targetKey: string) => boolean;
  readonly #longestName: number;

  /** `isTaken` tells of names that earlier retrievals are about to give; `longestName`: bytes that the drive takes. */
  constructor(isTaken: (targetKey: string) => boolean, longestName: number) {
    this.#isTaken = isTaken;
    this.#longestName = longestName;
  }

  take(folder: string, name: TargetName): string {
    const isTaken = (relativePath: string): boolean => {
      const key = targetKey(folder, relativePath);
      return this.#given.has(key) || this.#isTaken(key);
    };
    const chosen = targetPath(name, this.#longestName, isTaken);
    this.#given.add(targetKey(folder, chosen));
    return chosen;
  }
}

export function newRetrieval(
  row: ArchiveRow,
  range: ByteRange,
  { tier, onExisting, folder }: RetrievalChoice,
): Omit<NewRetrieval, 'relativePath'> {
  return {
    accountId: row.account_id,
    region: row.region,
    vault: row.vault,
    archiveId: row.archive_id,
    archiveSize: row.size,
    treeHash: row.tree_hash,
    path: row.path,
    modifiedNs: row.modified_ns,
    range,
    rangeSize: chooseRangeSize(range.last - range.first + 1),
    tier,
    folder: folder.path,
    folderId: folder.id,
    folderMark: folder.mark,
    onExisting,
  };
}

function unretrievable(detail: string): Failure {
  return { kind: 'invalid-input', detail };
}

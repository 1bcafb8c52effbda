import type { Account, AccountId } from '../shared/account.ts';
import type { Failure } from '../shared/failure.ts';
import type { ByteRange } from '../shared/part-plan.ts';
import { type Result, fail, ok } from '../shared/result.ts';
import { byteRangeProblem, chooseRangeSize } from '../shared/retrieval-ranges.ts';
import type { OnExisting, Tier } from '../shared/retrieval.ts';
import { targetKey, targetPath } from '../shared/target-path.ts';
import type { NewRetrieval } from './core/retrieval/ports.ts';
import type { ArchiveRow } from './store/catalogue.ts';

/** What is asked for of each archive. `range`: some of its bytes; null for all. */
export type RetrievalChoice = {
  range: ByteRange | null;
  tier: Tier;
  onExisting: OnExisting;
  /** Absolute, with what tells it from another one at the same place. */
  folder: { path: string; id: string; mark: string };
};

/** The bytes that a choice means of an archive, or why it cannot be retrieved. */
export function wantedRange(
  { archive_id, size, path }: ArchiveRow,
  range: ByteRange | null,
  account: Account | null,
): Result<ByteRange> {
  const name = path ?? archive_id;
  if (!account) return fail(unretrievable(`The account of ${name} is not among the accounts; add it first.`));
  if (size <= 0) return fail(unretrievable(`Nobody knows how large ${name} is; take an inventory of its vault first.`));
  if (range === null) return ok({ first: 0, last: size - 1 });
  const problem = byteRangeProblem(range, size);
  return problem === null ? ok(range) : fail(unretrievable(problem));
}

/** Gives each archive of a batch a name of its own in the folder. */
export class TargetNames {
  readonly #given = new Set<string>();
  readonly #isTaken: (targetKey: string) => boolean;

  /** `isTaken` tells of names that earlier retrievals are about to give. */
  constructor(isTaken: (targetKey: string) => boolean) {
    this.#isTaken = isTaken;
  }

  take(folder: string, { path, archive_id }: ArchiveRow, range: ByteRange | null): string {
    const isTaken = (relativePath: string): boolean => {
      const key = targetKey(folder, relativePath);
      return this.#given.has(key) || this.#isTaken(key);
    };
    const chosen = targetPath({ path, archiveId: archive_id, range }, isTaken);
    this.#given.add(targetKey(folder, chosen));
    return chosen;
  }
}

export function newRetrieval(
  row: ArchiveRow,
  accountId: AccountId,
  range: ByteRange,
  { tier, onExisting, folder }: RetrievalChoice,
): Omit<NewRetrieval, 'relativePath'> {
  return {
    accountId,
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

import type { AccountId } from './account.ts';
import type { ArchiveId, TreeHash } from './upload.ts';

/** One archive as the catalogue knows it. Sizes in bytes, times in milliseconds since 1970. */
export type Archive = {
  /** The catalogue's own number; newer archives have larger ones. */
  id: number;
  accountId: AccountId;
  region: string;
  vault: string;
  archiveId: ArchiveId;
  /** The path of the archive as Glacier gave it, with the account's number. */
  location: string;
  /** Absolute, as it was; null for archives whose description nobody can read. */
  path: string | null;
  size: number;
  modifiedAt: number | null;
  treeHash: TreeHash;
  description: string;
  storedAt: number;
};

/** What narrows the catalogue down. */
export type ArchiveFilter = {
  /** Words that all must occur in the path or description; empty for all. */
  text: string;
  accountId: AccountId | null;
  vault: string | null;
};

export type ArchiveQuery = ArchiveFilter & { offset: number; limit: number };

export type ArchivePage = { total: number; totalBytes: number; items: Archive[] };

/** Archives that somebody chose: one by one, by the catalogue's numbers, or all that match but for a few. */
export type ArchiveChoice =
  { kind: 'ids'; ids: readonly number[] } | ({ kind: 'matching'; except: readonly number[] } & ArchiveFilter);

/** As many archives can be chosen one by one, or left out of all that match. */
export const MAX_CHOSEN_IDS = 100_000;

/** `bytes`: the sizes of the archives together. */
export type ArchiveSum = { count: number; bytes: number };

import type { AccountId } from '../../shared/account.ts';
import type { ToldBy } from '../../shared/archive.ts';
import type { ArchiveId, TreeHash } from '../../shared/upload.ts';

/** A row of the table `archive`. */
export type ArchiveRow = {
  id: number;
  account_id: AccountId;
  region: string;
  vault: string;
  archive_id: ArchiveId;
  location: string;
  path: string | null;
  size: number;
  modified_ns: string | null;
  tree_hash: TreeHash;
  description: string;
  stored_at: number;
  is_folder: number;
  compressed: number;
  encrypted: number;
  original_size: number | null;
  told_by: ToldBy;
  listed_at: number | null;
  missing_at: number | null;
  /** JSON. */
  differs: string | null;
};

import type { AccountId } from '../../shared/account.ts';
import type { ToldBy } from '../../shared/archive.ts';
import type { PlaceId } from '../../shared/place.ts';
import type { ArchiveId, TreeHash } from '../../shared/upload.ts';

/** A row of the table `catalogue`. */
export type CatalogueRow = {
  id: number;
  place_id: PlaceId;
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

/** The same with the place that it is in: a row of the view `archive`. `vault`: as lists of the account's places call it. */
export type ArchiveRow = CatalogueRow & { account_id: AccountId; region: string; vault: string };

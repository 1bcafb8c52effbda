import type { AccountId } from './account.ts';
import type { Failure } from './failure.ts';
import type { PlaceId } from './place.ts';
import type { ArchiveId, TreeHash } from './upload.ts';

/** One archive as the catalogue knows it. Sizes in bytes, times in milliseconds since 1970. */
export type Archive = {
  /** The catalogue's own number; newer archives have larger ones. */
  id: number;
  placeId: PlaceId;
  /** As it is written: `shared/place.ts`. */
  place: string;
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
  /** A folder, which FastGlacier and others keep as an archive of one byte. */
  isFolder: boolean;
  /** Its bytes are not those of the file: a tool compressed or encrypted it before it was uploaded. */
  compressed: boolean;
  encrypted: boolean;
  /** Bytes of the file before that, where it is told. */
  originalSize: number | null;
  /** Who told Firn of it; an upload or an import counts more than an inventory. */
  toldBy: ToldBy;
  /** The date of the newest inventory that lists it; null when none did yet. */
  listedAt: number | null;
  /** The date of the inventory that no longer lists it; null while it is not missed. */
  missingAt: number | null;
  /** What the inventory says instead, when size or tree hash are others than the catalogue's. */
  differs: { size: number; treeHash: TreeHash } | null;
};

export type ToldBy = 'upload' | 'import' | 'inventory';

/** What the catalogue and the inventory of the vault say together. */
export type Standing = (typeof STANDINGS)[number];
export const STANDINGS = ['confirmed', 'awaiting-inventory', 'only-in-vault', 'missing', 'differs'] as const;

/**
 * - `confirmed`: an inventory lists what Firn uploaded or imported.
 * - `awaiting-inventory`: no inventory that Firn has seen is new enough to list it; inventories lag by up to a day.
 * - `only-in-vault`: Firn knows it from an inventory alone.
 * - `missing`: an inventory that is new enough does not list it. It stays in the catalogue.
 * - `differs`: the inventory tells another size or tree hash.
 */
export function standingOf({
  toldBy,
  listedAt,
  missingAt,
  differs,
}: Pick<Archive, 'toldBy' | 'listedAt' | 'missingAt' | 'differs'>): Standing {
  if (missingAt !== null) return 'missing';
  if (differs !== null) return 'differs';
  if (listedAt === null) return 'awaiting-inventory';
  return toldBy === 'inventory' ? 'only-in-vault' : 'confirmed';
}

/** What narrows the catalogue down: an archive must be as each of these says. Null, and an empty text, say nothing. */
export type ArchiveFilter = {
  /** Words that all must occur in path, description or vault, or be the archive ID. */
  text: string;
  /** Of one of these accounts. */
  accountIds: readonly AccountId[] | null;
  region: string | null;
  vault: string | null;
  /** One of these, as Glacier gave them. */
  archiveIds: readonly string[] | null;
  standing: Standing | null;
};

/** Narrows nothing down; what somebody asks for is spread over it. */
export const everyArchive: Readonly<ArchiveFilter> = {
  text: '',
  accountIds: null,
  region: null,
  vault: null,
  archiveIds: null,
  standing: null,
};

export type ArchiveQuery = ArchiveFilter & { offset: number; limit: number };

export type ArchivePage = { total: number; totalBytes: number; items: Archive[] };

/** `doomed`: the numbers of those on the page that are about to be deleted. */
export type ShownPage = ArchivePage & { doomed: number[] };

/** Archives that somebody chose: one by one, by the catalogue's numbers, or all that match but for a few. */
export type ArchiveChoice =
  { kind: 'ids'; ids: readonly number[] } | ({ kind: 'matching'; except: readonly number[] } & ArchiveFilter);

/** As many archives can be chosen one by one, or left out of all that match. */
export const MAX_CHOSEN_IDS = 100_000;

export const tooManyChosen: Failure = {
  kind: 'invalid-input',
  detail: 'More than 100,000 archives cannot be chosen one by one. Choose all that match a search instead.',
};

/** What the catalogue has of a vault. `bytes`: the sizes of the archives together. */
export type VaultSum = { accountId: AccountId; vault: string; archives: number; bytes: number };

/** `bytes`: the sizes of the archives together. */
export type ArchiveSum = { count: number; bytes: number };

export type SumOfVault = { accountId: AccountId; vault: string } & ArchiveSum;

/** Stands for exactly the archives that somebody was shown, whatever comes to the catalogue later. Forgotten after an hour, and at the end. */
export type ChoiceToken = string & { readonly __brand: 'ChoiceToken' };

/** `vaults`: how many of them are in each; those without any are left out. */
export type FrozenChoice = ArchiveSum & { token: ChoiceToken; vaults: SumOfVault[] };

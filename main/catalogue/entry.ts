import type { ArchiveId, TreeHash } from '../../shared/upload.ts';
import type { RecordedAccount } from '../store/archive-record.ts';

/** `isNamed`: by the person who imports, not by the file. */
export type ToldAccount = RecordedAccount & { isNamed?: boolean };

/** What a file tells of one archive; null and the empty text for what it does not tell. */
export type Told = {
  account: ToldAccount;
  region: string;
  vault: string;
  archiveId: ArchiveId;
  path: string | null;
  /** Nanoseconds since 1970. */
  modifiedNs: string | null;
  /** Bytes. */
  size: number | null;
  treeHash: TreeHash | null;
  /** Milliseconds since 1970. */
  storedAt: number | null;
  location: string;
  description: string;
};

/** What stands in one line of a file that is imported; of an inventory in JSON, in one entry. Counted from 1. */
export type Entry = { line: number } & (
  | { kind: 'archive'; told: Told }
  | { kind: 'deleted'; archiveId: string }
  /** `reason` completes "line 7: ". */
  | { kind: 'unreadable'; reason: string }
);

/** Whose archives a file lists that does not say so itself, and where. */
export type Home = { account: ToldAccount; region: string; vault: string };

/** The same, when the vault need not be named, because the file may say it. */
export type Owner = Omit<Home, 'vault'> & { vault: string | null };

/** A line without its end, but with a carriage return before that; or why nobody can read it. Counted from 1. */
export type Line = { line: number } & ({ text: string } | { unreadable: string });

/** Takes the lines of a file, one after the other, and gives the entries in them. */
export interface EntryReader {
  take(line: Line): readonly Entry[];
  end(): readonly Entry[];
}

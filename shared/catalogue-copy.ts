import type { AccountId } from './account.ts';
import type { Imported } from './catalogue-exchange.ts';
import { readCompactTime, writeCompactTime } from './description/compact-time.ts';
import type { Failure } from './failure.ts';
import type { ArchiveId } from './upload.ts';

/** Where the catalogue itself is archived, about once a week; null for nowhere. */
export type CatalogueCopyPlace = { accountId: AccountId; vault: string } | null;

/** The name of a copy's file, by which a rebuild recognises its archive. `at`: milliseconds since 1970. */
export function catalogueCopyName(at: number): string {
  return `firn-catalogue-${writeCompactTime(at)}.jsonl.gz`;
}

/** When the copy of a catalogue with this path was made, to the second; null when the path is of another file. */
export function catalogueCopyTime(path: string): number | null {
  const [, time = ''] = /(?:^|[/\\])firn-catalogue-(\d{8}T\d{6}Z)\.jsonl\.gz$/.exec(path) ?? [];
  return readCompactTime(time);
}

/** A copy of the catalogue that an inventory found in a vault. Size in bytes, time in milliseconds since 1970. */
export type FoundCopy = {
  id: number;
  accountId: AccountId;
  vault: string;
  archiveId: ArchiveId;
  madeAt: number;
  size: number;
  state: CopyState;
};

export type CopyState =
  /** The user has not said yet whether it shall come back. */
  | { kind: 'offered' }
  /** Wanted: it is retrieved, and then brought in. */
  | { kind: 'coming' }
  | { kind: 'back'; imported: Imported }
  | { kind: 'failed'; failure: Failure };

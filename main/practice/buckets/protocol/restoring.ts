import { DAY } from '../../../../shared/units.ts';
import type { PracticeRules } from '../../rules.ts';
import type { ObjectRecord, Restore, StorageClass, Tier } from '../store/records.ts';

/** Classes whose objects are read from a temporary copy, which has to be asked for. */
export type ArchiveClass = 'GLACIER' | 'DEEP_ARCHIVE';

export function isArchiveClass(storageClass: StorageClass): storageClass is ArchiveClass {
  return storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE';
}

export type RestoreState =
  { kind: 'none' } | { kind: 'ongoing'; restore: Restore } | { kind: 'restored'; restore: Restore };

/** How far the temporary copy of an object is. One that has expired is none. */
export function restoreState({ restore }: Pick<ObjectRecord, 'restore'>, now: number): RestoreState {
  if (!restore) return { kind: 'none' };
  if (now < restore.readyAt) return { kind: 'ongoing', restore };
  return now < restore.expiresAt ? { kind: 'restored', restore } : { kind: 'none' };
}

export function isReadable(object: Pick<ObjectRecord, 'storageClass' | 'restore'>, now: number): boolean {
  return !isArchiveClass(object.storageClass) || restoreState(object, now).kind === 'restored';
}

/** How long the copy takes; null when the class has no such tier. */
export function restoreTimeMs(storageClass: ArchiveClass, tier: Tier, rules: PracticeRules): number | null {
  switch (tier) {
    case 'Expedited':
      return storageClass === 'GLACIER' ? rules.expeditedJobMs : null;
    case 'Standard':
      return storageClass === 'GLACIER' ? rules.standardJobMs : rules.deepStandardMs;
    case 'Bulk':
      return storageClass === 'GLACIER' ? rules.bulkJobMs : rules.deepBulkMs;
  }
}

/** Documented: so many days, and then until the next midnight. Counted from when the copy is there: else some would end before. */
export function expiryOf(from: number, days: number): number {
  return Math.ceil((from + days * DAY) / DAY) * DAY;
}

/** `x-amz-restore` of an answer; null when there is nothing to say. */
export function restoreHeader(object: ObjectRecord, now: number): string | null {
  const state = restoreState(object, now);
  switch (state.kind) {
    case 'none':
      return null;
    case 'ongoing':
      return 'ongoing-request="true"';
    case 'restored':
      return `ongoing-request="false", expiry-date="${new Date(state.restore.expiresAt).toUTCString()}"`;
  }
}

import type { AccountId } from './account.ts';
import { assertNever } from './assert.ts';
import type { Failure } from './failure.ts';
import type { Hold, HoldEvent } from './hold.ts';
import type { TaskId } from './task.ts';
import type { ArchiveId } from './upload.ts';

/** A chore: durable work on many archives at once. Deletes chosen archives, or empties a vault. */
export type ChoreId = TaskId;

/** So many archives are to be deleted, as far as they are known yet; were deleted; or would not be deleted by Glacier. */
type Counts = { total: number; deleted: number; failed: number };

/** The deletion of archives that were chosen one by one. */
export type Deletion = Counts & { phase: { kind: 'deleting' } | { kind: 'done' } | { kind: 'cancelled' } };

export type DeletionEvent =
  /** Nothing is left that was not tried. */
  | { kind: 'worked-off' }
  /** What failed shall be tried once more. */
  | { kind: 'tried-again' };

/** The emptying of a vault. */
export type Emptying = Counts & {
  /** Whether the vault is deleted at the end. */
  closes: 0 | 1;
  /** Archives stored later are not what was asked for, and stop the chore. Milliseconds since 1970. */
  deletesUntil: number;
  /**
   * The service's time when Firn deleted an archive of the vault last, for whatever reason; null when it never did. An inventory
   * of a later date shows whether the vault is empty.
   */
  lastDeletedAt: number | null;
  phase:
    /**
     * Takes an inventory, so that all archives are known. `inventoryAfter`: one is wanted, and the last one of the vault before
     * it ended at this time; 0 when there was none. Null when none is wanted yet.
     */
    | { kind: 'listing'; inventoryAfter: number | null }
    /** Asks Glacier to delete each. */
    | { kind: 'deleting' }
    /** Waits for an inventory that shows the vault empty. */
    | { kind: 'confirming' }
    /** Deletes the vault. */
    | { kind: 'closing' }
    | { kind: 'done' }
    | { kind: 'cancelled' };
};

export type EmptyingEvent =
  /** `after`: as `inventoryAfter`. */
  | { kind: 'inventory-wanted'; after: number }
  /** What the inventory says lets nothing be deleted now; the next try takes another one. */
  | { kind: 'inventory-unusable' }
  /** `archives`: so many the inventory lists; null when the vault never had one. `lastDeletedAt`: as in the state. */
  | { kind: 'listed'; archives: number | null; lastDeletedAt: number | null }
  /** Nothing is left that was not tried. */
  | { kind: 'worked-off'; lastDeletedAt: number | null }
  | { kind: 'found-empty' }
  /** The vault was thought to be empty, and its inventory shows archives. */
  | { kind: 'still-listed'; archives: number }
  | { kind: 'vault-deleted' }
  /** What was stored since, up to `until`, shall be deleted as well. */
  | { kind: 'widened'; until: number }
  | { kind: 'tried-again' };

/** What happened to a chore. `at`: milliseconds since 1970. */
export type ChoreEvent = { at: number } & (DeletionEvent | EmptyingEvent | HoldEvent | { kind: 'cancelled' });

/** The deletion after an event; null when it cannot happen in this phase. */
export function deletionAfter(deletion: Deletion, event: DeletionEvent): Deletion | null {
  const { kind: phase } = deletion.phase;
  switch (event.kind) {
    case 'worked-off':
      return phase === 'deleting' ? { ...deletion, phase: { kind: 'done' } } : null;
    case 'tried-again':
      return phase === 'done' ? { ...deletion, failed: 0, phase: { kind: 'deleting' } } : null;
    default:
      return assertNever(event);
  }
}

const listing = { kind: 'listing', inventoryAfter: null } as const;

/** The emptying after an event; null when it cannot happen in this phase. */
export function emptyingAfter(emptying: Emptying, event: EmptyingEvent): Emptying | null {
  const { kind: phase } = emptying.phase;
  switch (event.kind) {
    case 'inventory-wanted':
      return phase === 'listing' ? { ...emptying, phase: { ...listing, inventoryAfter: event.after } } : null;
    case 'inventory-unusable':
      return phase === 'listing' ? { ...emptying, phase: listing } : null;
    case 'listed':
      if (phase !== 'listing') return null;
      return { ...emptying, failed: 0, phase: { kind: 'deleting' }, lastDeletedAt: event.lastDeletedAt };
    case 'worked-off':
      if (phase !== 'deleting') return null;
      return workedOff({ ...emptying, lastDeletedAt: event.lastDeletedAt ?? emptying.lastDeletedAt });
    case 'found-empty':
      return phase === 'confirming' ? afterEmpty(emptying) : null;
    case 'still-listed':
      return phase === 'confirming' || phase === 'closing' ? { ...emptying, phase: listing } : null;
    case 'vault-deleted':
      return phase === 'closing' ? { ...emptying, phase: { kind: 'done' } } : null;
    case 'widened':
      return isOver({ phase }) ? null : { ...emptying, phase: listing, deletesUntil: event.until };
    case 'tried-again':
      return phase === 'deleting' ? { ...emptying, failed: 0 } : null;
    default:
      return assertNever(event);
  }
}

/** A vault from which nothing was deleted is as empty as the inventory says. */
function workedOff(emptying: Emptying): Emptying {
  return emptying.lastDeletedAt === null ? afterEmpty(emptying) : { ...emptying, phase: { kind: 'confirming' } };
}

function afterEmpty(emptying: Emptying): Emptying {
  return { ...emptying, phase: { kind: emptying.closes === 1 ? 'closing' : 'done' } };
}

type Over = 'done' | 'cancelled';

export function isOver({ phase }: { phase: string }): boolean {
  return phase === 'done' || phase === 'cancelled';
}

/** How far a chore has come, for people. */
export type ChoreProgress = { hold: Hold | null } & (
  | { kind: 'deletion'; phase: 'deleting' | Over }
  | {
      kind: 'emptying';
      phase: 'listing' | 'deleting' | 'confirming' | 'closing' | Over;
      closes: boolean;
      deletesUntil: number;
    }
);

/** What the window and the command line see of a chore. Sizes in bytes, times in milliseconds since 1970. */
export type ChoreView = ChoreProgress & {
  id: ChoreId;
  accountId: AccountId;
  vault: string;
  addedAt: number;
  endedAt: number | null;
  /** Of all its archives, as far as they are known yet. */
  total: number;
  totalBytes: number;
  deleted: number;
  deletedBytes: number;
  /** Archives that Glacier refused to delete. */
  failed: number;
};

/** An archive that Glacier refused to delete. `path`: as the catalogue has it. */
export type RefusedArchive = { archiveId: ArchiveId; path: string | null; size: number; failure: Failure };

export type ChoreDetail = {
  chore: ChoreView;
  /** The first hundred; `chore.failed` says how many there are. */
  refused: RefusedArchive[];
  /** The newest last; at most 200. */
  events: ChoreEvent[];
};

import type { AccountId } from './account.ts';
import { assertNever } from './assert.ts';
import type { Failure } from './failure.ts';
import { type Hold, type HoldEvent, holdAfter, isHoldEvent } from './hold.ts';
import type { ArchiveId } from './upload.ts';

/** A chore: durable work on many archives at once. Deletes chosen archives, or empties a vault. */
export type ChoreId = string & { readonly __brand: 'ChoreId' };

type Over = 'done' | 'cancelled';

/** How far the chore has come. Written before what leaves it. */
export type ChoreProgress = { hold: Hold | null } & (
  | { kind: 'deletion'; phase: 'deleting' | Over }
  | {
      kind: 'emptying';
      /**
       * `listing`: takes an inventory, so that all archives are known. `deleting`: asks Glacier to delete each. `confirming`:
       * waits for an inventory that shows the vault empty. `closing`: deletes the vault.
       */
      phase: 'listing' | 'deleting' | 'confirming' | 'closing' | Over;
      /** Whether the vault is deleted at the end. */
      closes: boolean;
      /** Archives stored later are not what was asked for, and stop the chore. Milliseconds since 1970. */
      deletesUntil: number;
      /**
       * The service's time when Firn deleted an archive of the vault last, for whatever reason; null when it never did. An inventory
       * of a later date shows whether the vault is empty.
       */
      lastDeletedAt: number | null;
      /**
       * While `listing`: an inventory is wanted, and the last one of the vault before it ended at this time; 0 when there was
       * none. Null when none is wanted yet.
       */
      inventoryAfter: number | null;
    }
);

/** `at` is the time of the event, milliseconds since 1970. */
export type ChoreEvent = { at: number } &
  /** `after`: as `inventoryAfter`. */
  (
    | { kind: 'inventory-wanted'; after: number }
    /** What the inventory says lets nothing be deleted now; the next try takes another one. */
    | { kind: 'inventory-unusable' }
    /** `archives`: so many the inventory lists; null when the vault never had one. `lastDeletedAt`: as in the phase. */
    | { kind: 'listed'; archives: number | null; lastDeletedAt: number | null }
    /** Nothing is left that was not tried. `lastDeletedAt`: as in the phase; a deletion has none. */
    | { kind: 'worked-off'; lastDeletedAt?: number | null }
    | { kind: 'found-empty' }
    /** The vault was thought to be empty, and its inventory shows archives. */
    | { kind: 'still-listed'; archives: number }
    | { kind: 'vault-deleted' }
    /** What was stored since, up to `until`, shall be deleted as well. */
    | { kind: 'widened'; until: number }
    /** What failed shall be tried once more. */
    | { kind: 'tried-again' }
    | { kind: 'cancelled' }
    | HoldEvent
  );

export class IllegalChoreEvent extends Error {
  override name = 'IllegalChoreEvent';
  constructor({ kind, phase }: ChoreProgress, event: ChoreEvent) {
    super(`${event.kind} of ${kind} in phase ${phase}`);
  }
}

/**
 * The whole life of a chore. Pure: the store persists what it returns.
 * @throws IllegalChoreEvent when the event cannot happen in this phase.
 */
export function choreAfter(chore: ChoreProgress, event: ChoreEvent): ChoreProgress {
  const next = moved(chore, event);
  if (next === null) throw new IllegalChoreEvent(chore, event);
  return next;
}

function moved(chore: ChoreProgress, event: ChoreEvent): ChoreProgress | null {
  if (event.kind === 'tried-again') return triedAgain(chore);
  if (isOver(chore)) return null;
  if (isHoldEvent(event)) return { ...chore, hold: holdAfter(chore.hold, event) };
  if (event.kind === 'cancelled') return cancelled(chore);
  switch (chore.kind) {
    case 'deletion':
      return event.kind === 'worked-off' ? { ...chore, phase: 'done', hold: null } : null;
    case 'emptying':
      return emptied(chore, event);
    default:
      return assertNever(chore);
  }
}

function cancelled(chore: ChoreProgress): ChoreProgress {
  const over = { phase: 'cancelled', hold: null } as const;
  return chore.kind === 'emptying' ? { ...chore, ...over, inventoryAfter: null } : { ...chore, ...over };
}

type Emptying = Extract<ChoreProgress, { kind: 'emptying' }>;
type EmptyingEvent = Exclude<ChoreEvent, HoldEvent | { kind: 'cancelled' | 'tried-again' }>;

function emptied(chore: Emptying, event: EmptyingEvent): Emptying | null {
  const { phase } = chore;
  switch (event.kind) {
    case 'inventory-wanted':
      return phase === 'listing' ? { ...chore, inventoryAfter: event.after } : null;
    case 'inventory-unusable':
      return phase === 'listing' ? { ...chore, inventoryAfter: null } : null;
    case 'listed':
      return phase === 'listing'
        ? { ...chore, phase: 'deleting', inventoryAfter: null, lastDeletedAt: event.lastDeletedAt }
        : null;
    case 'worked-off':
      if (phase !== 'deleting') return null;
      return workedOff({ ...chore, lastDeletedAt: event.lastDeletedAt ?? chore.lastDeletedAt });
    case 'found-empty':
      return phase === 'confirming' ? afterEmpty(chore) : null;
    case 'still-listed':
      return phase === 'confirming' || phase === 'closing' ? { ...chore, phase: 'listing' } : null;
    case 'vault-deleted':
      return phase === 'closing' ? { ...chore, phase: 'done', hold: null } : null;
    case 'widened':
      return { ...chore, phase: 'listing', deletesUntil: event.until, inventoryAfter: null, hold: null };
    default:
      return assertNever(event);
  }
}

/** A vault from which nothing was deleted is as empty as the inventory says. */
function workedOff(chore: Emptying): Emptying {
  return chore.lastDeletedAt === null ? afterEmpty(chore) : { ...chore, phase: 'confirming' };
}

function afterEmpty(chore: Emptying): Emptying {
  return chore.closes ? { ...chore, phase: 'closing' } : { ...chore, phase: 'done', hold: null };
}

function triedAgain(chore: ChoreProgress): ChoreProgress | null {
  if (chore.kind === 'deletion' && chore.phase === 'done') return { ...chore, phase: 'deleting' };
  if (chore.kind === 'emptying' && chore.phase === 'deleting') return { ...chore, hold: null };
  return null;
}

export function isOver({ phase }: Pick<ChoreProgress, 'phase'>): boolean {
  return phase === 'done' || phase === 'cancelled';
}

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

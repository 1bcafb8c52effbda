import type { AccountId } from '../../../shared/account.ts';
import type { ChoreEvent, ChoreId, ChoreProgress, ChoreView } from '../../../shared/chore.ts';
import type { Failure } from '../../../shared/failure.ts';
import type { ArchiveId } from '../../../shared/upload.ts';
import type { InventoryArchive } from '../ports.ts';

export type EmptyingChore = Extract<ChoreView, { kind: 'emptying' }>;

/** An archive that is to be deleted. `seq`: its row in the chore; null when it comes straight from the catalogue. */
export type Doomed = { seq: number | null; archiveId: ArchiveId; size: number };
/** What Glacier answered: null when the archive is gone, else why it refused. */
export type DeletionOutcome = Doomed & { refusal: Failure | null };

/** The durable chores. Every write is one transaction, on disk when the method returns; listeners hear of it afterwards. */
export interface Chores {
  get(id: ChoreId): ChoreView | null;
  /** The only way to move a chore on. @throws IllegalChoreEvent for an event that cannot happen. */
  apply(id: ChoreId, event: ChoreEvent): ChoreProgress;
  /** What may run at `now`, in order; accounts in `waiting` are passed over. */
  due(kind: ChoreView['kind'], now: number, limit: number, waiting: readonly AccountId[]): ChoreId[];
  nextDue(kind: ChoreView['kind'], now: number): number | null;
}

/** What chores work on. The same holds. */
export interface ArchivesToDelete {
  /** The next archives that were not tried yet; an emptying has all that the catalogue knows of the vault. */
  toDelete(chore: ChoreView, limit: number): Doomed[];
  /**
   * Takes the deleted ones off the catalogue and remembers them as deleted at `deletedAt`, by the service's clock; keeps
   * what was refused. Doing it again for the same archive is harmless.
   */
  settleDeletions(chore: ChoreView, outcomes: readonly DeletionOutcome[], deletedAt: number): void;
  /**
   * Archives that an inventory of that date lists. Those that the catalogue has, or that were deleted since, are passed
   * over; so are those that were added before.
   */
  addListed(chore: EmptyingChore, inventoryAt: number, archives: readonly InventoryArchive[]): void;
  /** Archives of the vault in the catalogue that came later than what is to be deleted. */
  latecomers(chore: EmptyingChore): { count: number; newestAt: number | null };

  /** When Firn deleted an archive of the vault for the last time, by the service's clock. */
  lastDeletion(accountId: AccountId, vault: string): number | null;
  isCatalogued(accountId: AccountId, vault: string, archiveId: ArchiveId): boolean;
}

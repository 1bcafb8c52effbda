import type { AccountId } from '../../shared/account.ts';
import type { Deletion, Emptying } from '../../shared/chore.ts';
import type { Failure } from '../../shared/failure.ts';
import type { ArchiveId } from '../../shared/upload.ts';
import type { InventoryId, InventoryView } from '../../shared/inventory.ts';
import type { PlacedTask } from '../engine/task.ts';

export type DeletionTask = PlacedTask<Deletion>;
export type EmptyingTask = PlacedTask<Emptying>;
export type ChoreTask = DeletionTask | EmptyingTask;

/** An archive that is to be deleted. `seq`: its row in the chore; null when it comes straight from the catalogue. */
export type Doomed = { seq: number | null; archiveId: ArchiveId; size: number };
/** What Glacier answered: null when the archive is gone, else why it refused. */
export type DeletionOutcome = Doomed & { refusal: Failure | null };

/** What chores work on. Every write is one transaction, on disk when the method returns. */
export interface ArchivesToDelete {
  /**
   * The next archives that were not tried yet, but for those of the catalogue whose IDs do not come after `after`, in the
   * order of IDs; an emptying has all that the catalogue knows of the vault.
   */
  toDelete(task: ChoreTask, after: string, limit: number): Doomed[];
  /**
   * Takes the deleted ones off the catalogue and remembers them as deleted at `deletedAt`, by the service's clock; keeps
   * what was refused. Doing it again for the same archive is harmless.
   */
  settleDeletions(task: ChoreTask, outcomes: readonly DeletionOutcome[], deletedAt: number): void;
  /**
   * Archives of the vault that came later than what is to be deleted, as far as the catalogue knows; but for those that the
   * inventory of that date, the newest, does not list any more. Null when there is none.
   */
  latecomers(task: EmptyingTask, inventoryAt: number | null): { count: number; newestAt: number | null };
  /** When Firn deleted an archive of the vault for the last time, by the service's clock. */
  lastDeletion(accountId: AccountId, vault: string): number | null;
}

/** The durable inventories, which tell the catalogue what is in a vault. */
export interface VaultInventories {
  /** Null when nobody ever wanted one. */
  of(accountId: AccountId, vault: string): InventoryView | null;
  /** Begins to take one. One that is being taken goes on. `notBefore`: when its job must have been asked for at the earliest. */
  want(accountId: AccountId, vault: string, notBefore: number | null, now: number): InventoryId;
}

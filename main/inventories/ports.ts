import type { AccountId } from '../../shared/account.ts';
import type { InventoryEvent, InventoryId, InventoryState, InventoryView } from '../../shared/inventory.ts';
import type { Result } from '../../shared/result.ts';
import type { InventoryArchive } from '../core/ports.ts';

/** A vault's inventories as the steps work with them. */
export type Inventory = InventoryView & Pick<InventoryState, 'notBefore' | 'lastJobId' | 'lastAskedAt' | 'newestAt'>;

/** An entry of an inventory, or one that nobody can read: the archive ID in it, null when it has none. */
export type InventoryEntry = InventoryArchive | { oddId: string | null };

/** The durable inventories. Every write is one transaction, on disk when the method returns. */
export interface InventoryQueue {
  get(id: InventoryId): Inventory | null;
  /** @throws IllegalTransition for an event that cannot happen in this phase. */
  apply(id: InventoryId, event: InventoryEvent & { at: number }): void;
  /** Whether the catalogue has an archive of the vault that was stored after `at`. */
  hasArchiveSince(accountId: AccountId, vault: string, at: number): boolean;
  /** Tells the catalogue what the inventory says of the next archives. Only while reconciling. */
  reconcile(id: InventoryId, entries: readonly InventoryEntry[], from: Origin): void;
  /**
   * Marks as missing what the vault's inventory should list and does not, among the archives whose catalogue's number is
   * larger than `after`, so many of them at once. The number to go on after; null at the end.
   */
  markMissing(id: InventoryId, after: number, limit: number, lagMs: number): number | null;
  /** Ends a taking whose findings are complete. */
  finish(id: InventoryId, at: number): void;
}

/**
 * What an inventory's entries do not say themselves. `location`: the path under which the service has the vault's archives;
 * empty when it does not tell. `lagMs`: how long the service may take to show a change.
 */
export type Origin = { region: string; location: string; lagMs: number };

/** What a whole inventory begins with. `archives`: how many entries it has. */
export type InventoryHead = { inventoryAt: number; archives: number; location: string };

/** Outputs of inventory jobs on this disk, one for each name. All methods throw when the disk refuses. */
export interface InventoryOutputs {
  /**
   * Goes on after so many bytes, which are there; what follows them is dropped. Null when there are fewer. `close` returns
   * when all is on disk.
   */
  append(
    name: string,
    after: number,
  ): Promise<{ write(bytes: Uint8Array): Promise<void>; close(): Promise<void> } | null>;
  /** Reads all of it; a sentence about what is wrong when it is no inventory, null when there is none. */
  head(name: string, signal: AbortSignal): Promise<Result<InventoryHead, string> | null>;
  /** The entries, but for so many at the beginning, in pieces. */
  entries(name: string, skip: number, signal: AbortSignal): AsyncIterable<readonly InventoryEntry[]>;
  names(): string[];
  remove(name: string): Promise<void>;
}

import { randomUUID } from 'node:crypto';
import type { AccountId } from '../../shared/account.ts';
import {
  type InventoryEvent,
  type InventoryFindings,
  type InventoryId,
  type InventoryProgress,
  type InventoryView,
  inventoryTransition,
} from '../../shared/inventory.ts';
import type { Inventory, InventoryEntry, InventoryQueue, Origin } from '../inventories/ports.ts';
import type { ArchiveRecorder } from './archive-recorder.ts';
import type { CatalogueStore } from './catalogue.ts';
import type { Db } from './database.ts';
import { present } from './hold-columns.ts';
import { type InventoryRow, toInventory, toInventoryColumns, toInventoryProgress } from './inventory-rows.ts';
import { inventoryStatements } from './inventory-statements.ts';
import { NoticeStore } from './notices.ts';
import { type InventoryPlace, Reconciliation, noFindings } from './reconciliation.ts';

/** Hears, after each commit, which inventories are others than before. */
export type InventoryListener = (changed: readonly InventoryId[], removed: readonly InventoryId[]) => void;

/** The inventories in SQLite, one row for each vault. */
export class InventoryStore implements InventoryQueue {
  readonly #db: Db;
  readonly #sql: ReturnType<typeof inventoryStatements>;
  readonly #notices: NoticeStore;
  readonly #recorder: Pick<ArchiveRecorder, 'together'>;
  readonly #reconciliation: Reconciliation;
  readonly #listeners = new Set<InventoryListener>();

  constructor(db: Db, catalogue: CatalogueStore, recorder: Pick<ArchiveRecorder, 'together'>) {
    this.#db = db;
    this.#sql = inventoryStatements(db);
    this.#notices = new NoticeStore(db);
    this.#recorder = recorder;
    this.#reconciliation = new Reconciliation(db, catalogue);
  }

  onChange(listener: InventoryListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get(id: InventoryId): Inventory | null {
    const row = this.#sql.get.get(id);
    return row ? toInventory(row) : null;
  }

  of(accountId: AccountId, vault: string): Inventory | null {
    const row = this.#sql.of.get(accountId, vault);
    return row ? toInventory(row) : null;
  }

  list(): InventoryView[] {
    return this.#sql.list.all().map((row) => toView(toInventory(row)));
  }

  views(ids: readonly InventoryId[]): InventoryView[] {
    return ids
      .map((id) => this.get(id))
      .filter((inventory) => inventory !== null)
      .map(toView);
  }

  due(what: 'asking' | 'fetching', now: number, limit: number, waiting: readonly AccountId[]): InventoryId[] {
    return this.#sql.due[what].all({ now, limit, waiting: JSON.stringify(waiting) });
  }

  nextDue(now: number): number | null {
    return this.#sql.nextDue.get(now) ?? null;
  }

  /** One that is wanted already goes on as it is. `notBefore`: null, or when the job must have been asked for at the earliest. */
  want(accountId: AccountId, vault: string, notBefore: number | null, now: number): InventoryId {
    const id = this.#db
      .transaction(() => {
        const known = this.#sql.of.get(accountId, vault);
        if (known && known.phase !== 'idle') return known.id;
        const wanted = known?.id ?? this.#insert(accountId, vault, now);
        this.#sql.setWanted.run({ id: wanted, now, notBefore });
        this.#move(wanted, { kind: 'wanted', at: now });
        return wanted;
      })
      .immediate();
    this.#announce(id);
    return id;
  }

  apply(id: InventoryId, event: InventoryEvent): InventoryProgress {
    const next = this.#db.transaction(() => this.#move(id, event)).immediate();
    this.#announce(id);
    return next;
  }

  hasArchiveSince(accountId: AccountId, vault: string, at: number): boolean {
    return this.#sql.hasArchiveSince.get(accountId, vault, at) !== undefined;
  }

  /** Nobody hears of it: how far it has come moves too fast for that. */
  reconcile(id: InventoryId, entries: readonly InventoryEntry[], origin: Origin): void {
    this.#db
      .transaction(() => {
        const row = this.#row(id);
        const found = findingsOf(row);
        this.#recorder.together(() => {
          const findings = this.#reconciliation.take(entries, placeOf(row), origin, found);
          const progress = inventoryTransition(toInventoryProgress(row), {
            kind: 'reconciled',
            archives: entries.length,
            at: 0,
          });
          this.#write(id, progress, findings);
        });
      })
      .immediate();
  }

  markMissing(id: InventoryId, after: number, limit: number, lagMs: number): number | null {
    const row = this.#row(id);
    const last = this.#sql.lastOfBatch.get(after, limit) ?? null;
    if (last === null || findingsOf(row).unreadable > 0) return null;
    this.#sql.markMissing.run({ after, last, lagMs, ...placeOf(row) });
    return last;
  }

  finish(id: InventoryId, at: number): void {
    this.apply(id, { kind: 'ended', outcome: 'reconciled', at });
  }

  #insert(accountId: AccountId, vault: string, now: number): InventoryId {
    const id = randomUUID() as InventoryId;
    this.#sql.insert.run({ id, accountId, vault, now });
    return id;
  }

  #move(id: InventoryId, event: InventoryEvent): InventoryProgress {
    const row = this.#row(id);
    const progress = inventoryTransition(toInventoryProgress(row), event);
    if (event.kind === 'ended') this.#setLast(row, event);
    this.#write(id, progress, progress.phase.kind === 'reconciling' ? findingsOf(row) : null);
    return progress;
  }

  #write(id: InventoryId, progress: InventoryProgress, findings: InventoryFindings | null): void {
    const json = findings && JSON.stringify(findings);
    this.#sql.setProgress.run({ id, ...toInventoryColumns(progress), findings: json });
  }

  #setLast(row: InventoryRow, { outcome, at }: Extract<InventoryEvent, { kind: 'ended' }>): void {
    const { id, account_id, vault, inventory_at: inventoryAt, job_id: jobId } = row;
    const missing = this.#sql.countMissing.get(account_id, vault) ?? 0;
    const findings = outcome === 'reconciled' ? JSON.stringify({ ...findingsOf(row), missing }) : null;
    this.#sql.setLast.run({ id, outcome, at, inventoryAt, findings, jobId });
    if (outcome === 'reconciled') this.#tellMissing(placeOf(row), at);
  }

  /** What an earlier inventory did not list either was told then. */
  #tellMissing({ accountId, vault, inventoryAt }: InventoryPlace, at: number): void {
    const archives = this.#sql.countMissingSince.get(accountId, vault, inventoryAt) ?? 0;
    if (archives === 0) return;
    this.#notices.addMissing({ kind: 'archives-missing', accountId, vault, archives, inventoryAt }, at);
  }

  #row(id: InventoryId): InventoryRow {
    const row = this.#sql.get.get(id);
    if (!row) throw new Error(`No inventory ${id}`);
    return row;
  }

  #announce(id: InventoryId): void {
    for (const listener of this.#listeners) listener([id], []);
  }
}

function findingsOf({ findings }: InventoryRow): InventoryFindings {
  return findings === null ? noFindings : (JSON.parse(findings) as InventoryFindings);
}

function placeOf({ account_id, vault, inventory_at }: InventoryRow): InventoryPlace {
  return { accountId: account_id, vault, inventoryAt: present(inventory_at) };
}

function toView({ notBefore, lastJobId, newestAt, ...view }: Inventory): InventoryView {
  return view;
}

import type { AccountId } from '../../shared/account.ts';
import { assertNever } from '../../shared/assert.ts';
import type {
  InventoryEvent,
  InventoryFindings,
  InventoryId,
  InventoryState,
  InventoryView,
} from '../../shared/inventory.ts';
import type { Task, TaskPlace } from '../engine/task.ts';
import { inventoryKind } from '../inventories/inventory-kind.ts';
import type { Inventory, InventoryEntry, InventoryQueue, Origin } from '../inventories/ports.ts';
import type { ArchiveRecorder } from './archive-recorder.ts';
import type { CatalogueStore } from './catalogue.ts';
import type { Db } from './database.ts';
import { present } from './hold-columns.ts';
import { inventoryStatements } from './inventory-statements.ts';
import { NoticeStore } from './notices.ts';
import { type InventoryPlace, Reconciliation, noFindings } from './reconciliation.ts';
import type { TaskListener, TaskStore } from './tasks/task-store.ts';

/** Hears, after the commit, which inventories have ended, whatever they came to; not of those that were cancelled. */
type EndListener = (inventories: readonly InventoryView[]) => void;

/** The inventories in SQLite, one task for each vault. */
export class InventoryStore implements InventoryQueue {
  readonly #tasks: TaskStore;
  readonly #sql: ReturnType<typeof inventoryStatements>;
  readonly #notices: NoticeStore;
  readonly #recorder: Pick<ArchiveRecorder, 'together'>;
  readonly #reconciliation: Reconciliation;
  /** Those that have ended in what is being written. */
  readonly #ended = new Set<InventoryId>();
  readonly #endListeners = new Set<EndListener>();
  readonly #wantListeners = new Set<() => void>();
  #isWanted = false;

  constructor(db: Db, tasks: TaskStore, catalogue: CatalogueStore, recorder: Pick<ArchiveRecorder, 'together'>) {
    this.#tasks = tasks;
    this.#sql = inventoryStatements(db);
    this.#notices = new NoticeStore(db);
    this.#recorder = recorder;
    this.#reconciliation = new Reconciliation(db, catalogue);
    tasks.alongside(inventoryKind, ({ id }, event, after) => {
      if (event.kind === 'wanted') this.#isWanted = true;
      if (event.kind !== 'cancelled' && after.state.phase.kind === 'idle') this.#ended.add(id);
    });
    this.onChange((changed) => {
      this.#tellEnded(changed);
      this.#tellWanted();
    });
  }

  /** Hears, after each commit, which inventories are others than before. */
  onChange(listener: TaskListener): () => void {
    return this.#tasks.onChange(inventoryKind, listener);
  }

  onEnded(listener: EndListener): () => void {
    this.#endListeners.add(listener);
    return () => this.#endListeners.delete(listener);
  }

  /** Calls back, after the commit, when one is wanted that was not before. */
  onWanted(listener: () => void): () => void {
    this.#wantListeners.add(listener);
    return () => this.#wantListeners.delete(listener);
  }

  get(id: InventoryId): Inventory | null {
    const task = this.#tasks.get(inventoryKind, id);
    return task && toInventory(task);
  }

  of(accountId: AccountId, vault: string): Inventory | null {
    const found = this.#sql.of.get({ accountId, vault });
    return found ? this.get(found.id) : null;
  }

  list(): InventoryView[] {
    return this.views(this.#sql.list.all().map(({ id }) => id));
  }

  views(ids: readonly InventoryId[]): InventoryView[] {
    return this.#tasks.all(inventoryKind, ids).map((task) => toView(toInventory(task)));
  }

  /**
   * One that is wanted already goes on as it is. `notBefore`: when the job must have been asked for at the earliest, by the
   * service's clock; null for whenever.
   */
  want(accountId: AccountId, vault: string, notBefore: number | null, now: number): InventoryId {
    const known = this.of(accountId, vault);
    if (known !== null && known.phase.kind !== 'idle') return known.id;
    if (known) this.apply(known.id, { kind: 'wanted', notBefore, at: now });
    return known?.id ?? this.#add({ accountId, vault }, notBefore, now);
  }

  apply(id: InventoryId, event: InventoryEvent & { at: number }): void {
    this.#tasks.apply(inventoryKind, id, event);
  }

  hasArchiveSince(accountId: AccountId, vault: string, at: number): boolean {
    return this.#sql.hasArchiveSince.get({ accountId, vault, at }) !== undefined;
  }

  /** Nobody hears of it: how far it has come moves too fast for that. */
  reconcile(id: InventoryId, entries: readonly InventoryEntry[], origin: Origin): void {
    this.#tasks.transaction(() => {
      const { place, phase, found } = this.#reconciling(id);
      this.#recorder.together(() => {
        const findings = this.#reconciliation.take(entries, place, origin, found);
        const reconciled = phase.reconciled + entries.length;
        this.#sql.setCursor.run({ id, reconciled, findings: JSON.stringify(findings) });
      });
    });
  }

  markMissing(id: InventoryId, after: number, limit: number, lagMs: number): number | null {
    const { place, found } = this.#reconciling(id);
    const last = this.#sql.lastOfBatch.get({ after, limit })?.id ?? null;
    if (last === null || found.unreadable > 0) return null;
    this.#sql.markMissing.run({ after, last, lagMs, ...place });
    return last;
  }

  finish(id: InventoryId, at: number): void {
    this.#tasks.transaction(() => {
      const { place, found } = this.#reconciling(id);
      const { accountId, vault } = place;
      const missing = this.#sql.countMissing.get({ accountId, vault })?.count ?? 0;
      this.apply(id, { kind: 'reconciled', findings: { ...found, missing }, at });
      this.#tellMissing(place, at);
    });
  }

  #add(place: TaskPlace, notBefore: number | null, now: number): InventoryId {
    this.#isWanted = true;
    const [id] = this.#tasks.add(
      inventoryKind,
      [{ place, totalBytes: 0, state: { ...fresh, wantedAt: now, notBefore } }],
      now,
    );
    return present(id ?? null);
  }

  #tellEnded(changed: readonly InventoryId[]): void {
    const ended = changed.filter((id) => this.#ended.delete(id));
    if (ended.length === 0) return;
    const views = this.views(ended);
    for (const listener of this.#endListeners) listener(views);
  }

  #tellWanted(): void {
    if (!this.#isWanted) return;
    this.#isWanted = false;
    for (const listener of this.#wantListeners) listener();
  }

  /** What an earlier inventory did not list either was told then. */
  #tellMissing(place: InventoryPlace, at: number): void {
    const archives = this.#sql.countMissingSince.get(place)?.count ?? 0;
    if (archives === 0) return;
    this.#notices.addMissing({ kind: 'archives-missing', ...place, archives }, at);
  }

  #reconciling(id: InventoryId) {
    const task = this.#tasks.get(inventoryKind, id);
    if (task?.state.phase.kind !== 'reconciling') throw new Error(`The inventory ${id} is not being reconciled`);
    const { phase, findings } = task.state;
    const found = findings === null ? noFindings : (JSON.parse(findings) as InventoryFindings);
    return { phase, found, place: { ...present(task.place), inventoryAt: phase.inventoryAt } };
  }
}

const fresh: Omit<InventoryState, 'wantedAt' | 'notBefore'> = {
  phase: { kind: 'wanted', requestedAt: null },
  findings: null,
  lastOutcome: null,
  lastEndedAt: null,
  lastInventoryAt: null,
  lastFindings: null,
  lastAskedAt: null,
  lastJobId: null,
  newestAt: null,
};

function toInventory({ id, place, hold, waitKeys, state }: Task<InventoryState>): Inventory {
  const { phase, wantedAt, notBefore, lastJobId, lastAskedAt, newestAt } = state;
  return {
    id,
    ...present(place),
    phase,
    hold,
    waitKeys,
    wantedAt,
    last: toLast(state),
    notBefore,
    lastJobId,
    lastAskedAt,
    newestAt,
  };
}

function toView({ notBefore, lastJobId, lastAskedAt, newestAt, ...view }: Inventory): InventoryView {
  return view;
}

function toLast({ lastOutcome, lastEndedAt, lastInventoryAt, lastFindings }: InventoryState): InventoryView['last'] {
  const endedAt = lastEndedAt ?? 0;
  switch (lastOutcome) {
    case null:
      return null;
    case 'none':
      return { kind: 'none', endedAt };
    case 'outdated':
      return { kind: 'outdated', inventoryAt: present(lastInventoryAt), endedAt };
    case 'reconciled': {
      const findings = JSON.parse(present(lastFindings)) as InventoryFindings;
      return { kind: 'reconciled', inventoryAt: present(lastInventoryAt), findings, endedAt };
    }
    default:
      return assertNever(lastOutcome);
  }
}

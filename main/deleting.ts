import type { AccountId } from '../shared/account.ts';
import type { ArchiveChoice } from '../shared/archive.ts';
import { type ChoreDetail, type ChoreEvent, type ChoreId, type ChoreView, isOver } from '../shared/chore.ts';
import type { DeletionPreview, EmptyingPreview } from '../shared/deletion-preview.ts';
import type { Failure } from '../shared/failure.ts';
import type { InventoryView } from '../shared/inventory.ts';
import { type Result, fail, ok } from '../shared/result.ts';
import type { ArchiveService } from './core/archive-service.ts';
import type { ChoreKind } from './core/chores/kinds.ts';
import type { Clock, SourceFiles } from './core/ports.ts';
import type { TaskRunner } from './core/task-runner.ts';
import type { Inventories } from './inventories.ts';
import { lookForCopies } from './local-copies.ts';
import type { CatalogueStore } from './store/catalogue.ts';
import { ask } from './glacier/ask.ts';
import type { ChoreStore } from './store/chores.ts';
import type { Db } from './store/database.ts';
import { deletionFacts, doomedOf, vaultFacts } from './store/deletion-facts.ts';
import type { InventoryStore } from './store/inventories.ts';

export type DeletingPorts = {
  db: Db;
  store: ChoreStore;
  catalogue: Pick<CatalogueStore, 'chosen'>;
  files: Pick<SourceFiles, 'identify'>;
  tasks: TaskRunner;
  kinds: readonly ChoreKind[];
  taken: Pick<InventoryStore, 'of'>;
  inventories: Pick<Inventories, 'resume'>;
  clock: Clock;
  /** Null for an account that is gone. */
  service: (accountId: AccountId) => ArchiveService | null;
};

type Place = { accountId: AccountId; vault: string };

/** What people ask about deleting archives and emptying vaults. */
export class Deleting {
  readonly #ports: DeletingPorts;

  constructor(ports: DeletingPorts) {
    this.#ports = ports;
  }

  async preview(choice: ArchiveChoice): Promise<DeletionPreview> {
    const { db, catalogue, files } = this.#ports;
    const facts = deletionFacts(db, choice, this.#now());
    return { ...facts, copies: await lookForCopies(catalogue.chosen(choice), files) };
  }

  /** Queues the deletion of the chosen archives, a chore for each vault. `count`: as many as the user was told of. */
  delete(choice: ArchiveChoice, count: number): Result<ChoreId[]> {
    const { db, store, tasks, service } = this.#ports;
    const stranger = deletionFacts(db, choice, this.#now()).vaults.find(({ accountId }) => service(accountId) === null);
    if (stranger) {
      return fail(
        refused(`The account of the archives in "${stranger.vault}" is not among the accounts; add it first.`),
      );
    }
    const ids = count === 0 ? null : store.addDeletions(choice, count, this.#now());
    if (!ids) return fail(refused('The catalogue has changed since. Look again at what would be deleted.'));
    tasks.look();
    return ok(ids);
  }

  async previewEmptying(place: Place): Promise<Result<EmptyingPreview>> {
    const service = this.#ports.service(place.accountId);
    if (!service) return fail(goneAccount);
    const described = await ask(service, (asked, signal) => asked.describeVault(place.vault, signal));
    if (!described.ok) return described;
    const open = await ask(service, (asked, signal) => asked.listMultipartUploads(place.vault, signal));
    if (!open.ok) return open;
    const { archives, size, inventoryAt } = described.value;
    return ok({
      vault: place.vault,
      listed: { count: archives, bytes: size, inventoryAt },
      ...vaultFacts(this.#ports.db, place, this.#now()),
      openUploads: open.value.length,
    });
  }

  /** Begins to empty the vault, and to delete it at the end when it `closes`. */
  async empty(place: Place, closes: boolean): Promise<Result<ChoreId>> {
    const { store, tasks, service } = this.#ports;
    // Also tells whether the vault is there, and what time it is at Glacier.
    const preview = await this.previewEmptying(place);
    if (!preview.ok) return preview;
    if (this.emptyingOf(place) !== null) return fail({ kind: 'vault-being-emptied', vault: place.vault });
    const { queued } = vaultFacts(this.#ports.db, place, this.#now());
    if (queued > 0)
      return fail(
        refused(`${queued} of Firn's own uploads are on their way into this vault. Cancel them first, or wait.`),
      );
    const until = this.#latest(service(place.accountId));
    const id = store.addEmptying(place, closes, until, this.#now());
    tasks.look();
    return ok(id);
  }

  /** Which of these archives, by the catalogue's numbers, are about to be deleted. */
  doomed(ids: readonly number[]): number[] {
    return doomedOf(this.#ports.db, ids);
  }

  /** The emptying of the vault that is not over; null when there is none. */
  emptyingOf({ accountId, vault }: Place): ChoreId | null {
    return this.#ports.store.emptyingOf(accountId, vault);
  }

  /** The deletions, not over, that have any of these archives still to do. */
  deletionsOf(choice: ArchiveChoice): ChoreId[] {
    return this.#ports.store.deletionsOf(choice);
  }

  list(): ChoreView[] {
    return this.#ports.store.list();
  }

  /** The ids of all that is not over. */
  openIds(): ChoreId[] {
    return this.list().flatMap((chore) => (isOver(chore) ? [] : [chore.id]));
  }

  async pause(id: ChoreId): Promise<void> {
    if (this.#open(id)?.hold?.kind === 'paused') return;
    this.#apply(id, { kind: 'paused', at: this.#now() });
    await this.#settle(id);
  }

  /** Resumes what is paused, retries what failed, and ends a wait. What Glacier refused is tried once more. */
  resume(id: ChoreId): void {
    const chore = this.#ports.store.get(id);
    if (!chore) return;
    const at = this.#now();
    const isRefused =
      chore.failed > 0 && (chore.kind === 'deletion' ? chore.phase === 'done' : chore.phase === 'deleting');
    if (isRefused) this.#ports.store.apply(id, { kind: 'tried-again', at });
    else if (chore.hold) this.#apply(id, { kind: 'resumed', at });
    const inventory = chore.phase === 'listing' ? this.#ports.taken.of(chore.accountId, chore.vault) : null;
    if (inventory?.hold?.kind === 'failed') this.#ports.inventories.resume([inventory.id]);
    this.#ports.tasks.look();
  }

  /** To be told of inventories that change: an emptying that waits for one goes on when it is over, or hears why it is not. */
  inventoryChanged({ accountId, vault, phase, hold }: InventoryView): void {
    if (phase.kind !== 'idle' && hold?.kind !== 'failed') return;
    const id = this.emptyingOf({ accountId, vault });
    const chore = id && this.#open(id);
    if (chore?.phase !== 'listing' || chore.hold?.kind !== 'backoff') return;
    this.#apply(chore.id, { kind: 'recovered', at: this.#now() });
    this.#ports.tasks.look();
  }

  /** Lets an emptying delete what was put into the vault since it began. */
  widen(id: ChoreId): Result<null> {
    const chore = this.#open(id);
    if (chore?.kind !== 'emptying') return fail(goneChore);
    const { store, tasks, service } = this.#ports;
    store.apply(id, { kind: 'widened', until: this.#latest(service(chore.accountId)), at: this.#now() });
    tasks.look();
    return ok(null);
  }

  /** What was deleted stays deleted. What is on the wire is heard out first. */
  async cancel(id: ChoreId): Promise<void> {
    await this.pause(id);
    this.#apply(id, { kind: 'cancelled', at: this.#now() });
  }

  /** Takes those that are over off the list. */
  clear(ids: readonly ChoreId[]): void {
    this.#ports.store.clear(ids);
  }

  detail(id: ChoreId): Result<ChoreDetail> {
    const detail = this.#ports.store.detail(id);
    return detail ? ok(detail) : fail(goneChore);
  }

  async #settle(id: ChoreId): Promise<void> {
    await Promise.all(this.#ports.kinds.map((kind) => this.#ports.tasks.settle(kind, id)));
  }

  #apply(id: ChoreId, event: ChoreEvent): void {
    if (this.#open(id)) this.#ports.store.apply(id, event);
  }

  #open(id: ChoreId): ChoreView | null {
    const chore = this.#ports.store.get(id);
    return chore && !isOver(chore) ? chore : null;
  }

  /** Archives are dated by Glacier's clock or by this computer's; neither may be mistaken for one of tomorrow. */
  #latest(service: ArchiveService | null): number {
    return Math.max(this.#now(), service?.now() ?? 0);
  }

  #now(): number {
    return this.#ports.clock.now();
  }
}

const goneChore: Failure = { kind: 'not-found', what: 'The task' };
const goneAccount: Failure = { kind: 'not-found', what: 'The account' };

function refused(detail: string): Failure {
  return { kind: 'invalid-input', detail };
}

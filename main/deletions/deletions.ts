import type { AccountId } from '../../shared/account.ts';
import type { ArchiveChoice, ChoiceToken } from '../../shared/archive.ts';
import { type ChoreDetail, type ChoreId, type ChoreView, isOver } from '../../shared/chore.ts';
import type { DeletionPreview, EmptyingPreview } from '../../shared/deletion-preview.ts';
import type { Failure } from '../../shared/failure.ts';
import type { InventoryView } from '../../shared/inventory.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { ServedPlace } from '../places/ports/place-ports.ts';
import type { PlaceRegistry } from '../places/registry.ts';
import type { Clock, SourceFiles } from '../core/ports.ts';
import type { Runner } from '../engine/runner.ts';
import type { TaskCommands } from '../engine/task-commands.ts';
import { type DeletionPorts, beginDeletion, previewDeletion } from './confirmed-deletion.ts';
import type { Inventories } from '../inventories/inventories.ts';
import { ask } from '../aws/ask.ts';
import type { CatalogueReader } from '../store/catalogue-reader.ts';
import type { ChoreStore } from './chore-store.ts';
import type { Db } from '../store/database.ts';
import { doomedOf, vaultFacts } from '../store/deletion-facts.ts';
import type { GatheredDeletions } from './gathered-store.ts';
import type { InventoryStore } from '../store/inventories.ts';

export type DeletingPorts = {
  db: Db;
  store: ChoreStore;
  reader: CatalogueReader;
  gathered: GatheredDeletions;
  files: Pick<SourceFiles, 'identify'>;
  runner: Pick<Runner, 'look'>;
  commands: TaskCommands;
  taken: Pick<InventoryStore, 'of'>;
  inventories: Pick<Inventories, 'resume'>;
  clock: Clock;
  places: Pick<PlaceRegistry, 'called'>;
  hasAccount: (accountId: AccountId) => boolean;
};

type Place = { accountId: AccountId; vault: string };

/** What people ask about deleting archives and emptying vaults. */
export class Deleting {
  readonly #ports: DeletingPorts;

  readonly #deletion: DeletionPorts;

  constructor(ports: DeletingPorts) {
    this.#ports = ports;
    const resume = this.resume.bind(this);
    this.#deletion = {
      ...ports,
      resume,
      serviceTime: (place) => this.#served(place)?.remover.now() ?? null,
    };
  }

  /** What would be lost, with a token for exactly these archives. */
  preview(choice: ArchiveChoice): Promise<DeletionPreview> {
    return previewDeletion(choice, this.#deletion);
  }

  /** Deletes what the token of a preview stands for, a chore for each vault; or nothing, when that has changed. */
  async delete(token: ChoiceToken): Promise<Result<ChoreId[]>> {
    const begun = await beginDeletion(token, this.#deletion);
    this.#ports.runner.look();
    return begun;
  }

  async previewEmptying(place: Place): Promise<Result<EmptyingPreview>> {
    const served = this.#served(place);
    if (!served) return fail(goneAccount);
    const described = await ask(served, ({ admin, name }, signal) => admin.describe(name, signal));
    if (!described.ok) return described;
    const open = await ask(served, ({ admin, name }, signal) => admin.countOpenUploads(name, signal));
    if (!open.ok) return open;
    const { archives, bytes, listedAt } = described.value;
    const now = served.remover.now();
    return ok({
      vault: place.vault,
      listed: { count: archives ?? 0, bytes: bytes ?? 0, inventoryAt: listedAt },
      ...vaultFacts(this.#ports.db, place, now),
      openUploads: open.value,
      // Archives are dated by Glacier's clock or by this computer's; neither may be mistaken for one of tomorrow.
      until: Math.max(this.#now(), now),
    });
  }

  /**
   * Begins to empty the vault, and to delete it at the end when it `closes`. `until`: of the preview that was confirmed; what
   * came later was not.
   */
  async empty(place: Place, closes: boolean, until: number): Promise<Result<ChoreId>> {
    const { store, runner } = this.#ports;
    // Also tells whether the vault is there, and what time it is at Glacier.
    const preview = await this.previewEmptying(place);
    if (!preview.ok) return preview;
    if (this.emptyingOf(place) !== null) return fail({ kind: 'vault-being-emptied', vault: place.vault });
    const { queued } = vaultFacts(this.#ports.db, place, this.#now());
    if (queued > 0)
      return fail(
        refused(`${queued} of Firn's own uploads are on their way into this vault. Cancel them first, or wait.`),
      );
    const id = store.addEmptying(place, closes, Math.min(until, preview.value.until), this.#now());
    runner.look();
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

  list(): ChoreView[] {
    return this.#ports.store.list();
  }

  /** The ids of all that is not over. */
  openIds(): ChoreId[] {
    return this.list().flatMap((chore) => (isOver(chore) ? [] : [chore.id]));
  }

  async pause(id: ChoreId): Promise<void> {
    await this.#ports.commands.pause({ kind: 'tasks', ids: [id] });
  }

  /** Resumes what is paused, retries what failed, and ends a wait. What Glacier refused is tried once more. */
  async resume(id: ChoreId): Promise<void> {
    const { store, taken, inventories, commands } = this.#ports;
    const chore = store.get(id);
    const inventory = chore?.phase === 'listing' ? taken.of(chore.accountId, chore.vault) : null;
    if (inventory?.hold?.kind === 'failed') inventories.resume([inventory.id]);
    await commands.resume({ kind: 'tasks', ids: [id] });
  }

  /** To be told of inventories that change: an emptying that waits for one goes on when it is over, or hears why it is not. */
  inventoryChanged({ accountId, vault, phase, hold }: InventoryView): void {
    if (phase.kind !== 'idle' && hold?.kind !== 'failed') return;
    const id = this.emptyingOf({ accountId, vault });
    const chore = id && this.#open(id);
    if (chore?.phase !== 'listing' || chore.hold?.kind !== 'backoff') return;
    this.#ports.store.hold(chore.id, { kind: 'recovered', at: this.#now() });
    this.#ports.runner.look();
  }

  /** Lets an emptying delete also what came since it began, up to the `newestAt` that it stopped for; what came later stops it again. */
  widen(id: ChoreId, newestAt: number): Result<null> {
    const chore = this.#open(id);
    if (chore?.kind !== 'emptying') return fail(goneChore);
    const failure = chore.hold?.kind === 'failed' ? chore.hold.failure : null;
    if (failure?.kind !== 'vault-in-use' || failure.newestAt !== newestAt) return fail(otherArchives);
    const { store, runner } = this.#ports;
    store.widen(id, newestAt, this.#now());
    runner.look();
    return ok(null);
  }

  /** What was deleted stays deleted. What is on the wire is heard out first. */
  async cancel(id: ChoreId): Promise<void> {
    await this.#ports.commands.cancel({ kind: 'tasks', ids: [id] });
    this.#ports.gathered.sweep();
  }

  /** Takes those that are over off the list. */
  async clear(ids: readonly ChoreId[]): Promise<void> {
    await this.#ports.commands.clear({ kind: 'tasks', ids });
    this.#ports.gathered.sweep();
  }

  detail(id: ChoreId): Result<ChoreDetail> {
    const detail = this.#ports.store.detail(id);
    return detail ? ok(detail) : fail(goneChore);
  }

  #open(id: ChoreId): ChoreView | null {
    const chore = this.#ports.store.get(id);
    return chore && !isOver(chore) ? chore : null;
  }

  #served({ accountId, vault }: Place): ServedPlace | null {
    return this.#ports.places.called(accountId, vault);
  }

  #now(): number {
    return this.#ports.clock.now();
  }
}

const goneChore: Failure = { kind: 'not-found', what: 'The task' };
const otherArchives: Failure = { kind: 'choice-changed', detail: 'Other archives came into the vault since.' };
const goneAccount: Failure = { kind: 'not-found', what: 'The account' };

function refused(detail: string): Failure {
  return { kind: 'invalid-input', detail };
}

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorText } from '../../shared/error-text.ts';
import type { AccountId } from '../../shared/account.ts';
import { type CopyState, type FoundCopy, catalogueCopyTime } from '../../shared/catalogue-copy.ts';
import type { Imported } from '../../shared/catalogue-exchange.ts';
import type { Failure } from '../../shared/failure.ts';
import type { Result } from '../../shared/result.ts';
import { type RetrievalId, type RetrievalView, isOver } from '../../shared/retrieval.ts';
import { DAY, MINUTE } from '../../shared/units.ts';
import type { Clock } from '../core/ports.ts';
import type { Retrievals } from '../retrievals/retrievals.ts';
import type { CatalogueStore } from '../store/catalogue.ts';
import type { ArchiveRow } from '../store/archive-row.ts';
import type { CopyReturnStore } from '../store/copy-returns.ts';
import type { InventoryStore } from '../store/inventories.ts';
import { makePrivateFolder } from '../files/private.ts';
import type { RetrievalStore } from '../store/retrievals.ts';
import { copiesOf } from '../catalogue/found-copies.ts';

const TRY_AGAIN_MS = 5 * MINUTE;

export type CopyReturnsPorts = {
  store: CopyReturnStore;
  catalogue: CatalogueStore;
  inventories: InventoryStore;
  retrievalStore: RetrievalStore;
  retrievals: Pick<Retrievals, 'add' | 'cancel'>;
  accounts: () => readonly AccountId[];
  /** What is retrieved lies here until it is brought in. */
  folder: string;
  /** Brings in what the file tells; `copy` is the archive that it was. */
  bringIn: (file: string, copy: ArchiveRow, signal: AbortSignal) => Promise<Result<Imported>>;
  clock: Clock;
  changed: (copies: FoundCopy[]) => void;
  log: (message: string, details: Record<string, unknown>) => void;
};

/**
 * Offers the newest copy of the catalogue that an inventory finds in a vault, and brings it back when the user wants it:
 * retrieves it into a folder of Firn's own and imports it. What is wanted is in the database and what has arrived is in
 * the folder, so that it goes on after any end of Firn.
 */
export class CopyReturns {
  readonly #ports: CopyReturnsPorts;
  readonly #stops: (() => void)[];
  readonly #ending = new AbortController();
  #stopWaiting: () => void = () => undefined;
  /** One thing at a time. */
  #last: Promise<void> = Promise.resolve();

  constructor(ports: CopyReturnsPorts) {
    this.#ports = ports;
    const { inventories, retrievalStore, folder } = ports;
    this.#stops = [
      inventories.onChange((ids) => {
        for (const { accountId, phase } of inventories.views(ids)) if (phase.kind === 'idle') this.#offer(accountId);
      }),
      retrievalStore.onChange((changed) => {
        const mine = retrievalStore.views(changed).filter((view) => view.folder.startsWith(folder));
        if (mine.some(({ phase }) => isOver(phase))) void this.#look();
      }),
    ];
  }

  list(): FoundCopy[] {
    return this.#ports.store.list();
  }

  /** Goes on with what is wanted; resolves when that waits for Glacier alone. */
  start(): Promise<void> {
    for (const accountId of this.#ports.accounts()) this.#offer(accountId);
    return this.#look();
  }

  /** Retrieves a copy that is offered, or that failed, and brings it in; resolves when its retrieval is in the queue. */
  bringBack(id: number): Promise<void> {
    const kind = this.#ports.store.get(id)?.state.kind;
    if (kind === 'offered' || kind === 'failed') this.#set(id, { kind: 'coming' });
    return this.#look();
  }

  /** The user has heard why it failed. */
  offerAgain(id: number): void {
    if (this.#ports.store.get(id)?.state.kind === 'failed') this.#set(id, { kind: 'offered' });
  }

  /** Nobody hears of the copy any more. One that is on its way comes no further. */
  async dismiss(id: number): Promise<void> {
    const { store, retrievals } = this.#ports;
    store.settle(id);
    this.#announce();
    await retrievals.cancel(this.#openOf(this.#folderOf(id)).map((one) => one.id));
    await this.#look();
  }

  /** The retrievals that bring copies back and are not over. */
  openRetrievals(): RetrievalId[] {
    return this.list().flatMap((copy) => this.#openOf(this.#folderOf(copy.id)).map(({ id }) => id));
  }

  /** Resolves when nothing is under way but what waits for Glacier. */
  rest(): Promise<void> {
    return this.#last;
  }

  async close(): Promise<void> {
    for (const stop of this.#stops) stop();
    this.#stopWaiting();
    this.#ending.abort();
    await this.#last;
  }

  /** What Firn uploaded or imported itself is known already. */
  #offer(accountId: AccountId): void {
    const { store, catalogue, clock } = this.#ports;
    const newest = copiesOf(catalogue, accountId).find(
      ({ archive, madeAt }) => archive.told_by === 'inventory' && madeAt < clock.now() + DAY,
    );
    if (!newest) return;
    const { vault, archive_id: archiveId, size } = newest.archive;
    if (store.offer({ accountId, vault, archiveId, madeAt: newest.madeAt, size })) this.#announce();
  }

  #look(): Promise<void> {
    this.#last = this.#last
      .then(() => this.#goOn())
      .catch((error: unknown) => {
        if (this.#ending.signal.aborted) return;
        this.#ports.log('a copy of the catalogue was not brought back', { error: errorText(error) });
        this.#stopWaiting();
        this.#stopWaiting = this.#ports.clock.after(TRY_AGAIN_MS, () => void this.#look());
      });
    return this.#last;
  }

  async #goOn(): Promise<void> {
    for (const copy of this.list()) {
      this.#ending.signal.throwIfAborted();
      if (copy.state.kind === 'coming') await this.#advance(copy);
    }
    await this.#tidy();
  }

  async #advance(copy: FoundCopy): Promise<void> {
    const { catalogue, retrievalStore, bringIn } = this.#ports;
    const { id, accountId, vault, archiveId } = copy;
    const folder = this.#folderOf(id);
    const archive = catalogue.find(accountId, vault, archiveId);
    if (!archive) {
      this.#set(id, { kind: 'failed', failure: { kind: 'not-found', what: 'The archive of the copy' } });
      return;
    }
    const file = await arrived(folder);
    if (file !== null) {
      const brought = await bringIn(file, archive, this.#ending.signal);
      this.#set(id, brought.ok ? { kind: 'back', imported: brought.value } : { kind: 'failed', ...brought });
    } else if (this.#openOf(folder).length === 0) {
      const isCancelled = retrievalStore.inFolder(folder).some(({ phase }) => phase.kind === 'cancelled');
      const failure = isCancelled ? null : await this.#retrieve(archive, folder);
      if (isCancelled) this.#set(id, { kind: 'offered' });
      if (failure) this.#set(id, { kind: 'failed', failure });
    }
  }

  async #retrieve(archive: ArchiveRow, folder: string): Promise<Failure | null> {
    makePrivateFolder(folder);
    const wanted = { range: null, tier: 'Standard', onExisting: 'replace', folder } as const;
    const added = await this.#ports.retrievals.add([archive], wanted);
    return added.ok ? (added.value.leftOut[0]?.failure ?? null) : added.failure;
  }

  /** Removes what is wanted no longer. */
  async #tidy(): Promise<void> {
    const { store, folder, retrievalStore } = this.#ports;
    for (const name of await readdir(folder).catch(() => [])) {
      const place = join(folder, name);
      if (store.get(Number(name))?.state.kind === 'coming' || this.#openOf(place).length > 0) continue;
      await rm(place, { recursive: true, force: true });
      retrievalStore.forget(retrievalStore.inFolder(place).map(({ id }) => id));
    }
  }

  #openOf(folder: string): RetrievalView[] {
    return this.#ports.retrievalStore.inFolder(folder).filter(({ phase }) => !isOver(phase));
  }

  #folderOf(id: number): string {
    return join(this.#ports.folder, String(id));
  }

  #set(id: number, state: CopyState): void {
    this.#ports.store.setState(id, state);
    this.#announce();
  }

  #announce(): void {
    this.#ports.changed(this.list());
  }
}

/** The retrieved copy below the folder: a file gets such a name only when it is whole and right. */
async function arrived(folder: string): Promise<string | null> {
  const all = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const found = all.find((entry) => entry.isFile() && catalogueCopyTime(entry.name) !== null);
  return found ? join(found.parentPath, found.name) : null;
}

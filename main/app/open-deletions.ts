import type { Account, AccountId } from '../../shared/account.ts';
import type { ChoreId, ChoreView } from '../../shared/chore.ts';
import type { InventoryId } from '../../shared/inventory.ts';
import type { Events } from '../../shared/contract.ts';
import { SECOND } from '../../shared/units.ts';
import type { ArchiveService } from '../places/ports/archive-service.ts';
import { ChoreKind } from '../deletions/kinds.ts';
import type { Clock, SourceFiles } from '../core/ports.ts';
import type { TaskRunner } from '../core/task-runner.ts';
import { Deleting } from '../deletions/deletions.ts';
import { Feed, type Guard, inOnePiece } from './feed.ts';
import type { Inventories } from '../inventories/inventories.ts';
import type { ArchiveRecorder } from '../store/archive-recorder.ts';
import type { CatalogueReader } from '../store/catalogue-reader.ts';
import type { CatalogueStore } from '../store/catalogue.ts';
import { ChoreStore } from '../store/chores.ts';
import type { Db } from '../store/database.ts';
import { DeletionWork } from '../store/deletion-work.ts';
import { GatheredDeletions } from '../store/gathered-deletions.ts';
import type { InventoryStore } from '../store/inventories.ts';

/** A window reads its page of the catalogue anew each time it hears of a change. */
const TELL_CATALOGUE_MS = 1 * SECOND;

export type OpenChores = {
  kinds: ChoreKind[];
  /** To be called with the runner of the kinds and of the inventories. */
  serve(tasks: TaskRunner, inventories: Inventories, listeners: Listeners): ServedChores;
};

type Listeners = {
  changed: (changes: Events['chores:changed']) => void;
  /** The catalogue has fewer archives than before. */
  archivesDeleted: () => void;
  guard: Guard;
};

export type ServedChores = { deleting: Deleting; store: ChoreStore; feed: Feed<ChoreId, ChoreView>; close(): void };

/** Builds all that deletions and emptyings are made of. */
export function openChores(world: {
  db: Db;
  catalogue: CatalogueStore;
  recorder: ArchiveRecorder;
  files: SourceFiles;
  clock: Clock;
  inventories: InventoryStore;
  reader: CatalogueReader;
  account: (id: AccountId) => Account | null;
  service: (account: Account) => ArchiveService;
}): OpenChores {
  const { db, catalogue, recorder, inventories: taken, account, service } = world;
  const store = new ChoreStore(db);
  const gathered = new GatheredDeletions(db, store);
  const work = new DeletionWork(db, store, catalogue, recorder);
  const kinds = (['deletion', 'emptying'] as const).map((name) => new ChoreKind(name, store, work, taken));
  return {
    kinds,
    serve(tasks, inventories, { changed, archivesDeleted, guard }) {
      const feed = new Feed(store, inOnePiece(store), changed, guard);
      let timer: NodeJS.Timeout | null = null;
      const tellCatalogue = store.onChange(() => {
        timer ??= setTimeout(() => {
          timer = null;
          guard(archivesDeleted);
        }, TELL_CATALOGUE_MS).unref();
      });
      const serviceOf = (id: AccountId): ArchiveService | null => {
        const found = account(id);
        return found && service(found);
      };
      const deleting = new Deleting({
        ...world,
        gathered,
        taken,
        inventories,
        store,
        tasks,
        kinds,
        service: serviceOf,
      });
      const wake = taken.onChange((ids: readonly InventoryId[]) => {
        guard(() => {
          for (const inventory of taken.views(ids)) deleting.inventoryChanged(inventory);
        });
      });
      return {
        deleting,
        store,
        feed,
        close() {
          tellCatalogue();
          wake();
          if (timer) clearTimeout(timer);
          feed.close();
        },
      };
    },
  };
}

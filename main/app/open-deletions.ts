import type { Account, AccountId } from '../../shared/account.ts';
import type { ChoreId, ChoreView } from '../../shared/chore.ts';
import type { InventoryId } from '../../shared/inventory.ts';
import type { Events } from '../../shared/contract.ts';
import { SECOND } from '../../shared/units.ts';
import type { PlaceRegistry } from '../places/registry.ts';
import { ChoreStore } from '../deletions/chore-store.ts';
import { employChoreWorkers } from '../deletions/chore-workers.ts';
import { DoomedArchives } from '../deletions/doomed-store.ts';
import { GatheredDeletions } from '../deletions/gathered-store.ts';
import type { Clock, SourceFiles } from '../core/ports.ts';
import { Deleting } from '../deletions/deletions.ts';
import type { Engine } from './open-engine.ts';
import type { ServedInventories } from './open-inventories.ts';
import { Feed, type Guard, inOnePiece } from './feed.ts';
import type { ArchiveRecorder } from '../store/archive-recorder.ts';
import type { CatalogueReader } from '../store/catalogue-reader.ts';
import type { CatalogueStore } from '../store/catalogue.ts';
import type { Db } from '../store/database.ts';
import type { InventoryStore } from '../store/inventories.ts';

/** A window reads its page of the catalogue anew each time it hears of a change. */
const TELL_CATALOGUE_MS = 1 * SECOND;

type Listeners = {
  changed: (changes: Events['chores:changed']) => void;
  /** The catalogue has fewer archives than before. */
  archivesDeleted: () => void;
  guard: Guard;
};

export type ServedChores = { deleting: Deleting; store: ChoreStore; feed: Feed<ChoreId, ChoreView>; close(): void };

type World = Pick<ServedInventories, 'inventories'> & {
  engine: Engine;
  taken: InventoryStore;
  db: Db;
  catalogue: CatalogueStore;
  recorder: ArchiveRecorder;
  files: SourceFiles;
  clock: Clock;
  reader: CatalogueReader;
  account: (id: AccountId) => Account | null;
  places: PlaceRegistry;
};

/** Builds all that deletions and emptyings are made of. */
export function openChores(world: World, { changed, archivesDeleted, guard }: Listeners): ServedChores {
  const { db, engine, catalogue, recorder, taken, clock, account, places } = world;
  const { tasks, waits, runner, commands } = engine;
  const store = new ChoreStore(db, tasks, () => waits.list());
  const archives = new DoomedArchives(db, tasks, catalogue, recorder);
  const gathered = new GatheredDeletions(db, store, archives, clock, guard);
  employChoreWorkers(runner, { chores: store, archives, inventories: taken, clock, places });
  const deleting = new Deleting({
    ...world,
    gathered,
    store,
    runner,
    commands,
    hasAccount: (id) => account(id) !== null,
  });
  const feed = new Feed(store, inOnePiece(store), changed, guard);
  let timer: NodeJS.Timeout | null = null;
  const stops = [
    store.onChange(() => {
      timer ??= setTimeout(() => {
        timer = null;
        guard(archivesDeleted);
      }, TELL_CATALOGUE_MS).unref();
    }),
    taken.onChange((ids: readonly InventoryId[]) => {
      guard(() => {
        for (const inventory of taken.views(ids)) deleting.inventoryChanged(inventory);
      });
    }),
    waits.onChange(() => {
      guard(() => {
        feed.tell(deleting.openIds());
      });
    }),
  ];
  return {
    deleting,
    store,
    feed,
    close() {
      for (const stop of stops) stop();
      gathered.close();
      if (timer) clearTimeout(timer);
      feed.close();
    },
  };
}

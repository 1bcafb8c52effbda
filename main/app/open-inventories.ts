import { join } from 'node:path';
import type { Account, AccountId } from '../../shared/account.ts';
import type { Events } from '../../shared/contract.ts';
import type { InventoryId, InventoryView, LiveInventory } from '../../shared/inventory.ts';
import { SECOND } from '../../shared/units.ts';
import type { InventoryPorts } from '../inventories/steps/context.ts';
import type { Clock } from '../engine/clock.ts';
import type { LaneRule } from '../engine/runner.ts';
import { INVENTORY_LANES } from '../inventories/inventory-kind.ts';
import { inventoryWorker } from '../inventories/inventory-worker.ts';
import { Feed, type Guard, inOnePiece } from './feed.ts';
import { Inventories } from '../inventories/inventories.ts';
import { inventoryOutputs } from '../inventories/outputs.ts';
import type { ArchiveService } from '../places/ports/archive-service.ts';
import type { ArchiveRecorder } from '../store/archive-recorder.ts';
import type { CatalogueStore } from '../store/catalogue.ts';
import type { Db } from '../store/database.ts';
import { InventoryStore } from '../store/inventories.ts';
import type { Engine } from './open-engine.ts';
import { ProgressTicker } from './ticker.ts';

/** A catalogue that grows is shown so often. */
const SHOW_MS = 5 * SECOND;

const LANES: readonly LaneRule[] = [
  { name: INVENTORY_LANES.asking, limit: () => 4 },
  { name: INVENTORY_LANES.fetching, limit: () => 2 },
];

type Listeners = {
  changed: (changes: Events['inventories:changed']) => void;
  progress: (progress: Events['inventories:progress']) => void;
  /** The catalogue has other archives, or knows more of them. */
  reconciled: () => void;
  guard: Guard;
};

export type ServedInventories = {
  inventories: Inventories;
  store: InventoryStore;
  feed: Feed<InventoryId, InventoryView>;
  close(): void;
};

type World = {
  db: Db;
  engine: Engine;
  catalogue: CatalogueStore;
  recorder: ArchiveRecorder;
  dataFolder: string;
  clock: Clock;
  account: (id: AccountId) => Account | null;
  service: (account: Account) => ArchiveService;
};

/** Builds all that inventories are made of. */
export function openInventories(world: World, listeners: Listeners): ServedInventories {
  const { db, engine, catalogue, recorder, dataFolder } = world;
  const store = new InventoryStore(db, engine.tasks, catalogue, recorder);
  const outputs = inventoryOutputs(join(dataFolder, 'inventories'));
  const live: InventoryPorts['live'] = new Map();
  engine.runner.employ(inventoryWorker({ ...world, inventories: store, outputs, live }), LANES);
  const { changed, progress, reconciled, guard } = listeners;
  const feed = new Feed(store, inOnePiece(store), changed, guard);
  const look = (): { progress: LiveInventory[]; isEmpty: boolean } => {
    const moving = [...live].map(([id, done]) => ({ id, done }));
    return { progress: moving, isEmpty: moving.length === 0 };
  };
  const ticker = new ProgressTicker(look, progress, guard);
  const isReconciling = (id: InventoryId): boolean => store.get(id)?.phase.kind === 'reconciling';
  const shower = setInterval(() => {
    if ([...live.keys()].some(isReconciling)) guard(reconciled);
  }, SHOW_MS).unref();
  const stops = [
    store.onEnded(() => {
      guard(reconciled);
    }),
    // Whoever wants one, as an emptying does, need not know who takes it.
    store.onWanted(() => {
      engine.runner.look();
    }),
  ];
  const inventories = new Inventories({ ...world, ...engine, store, outputs });
  void inventories.tidy();
  return {
    inventories,
    store,
    feed,
    close() {
      for (const stop of stops) stop();
      clearInterval(shower);
      ticker.close();
      feed.close();
    },
  };
}

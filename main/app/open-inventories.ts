import { join } from 'node:path';
import type { Events } from '../../shared/contract.ts';
import type { InventoryId, InventoryView, LiveInventory } from '../../shared/inventory.ts';
import { SECOND } from '../../shared/units.ts';
import type { InventoryPorts } from '../inventories/steps/context.ts';
import { InventoryKind } from '../inventories/kinds.ts';
import type { Clock } from '../core/ports.ts';
import type { TaskRunner } from '../core/task-runner.ts';
import { Feed, type Guard, inOnePiece } from './feed.ts';
import { Inventories } from '../inventories/inventories.ts';
import { inventoryOutputs } from '../inventories/outputs.ts';
import type { ArchiveRecorder } from '../store/archive-recorder.ts';
import type { CatalogueStore } from '../store/catalogue.ts';
import type { Db } from '../store/database.ts';
import { InventoryStore } from '../store/inventories.ts';
import { ProgressTicker } from './ticker.ts';

/** A catalogue that grows is shown so often. */
const SHOW_MS = 5 * SECOND;

export type OpenInventories = {
  kinds: InventoryKind[];
  store: InventoryStore;
  /** To be called with the runner of the kinds. */
  serve(tasks: TaskRunner, listeners: Listeners): ServedInventories;
};

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

/** Builds all that inventories are made of. */
export function openInventories(world: {
  db: Db;
  catalogue: CatalogueStore;
  recorder: ArchiveRecorder;
  dataFolder: string;
  clock: Clock;
}): OpenInventories {
  const { db, catalogue, recorder, dataFolder, clock } = world;
  const store = new InventoryStore(db, catalogue, recorder);
  const outputs = inventoryOutputs(join(dataFolder, 'inventories'));
  const live: InventoryPorts['live'] = new Map();
  const ports: InventoryPorts = { inventories: store, outputs, live };
  const kinds = [new InventoryKind('asking', ports), new InventoryKind('fetching', ports)];
  return {
    kinds,
    store,
    serve(tasks, { changed, progress, reconciled, guard }) {
      const feed = new Feed(store, inOnePiece(store), changed, guard);
      const look = (): { progress: LiveInventory[]; isEmpty: boolean } => {
        const moving = [...live].map(([id, done]) => ({ id, done }));
        return { progress: moving, isEmpty: moving.length === 0 };
      };
      const ticker = new ProgressTicker(look, progress, guard);
      let shownAt = 0;
      const isReconciling = (id: InventoryId): boolean => store.get(id)?.phase.kind === 'reconciling';
      const shower = setInterval(() => {
        if ([...live.keys()].some(isReconciling)) guard(reconciled);
      }, SHOW_MS).unref();
      const unsubscribe = store.onChange((ids) => {
        const endedAt = Math.max(0, ...store.views(ids).map(({ last }) => last?.endedAt ?? 0));
        if (endedAt <= shownAt) return;
        shownAt = endedAt;
        guard(reconciled);
      });
      const inventories = new Inventories({ store, outputs, tasks, kinds, clock });
      void inventories.tidy();
      return {
        inventories,
        store,
        feed,
        close() {
          unsubscribe();
          clearInterval(shower);
          ticker.close();
          feed.close();
        },
      };
    },
  };
}

import { Checks } from '../checks/checks.ts';
import type { Ground } from './foundation.ts';
import { type ServedChores, openChores } from './open-deletions.ts';
import { type ServedInventories, openInventories } from './open-inventories.ts';
import { type ServedRetrievals, openRetrievals } from './open-retrievals.ts';
import { FileCheckStore } from '../checks/file-check-store.ts';

export type Tasks = {
  inventories: ServedInventories;
  retrievals: ServedRetrievals;
  chores: ServedChores;
  checks: Checks;
  close(): void;
};

/** Builds all that is durable beside uploads: inventories, retrievals, deletions, checks. */
export function openTasks(ground: Ground): Tasks {
  const { db, engine, settings, listeners, guard, tellArchives } = ground;
  const retrievals = openRetrievals(
    { ...ground, reader: ground.catalogueReader, settings: () => settings.get() },
    {
      changed: listeners.teller('retrievals:changed'),
      progress: listeners.teller('retrievals:progress'),
      guard,
    },
  );
  const inventories = openInventories(ground, {
    changed: listeners.teller('inventories:changed'),
    progress: listeners.teller('inventories:progress'),
    reconciled() {
      tellArchives();
      ground.notices.look();
    },
    guard,
  });
  const checks = new Checks({
    store: new FileCheckStore(db, engine.tasks),
    reader: ground.catalogueReader,
    clock: ground.clock,
    runner: engine.runner,
    commands: engine.commands,
    catalogue: ground.catalogue,
    files: ground.hashing.files,
    doomed: (ids) => chores.deleting.doomed(ids),
    emit: listeners.teller('checks:changed'),
    guard,
  });
  const chores: ServedChores = openChores(
    {
      ...ground,
      files: ground.hashing.files,
      inventories: inventories.inventories,
      taken: inventories.store,
      reader: ground.catalogueReader,
    },
    { changed: listeners.teller('chores:changed'), archivesDeleted: tellArchives, guard },
  );
  return {
    inventories,
    retrievals,
    chores,
    checks,
    close() {
      for (const part of [retrievals, inventories, checks, chores]) part.close();
    },
  };
}

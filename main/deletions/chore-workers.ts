import type { Failure } from '../../shared/failure.ts';
import type { TaskId } from '../../shared/task.ts';
import { Parallelism } from '../core/parallelism.ts';
import type { Clock } from '../engine/clock.ts';
import type { LaneRule, Runner } from '../engine/runner.ts';
import type { StepContext, Worker } from '../engine/worker.ts';
import type { PlaceRegistry } from '../places/registry.ts';
import type { ChoreStore } from './chore-store.ts';
import { type DeletionContext, deleteArchives } from './delete-archives.ts';
import { DELETION_LANE } from './deletion-kind.ts';
import { emptyVault } from './empty-vault.ts';
import { EMPTYING_LANE } from './emptying-kind.ts';
import type { ArchivesToDelete, DeletionTask, EmptyingTask, VaultInventories } from './ports.ts';

/** Requests of one kind of chore on the wire, while Glacier does not ask to slow down. */
const REQUESTS_AT_ONCE = 6;

/** An emptying mostly waits. */
const LANES: Readonly<Record<'deletion' | 'emptying', LaneRule>> = {
  deletion: { name: DELETION_LANE, limit: () => 1 },
  emptying: { name: EMPTYING_LANE, limit: () => 4 },
};

export type ChorePorts = {
  chores: ChoreStore;
  archives: ArchivesToDelete;
  inventories: VaultInventories;
  clock: Clock;
  places: Pick<PlaceRegistry, 'called'>;
};

/** Lets deletions and emptyings run. */
export function employChoreWorkers(runner: Pick<Runner, 'employ'>, ports: ChorePorts): void {
  const { chores } = ports;
  runner.employ(
    workerOf('deletion', (id) => chores.deletion(id), workOff, ports),
    [LANES.deletion],
  );
  runner.employ(
    workerOf('emptying', (id) => chores.emptying(id), emptyVault, ports),
    [LANES.emptying],
  );
}

function workerOf<T extends DeletionTask | EmptyingTask>(
  kind: Worker['kind'],
  get: (id: TaskId) => T | null,
  advance: (task: T, context: DeletionContext) => Promise<Failure | null>,
  { places, ...ports }: ChorePorts,
): Worker {
  const parallelism = new Parallelism(() => REQUESTS_AT_ONCE);
  return {
    kind,
    async step(id: TaskId, context: StepContext) {
      const task = get(id);
      if (!task) return null;
      const { accountId, vault } = task.place;
      const place = places.called(accountId, vault);
      if (!place) throw new Error(`The account ${accountId} is gone`);
      return advance(task, { ...context, ...ports, place, parallelism });
    },
  };
}

/** deleting → done. */
async function workOff(task: DeletionTask, context: DeletionContext): Promise<Failure | null> {
  const failure = await deleteArchives(task, context);
  if (failure) return failure;
  context.chores.moveDeletion(task.id, { kind: 'worked-off', at: context.clock.now() });
  return null;
}

import type { AccountId } from '../../shared/account.ts';
import { type ChoreId, type ChoreView, isOver } from '../../shared/chore.ts';
import type { Failure } from '../../shared/failure.ts';
import type { HoldEvent } from '../../shared/hold.ts';
import { Parallelism } from '../core/parallelism.ts';
import type { TaskContext, TaskKind } from '../core/task-runner.ts';
import { type DeletionContext, deleteArchives } from './delete-archives.ts';
import { emptyVault } from './empty-vault.ts';
import type { ArchivesToDelete, Chores, VaultInventories } from './ports.ts';

/** Requests of one kind of chore on the wire, while Glacier does not ask to slow down. */
const REQUESTS_AT_ONCE = 6;
/** An emptying mostly waits. */
const CHORES_AT_ONCE: Readonly<Record<ChoreView['kind'], number>> = { deletion: 1, emptying: 4 };

/** Chores of one kind as the runner sees them. */
export class ChoreKind implements TaskKind {
  readonly name: ChoreView['kind'];
  readonly #chores: Chores;
  readonly #archives: ArchivesToDelete;
  readonly #inventories: VaultInventories;
  readonly #parallelism = new Parallelism(() => REQUESTS_AT_ONCE);

  constructor(name: ChoreView['kind'], chores: Chores, archives: ArchivesToDelete, inventories: VaultInventories) {
    this.name = name;
    this.#chores = chores;
    this.#archives = archives;
    this.#inventories = inventories;
  }

  parallel(): number {
    return CHORES_AT_ONCE[this.name];
  }

  due(now: number, limit: number, waiting: readonly AccountId[]): string[] {
    return this.#chores.due(this.name, now, limit, waiting);
  }

  nextDue(now: number): number | null {
    return this.#chores.nextDue(this.name, now);
  }

  state(id: string): ReturnType<TaskKind['state']> {
    const chore = this.#chores.get(id as ChoreId);
    return chore && chore.kind === this.name && !isOver(chore) ? chore : null;
  }

  async advance(id: string, context: TaskContext): Promise<Failure | null> {
    const chore = this.#chores.get(id as ChoreId);
    if (!chore) return null;
    const all = {
      ...context,
      chores: this.#chores,
      archives: this.#archives,
      inventories: this.#inventories,
      parallelism: this.#parallelism,
    };
    return chore.kind === 'emptying' ? emptyVault(chore, all) : workOff(chore, all);
  }

  hold(id: string, event: HoldEvent & { at: number }): void {
    if (this.state(id)) this.#chores.apply(id as ChoreId, event);
  }
}

/** deleting → done. */
async function workOff(chore: ChoreView, context: DeletionContext): Promise<Failure | null> {
  const failure = await deleteArchives(chore, context);
  if (failure) return failure;
  context.chores.apply(chore.id, { kind: 'worked-off', at: context.clock.now() });
  return null;
}

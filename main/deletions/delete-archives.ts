import { type Failure, isAccountFailure, isTransient } from '../../shared/failure.ts';
import type { Result } from '../../shared/result.ts';
import type { Parallelism } from '../core/parallelism.ts';
import type { Clock } from '../engine/clock.ts';
import type { StepContext } from '../engine/worker.ts';
import type { ArchiveService } from '../places/ports/archive-service.ts';
import type { ChoreStore } from './chore-store.ts';
import type { ArchivesToDelete, ChoreTask, DeletionOutcome, Doomed, VaultInventories } from './ports.ts';

/** Few enough that a crash repeats little, many enough that commits cost little. */
const BATCH = 50;
/** When Glacier refuses so many one after the other, it will refuse the rest as well, and somebody has to look. */
const MOST_REFUSED_IN_A_ROW = 100;

export type DeletionContext = StepContext & {
  chores: ChoreStore;
  clock: Clock;
  service: ArchiveService;
  archives: ArchivesToDelete;
  inventories: VaultInventories;
  parallelism: Parallelism;
};

/**
 * Asks Glacier to delete one archive after the other until none is left, a few at the same time. Null when all were tried.
 * Asking again is harmless, so what was answered is committed in batches, and an answer that was lost is asked for anew.
 */
export async function deleteArchives(task: ChoreTask, context: DeletionContext): Promise<Failure | null> {
  const { softSignal } = context;
  let refusedInARow = 0;
  for (let after = ''; ;) {
    const batch = context.archives.toDelete(task, after, BATCH);
    if (batch.length === 0) return null;
    after = batch.findLast(({ seq }) => seq === null)?.archiveId ?? after;
    softSignal.throwIfAborted();
    const { outcomes, failure } = await deleteBatch(task, batch, context);
    if (failure) return failure;
    const refusals = outcomes.flatMap(({ refusal }) => refusal ?? []);
    refusedInARow = refusals.length === outcomes.length ? refusedInARow + refusals.length : 0;
    const [refusal] = refusals;
    if (refusal && refusedInARow >= MOST_REFUSED_IN_A_ROW) return refusal;
  }
}

type Batch = { outcomes: DeletionOutcome[]; failure: Failure | null };

/** Commits what was answered, also when something stops it in the middle. */
async function deleteBatch(task: ChoreTask, doomed: readonly Doomed[], context: DeletionContext): Promise<Batch> {
  const { chores, service, clock, softSignal } = context;
  const batch: Batch = { outcomes: [], failure: null };
  const waiting = [...doomed];
  const next = (): Doomed | undefined => (batch.failure === null && !softSignal.aborted ? waiting.shift() : undefined);
  const work = async (): Promise<void> => {
    for (let archive = next(); archive; archive = next()) await deleteOne(task, archive, context, batch);
  };
  const ends = await Promise.allSettled(Array.from({ length: context.parallelism.current() }, work));
  if (batch.outcomes.length > 0) {
    context.archives.settleDeletions(task, batch.outcomes, service.now());
    if (chores.get(task.id)?.hold?.kind === 'backoff') chores.hold(task.id, { kind: 'recovered', at: clock.now() });
  }
  const thrown = ends.find((end) => end.status === 'rejected');
  if (thrown) throw thrown.reason;
  return batch;
}

async function deleteOne(
  task: ChoreTask,
  archive: Doomed,
  { service, clock, signal, parallelism }: DeletionContext,
  batch: Batch,
): Promise<void> {
  const answer = await service.deleteArchive({ vault: task.place.vault, archiveId: archive.archiveId }, signal);
  if (answer.ok) parallelism.arrived();
  else parallelism.failed(answer.failure, clock.now());
  const stop = stopBy(answer);
  if (stop) batch.failure ??= stop;
  else batch.outcomes.push({ ...archive, refusal: refusalOf(answer) });
}

/** Failures that are not about this archive alone. */
function stopBy(answer: Result<null>): Failure | null {
  if (answer.ok) return null;
  const { failure } = answer;
  return isTransient(failure) || isAccountFailure(failure) || failure.kind === 'vault-missing' ? failure : null;
}

/** An archive that is not there any more is deleted, and so is one that never was in this vault: Glacier has touched nothing. */
function refusalOf(answer: Result<null>): Failure | null {
  return answer.ok || answer.failure.kind === 'not-found' || answer.failure.kind === 'archive-elsewhere'
    ? null
    : answer.failure;
}

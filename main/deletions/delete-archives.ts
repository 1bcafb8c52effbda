import { type Failure, isAccountFailure, isTransient } from '../../shared/failure.ts';
import { type Result, fail } from '../../shared/result.ts';
import type { Parallelism } from '../core/parallelism.ts';
import type { Clock } from '../engine/clock.ts';
import type { StepContext } from '../engine/worker.ts';
import type { ServedPlace } from '../places/ports/place-ports.ts';
import type { ChoreStore } from './chore-store.ts';
import type { ArchivesToDelete, ChoreTask, DeletionOutcome, Doomed, VaultInventories } from './ports.ts';

/** Few enough that a crash repeats little, many enough that commits cost little. */
const BATCH = 50;
/** When Glacier refuses so many one after the other, it will refuse the rest as well, and somebody has to look. */
const MOST_REFUSED_IN_A_ROW = 100;

export type DeletionContext = StepContext & {
  chores: ChoreStore;
  clock: Clock;
  place: ServedPlace;
  archives: ArchivesToDelete;
  inventories: VaultInventories;
  parallelism: Parallelism;
};

/**
 * Has archives deleted, as many at once as the place takes and a few requests at the same time, until none is left. Null when all were tried.
 * Asking again is harmless, so what was answered is committed in batches, and an answer that was lost is asked for anew.
 */
export async function deleteArchives(task: ChoreTask, context: DeletionContext): Promise<Failure | null> {
  const { softSignal } = context;
  let refusedInARow = 0;
  for (let after = ''; ;) {
    const batch = context.archives.toDelete(task, after, Math.max(BATCH, context.place.remover.mostAtOnce));
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
  const { chores, place, clock, softSignal } = context;
  const { mostAtOnce } = place.remover;
  const batch: Batch = { outcomes: [], failure: null };
  const waiting = [...doomed];
  const next = (): Doomed[] => (batch.failure === null && !softSignal.aborted ? waiting.splice(0, mostAtOnce) : []);
  const work = async (): Promise<void> => {
    for (let some = next(); some.length > 0; some = next()) await deleteSome(some, context, batch);
  };
  const ends = await Promise.allSettled(Array.from({ length: context.parallelism.current() }, work));
  if (batch.outcomes.length > 0) {
    context.archives.settleDeletions(task, batch.outcomes, place.remover.now());
    if (chores.get(task.id)?.hold?.kind === 'backoff') chores.hold(task.id, { kind: 'recovered', at: clock.now() });
  }
  const thrown = ends.find((end) => end.status === 'rejected');
  if (thrown) throw thrown.reason;
  return batch;
}

/** One request. */
async function deleteSome(
  doomed: readonly Doomed[],
  { place, clock, signal, parallelism }: DeletionContext,
  batch: Batch,
): Promise<void> {
  const answer = await place.remover.remove(
    doomed.map(({ archiveId }) => archiveId),
    signal,
  );
  const removals = new Map(answer.ok ? answer.value.map(({ archiveId, result }) => [archiveId, result]) : []);
  const trouble = answer.ok ? [...removals.values()].find((result) => !result.ok) : answer;
  if (trouble?.ok === false) parallelism.failed(trouble.failure, clock.now());
  else parallelism.arrived();
  for (const archive of doomed) {
    const result = answer.ok ? (removals.get(archive.archiveId) ?? unanswered) : answer;
    const stop = stopBy(result);
    if (stop) batch.failure ??= stop;
    else batch.outcomes.push({ ...archive, refusal: result.ok ? null : result.failure });
  }
}

const unanswered: Result<null> = fail({ kind: 'answer-garbled', detail: 'it does not speak of every archive' });

/** Failures that are not about this archive alone. */
function stopBy(answer: Result<null>): Failure | null {
  if (answer.ok) return null;
  const { failure } = answer;
  return isTransient(failure) || isAccountFailure(failure) || failure.kind === 'vault-missing' ? failure : null;
}

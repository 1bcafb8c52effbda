import { randomUUID } from 'node:crypto';
import { join, relative } from 'node:path';
import { isHoldEvent } from '../../shared/hold.ts';
import { type ByteRange, rangeLength } from '../../shared/part-plan.ts';
import type { RetrievalRequest } from '../../shared/retrieval-limits.ts';
import {
  type RetrievalEvent,
  type RetrievalId,
  type RetrievalJob,
  type RetrievalStep,
  type RetrievalView,
  type VerifiedRange,
  mayHaveName,
} from '../../shared/retrieval.ts';
import { targetKey } from '../../shared/target-path.ts';
import type { Tier } from '../../shared/tier.ts';
import type { TreeHash } from '../../shared/upload.ts';
import type { Left } from '../core/live.ts';
import type { Task, TaskPlace } from '../engine/task.ts';
import type { NewRetrieval, Partial, Retrieval, RetrievalQueue } from '../retrievals/ports.ts';
import { retrievalKind } from '../retrievals/retrieval-kind.ts';
import { type RetrievalState, holdAfterStep } from '../retrievals/retrieval-state.ts';
import type { Db } from './database.ts';
import { present } from './hold-columns.ts';
import { toJob, toNewTask, toPartialFacts, toRetrieval } from './retrieval-rows.ts';
import { retrievalStatements } from './retrieval-statements.ts';
import { PieceStore } from './tasks/piece-store.ts';
import type { TaskListener, TaskStore } from './tasks/task-store.ts';

type RetrievalTask = Task<RetrievalState>;
/** What a range is kept with when Glacier told the same hash. */
const CONFIRMED = 'confirmed';

/** The retrievals in SQLite. */
export class RetrievalStore implements RetrievalQueue {
  readonly #tasks: TaskStore;
  readonly #pieces: PieceStore;
  readonly #sql: ReturnType<typeof retrievalStatements>;
  readonly #namedListeners = new Set<(id: RetrievalId) => void>();
  /** Null until it is added up again. */
  #outstanding: number | null = null;

  constructor(db: Db, tasks: TaskStore) {
    this.#tasks = tasks;
    this.#pieces = new PieceStore(db, tasks);
    this.#sql = retrievalStatements(db);
    tasks.alongside(retrievalKind, (before, event) => {
      this.#alongside(before, event);
    });
    this.onChange(() => {
      this.#outstanding = null;
    });
  }

  /** Hears, after each commit, which retrievals are others than before and which are no longer listed. */
  onChange(listener: TaskListener): () => void {
    return this.#tasks.onChange(retrievalKind, listener);
  }

  /** Calls back for each that is cancelled while its file may have its name already. */
  onCancelledWithName(listener: (id: RetrievalId) => void): () => void {
    this.#namedListeners.add(listener);
    return () => this.#namedListeners.delete(listener);
  }

  get(id: RetrievalId): Retrieval | null {
    const task = this.#tasks.get(retrievalKind, id);
    return task && toRetrieval(task);
  }

  list(): RetrievalView[] {
    return this.page(Number.MIN_SAFE_INTEGER, -1);
  }

  /** Those after a position, in order; all of them when the limit is negative. */
  page(after: number, limit: number): RetrievalView[] {
    return this.#tasks.page(retrievalKind, after, limit).map((task) => toView(toRetrieval(task)));
  }

  views(ids: readonly RetrievalId[]): RetrievalView[] {
    return this.#tasks.all(retrievalKind, ids).map((task) => toView(toRetrieval(task)));
  }

  /** The ids of retrievals that are not over. */
  openIds(): RetrievalId[] {
    return [...this.#tasks.open(retrievalKind)];
  }

  /** Cancelled ones whose temporary file may still be there. */
  leftovers(): Retrieval[] {
    return this.#sql.leftovers.all().flatMap(({ id }) => this.get(id) ?? []);
  }

  /** Those that are larger than the user's limits allow. */
  aboveLimit(): RetrievalId[] {
    return this.#sql.aboveLimit.all().map(({ id }) => id);
  }

  /** Retrievals that are ready at Glacier, and their bytes that are not yet here; what the user paused or must mend is left out. */
  left(): Left {
    const left = { files: 0, bytes: 0 };
    for (const { phase, hold, tasks, doneBytes, totalBytes } of this.#tasks.sums(retrievalKind)) {
      if (phase !== 'downloading' || hold === 'paused' || hold === 'failed') continue;
      left.files += tasks;
      left.bytes += totalBytes - doneBytes;
    }
    return left;
  }

  apply(id: RetrievalId, event: RetrievalEvent): void {
    this.#tasks.transaction(() => {
      const before = this.#task(id);
      this.#tasks.apply(retrievalKind, id, event);
      const hold = isHoldEvent(event) ? null : holdAfterStep(before.hold, event);
      if (hold) this.#tasks.hold(id, { ...hold, at: event.at });
    });
  }

  add(retrievals: readonly (NewRetrieval & { targetKey: string })[], now: number): RetrievalId[] {
    return this.#tasks.add(retrievalKind, retrievals.map(toNewTask), now);
  }

  setPartial(id: RetrievalId, partial: Partial | null): void {
    this.#tasks.revise(retrievalKind, id, toPartialFacts(partial));
  }

  recordRange(id: RetrievalId, { treeHash, confirmed, ...range }: VerifiedRange, modifiedNs: string): void {
    this.#tasks.transaction(() => {
      const task = this.#task(id);
      const { first } = task.state;
      const piece = { ...range, checksum: treeHash, receipt: confirmed ? CONFIRMED : '' };
      this.#pieces.add(task, piece, retrievalKind.urgentAt(task.state));
      this.#sql.setModified.run({ id, modifiedNs });
      const arrived = { first: range.first + first, last: range.last + first };
      this.#sql.arrived.run({ id, ...arrived, bytes: rangeLength(range) });
    });
  }

  ranges(id: RetrievalId): VerifiedRange[] {
    return this.#pieces.all(id).map(({ first, last, checksum, receipt, at }) => ({
      first,
      last,
      treeHash: checksum as TreeHash,
      confirmed: receipt === CONFIRMED,
      at,
    }));
  }

  jobs(id: RetrievalId): RetrievalJob[] {
    return this.#sql.jobs.all({ id }).map(toJob);
  }

  awaited(place: TaskPlace): { id: RetrievalId; jobId: string }[] {
    return this.#sql.awaited.all({ ...place });
  }

  youngest(place: TaskPlace): { tier: Tier; requestedAt: number; waiting: number }[] {
    return this.#sql.youngest.all({ ...place });
  }

  outstanding(): number {
    this.#outstanding ??=
      (this.#sql.outstandingJobs.get()?.bytes ?? 0) + (this.#sql.outstandingAsked.get()?.bytes ?? 0);
    return this.#outstanding;
  }

  openBytes(): number {
    const open = this.#tasks.sums(retrievalKind).filter(({ phase }) => phase !== 'retrieved' && phase !== 'cancelled');
    return open.reduce((sum, { doneBytes, totalBytes }) => sum + totalBytes - doneBytes, 0);
  }

  expectedInto({ id, folderId }: Pick<Retrieval, 'id' | 'folderId'>): number {
    const device = folderId.slice(0, folderId.indexOf(':') + 1);
    return this.#sql.expectedInto.get({ id, device })?.bytes ?? 0;
  }

  /** Bytes per second, as the line was measured last; null when it never was. */
  lineRate(): number | null {
    return this.#sql.lineRate.get()?.rate ?? null;
  }

  keepLineRate(rate: number): void {
    this.#sql.setLineRate.run({ rate });
  }

  /** The mark of a folder, a new one when it has none yet. */
  markOf(folder: string, folderId: string): string {
    const known = this.#sql.markOf.get({ folder, folderId });
    if (known !== undefined) return known.mark;
    const mark = randomUUID().slice(0, 8);
    this.#sql.addMark.run({ mark, folder, folderId });
    return mark;
  }

  /** These go to another path from now on, with what is there of them. */
  relocate(
    ids: readonly RetrievalId[],
    { path, id: folderId, mark: folderMark }: { path: string; id: string; mark: string },
    at: number,
  ): void {
    this.#tasks.transaction(() => {
      for (const id of ids) {
        const { folder, relativePath, partialPath } = this.#task(id).state;
        this.#tasks.revise(retrievalKind, id, {
          folder: path,
          folderId,
          folderMark,
          partialPath: partialPath === null ? null : join(path, relative(folder, partialPath)),
          targetKey: targetKey(path, relativePath),
        });
        this.apply(id, { kind: 'relocated', folder: path, at });
      }
    });
  }

  isMarkNeeded(mark: string, exceptFor: RetrievalId | null): boolean {
    return this.#sql.isMarkNeeded.get({ mark, exceptFor: exceptFor ?? '' }) !== undefined;
  }

  /** Marks of folders into which nothing goes any more. */
  idleMarks(): { mark: string; folder: string }[] {
    return this.#sql.idleMarks.all();
  }

  /** Its file is gone. It stays on record as long as a retrieval that is over names it. */
  forgetMark(mark: string): void {
    this.#sql.forgetMark.run({ mark });
  }

  events(id: RetrievalId, limit: number): RetrievalEvent[] {
    return this.#tasks.events(id, limit) as RetrievalEvent[];
  }

  requestsSince(at: number): RetrievalRequest[] {
    return this.#sql.requestsSince.all({ at });
  }

  requestedSince(at: number): { bytes: number; cost: number } {
    return this.#sql.requestedSince.get({ at }) ?? { bytes: 0, cost: 0 };
  }

  /** Whether the same bytes of the archive wait or arrive already, for the same folder. */
  isQueued({
    accountId,
    vault,
    archiveId,
    folder,
    range,
  }: Pick<NewRetrieval, 'accountId' | 'vault' | 'archiveId' | 'folder' | 'range'>): boolean {
    return this.#sql.isQueued.get({ accountId, vault, archiveId, folder, ...range }) !== undefined;
  }

  /** Whether another open retrieval goes to a file of that name. */
  isTargetTaken(key: string): boolean {
    return this.#sql.isTargetTaken.get({ targetKey: key }) !== undefined;
  }

  /** Those that go to this folder, over or not. */
  inFolder(folder: string): RetrievalView[] {
    return this.views(this.#sql.inFolder.all({ folder }).map(({ id }) => id));
  }

  /** Takes these off the list, as far as they are over. */
  forget(ids: readonly RetrievalId[]): void {
    this.#tasks.transaction(() => {
      for (const id of ids) this.#tasks.remove(id);
    });
  }

  #task(id: RetrievalId): RetrievalTask {
    const task = this.#tasks.get(retrievalKind, id);
    if (!task) throw new Error(`No retrieval ${id}`);
    return task;
  }

  /** What belongs to the event beside the row's own columns, in the same transaction. */
  #alongside(before: RetrievalTask, event: { at: number } & (RetrievalStep | { kind: 'cancelled' })): void {
    const { id, place, state } = before;
    if (event.kind === 'asked') {
      const { at, tier, cost } = event;
      const { accountId } = present(place);
      const costMicros = Math.ceil(cost * 1_000_000);
      this.#sql.addRequest.run({ id, at, accountId, tier, bytes: rangeLength(event), costMicros });
    }
    const askedAt = state.phase.kind === 'queued' ? state.phase.askedAt : null;
    if (event.kind === 'request-settled' && askedAt !== null) this.#sql.removeRequest.run({ id, at: askedAt });
    if (event.kind === 'damaged') this.#drop(before, event.ranges);
    if (event.kind === 'cancelled' && mayHaveName(toRetrieval(before)))
      for (const listener of this.#namedListeners) listener(id);
    this.#withJobs(before, event);
  }

  #withJobs(before: RetrievalTask, event: { at: number } & (RetrievalStep | { kind: 'cancelled' })): void {
    const { id } = before;
    switch (event.kind) {
      case 'requested': {
        const { jobId, first, last, at } = event;
        this.#sql.addJob.run({ id, jobId, first, last, at, leftBytes: this.#leftIn(before, event) });
        return;
      }
      case 'ready':
        for (const output of event.outputs) this.#sql.setOutput.run({ id, ...output });
        return;
      case 'output-gone':
        for (const jobId of event.jobIds) this.#sql.endJob.run({ id, jobId });
        return;
      case 'job-failed':
      case 'job-lost':
        this.#sql.removeJob.run({ id, jobId: event.jobId });
        return;
      case 'agreed':
        this.#sql.removeEndedJobs.run({ id });
        return;
      case 'in-place':
      case 'cancelled':
        this.#sql.removeJobs.run({ id });
        return;
      default:
    }
  }

  /** Bytes of these, of the archive, that are wanted and not here yet. */
  #leftIn({ id, state: { first, last } }: RetrievalTask, bytes: ByteRange): number {
    const here = this.ranges(id).filter(
      (range) => range.first + first >= bytes.first && range.last + first <= bytes.last,
    );
    const wanted = Math.min(last, bytes.last) - Math.max(first, bytes.first) + 1;
    return Math.max(0, wanted - here.reduce((sum, range) => sum + rangeLength(range), 0));
  }

  #drop(task: RetrievalTask, ranges: readonly number[] | 'all'): void {
    this.#pieces.remove(task, ranges === 'all' ? this.#pieces.all(task.id).map(({ first }) => first) : ranges);
  }
}

function toView({
  region,
  treeHash,
  modifiedNs,
  rangeSize,
  folderId,
  folderMark,
  partial,
  ...view
}: Retrieval): RetrievalView {
  return view;
}

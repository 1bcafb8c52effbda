import { randomUUID } from 'node:crypto';
import { join, relative } from 'node:path';
import type { AccountId } from '../../shared/account.ts';
import type { Failure } from '../../shared/failure.ts';
import { type ByteRange, rangeLength } from '../../shared/part-plan.ts';
import type { RetrievalRequest } from '../../shared/retrieval-limits.ts';
import {
  type RetrievalEvent,
  type RetrievalId,
  type RetrievalJob,
  type RetrievalProgress,
  type RetrievalView,
  type VerifiedRange,
  retrievalTransition,
} from '../../shared/retrieval.ts';
import { targetKey } from '../../shared/target-path.ts';
import type { TreeHash } from '../../shared/upload.ts';
import type { Left } from '../core/live.ts';
import type { NewRetrieval, Partial, Retrieval, RetrievalQueue } from '../retrievals/ports.ts';
import type { Db } from './database.ts';
import { type RetrievalRow, toJob, toRetrieval, toRetrievalColumns, toRetrievalProgress } from './retrieval-rows.ts';
import { retrievalStatements } from './retrieval-statements.ts';

/** Hears, after each commit, which retrievals are others than before and which are no longer listed. */
export type RetrievalListener = (changed: readonly RetrievalId[], removed: readonly RetrievalId[]) => void;

/** Looks that change nothing are not worth a line each in a journal that people read. */
const quietFailures: ReadonlySet<string> = new Set([
  'awaiting-job',
  'line-busy',
  'request-unanswered',
  'retrieval-limit',
  'retrieval-policy',
  'target-missing',
  'target-full',
]);

/** The retrievals in SQLite. */
export class RetrievalStore implements RetrievalQueue {
  readonly #db: Db;
  readonly #sql: ReturnType<typeof retrievalStatements>;
  readonly #listeners = new Set<RetrievalListener>();

  constructor(db: Db) {
    this.#db = db;
    this.#sql = retrievalStatements(db);
  }

  onChange(listener: RetrievalListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get(id: RetrievalId): Retrieval | null {
    const row = this.#sql.get.get(id);
    return row ? toRetrieval(row) : null;
  }

  list(): RetrievalView[] {
    return this.page(0, -1);
  }

  /** Those after a position, in order; all of them when the limit is negative. */
  page(after: number, limit: number): RetrievalView[] {
    return this.#sql.page.all(after, limit).map((row) => toView(toRetrieval(row)));
  }

  views(ids: readonly RetrievalId[]): RetrievalView[] {
    return ids
      .map((id) => this.get(id))
      .filter((retrieval) => retrieval !== null)
      .map(toView);
  }

  /** The ids of retrievals that are not over, in order. */
  openIds(): RetrievalId[] {
    return this.#sql.openIds.all();
  }

  /** Cancelled ones whose temporary file may still be there. */
  leftovers(): Retrieval[] {
    return this.#sql.leftovers.all().map(toRetrieval);
  }

  /** Due at `now`, in order: those that ask for something, or those that fetch. Accounts in `waiting` are passed over. */
  due(
    what: 'asking' | 'fetching',
    {
      now,
      limit,
      waiting,
      isLineFull,
    }: { now: number; limit: number; waiting: readonly AccountId[]; isLineFull: boolean },
  ): RetrievalId[] {
    const due = this.#sql.due[what === 'asking' && isLineFull ? 'begun' : what];
    return due.all({ now, limit, waiting: JSON.stringify(waiting) });
  }

  nextDue(now: number): number | null {
    return this.#sql.nextDue.get(now) ?? null;
  }

  /** Whether any is not over. */
  hasOpen(): boolean {
    return this.#sql.firstOpen.get() !== undefined;
  }

  /** Retrievals that are ready at Glacier, and their bytes that are not yet here; what the user paused or must mend is left out. */
  left(): Left {
    return this.#sql.left.get() ?? { files: 0, bytes: 0 };
  }

  apply(id: RetrievalId, event: RetrievalEvent): RetrievalProgress {
    const next = this.#db.transaction(() => this.#move(id, event)).immediate();
    this.#announce([id]);
    return next;
  }

  /** The same for several retrievals, all or none of them. */
  applyAll(events: readonly { id: RetrievalId; event: RetrievalEvent }[]): void {
    this.#db
      .transaction(() => {
        for (const { id, event } of events) this.#move(id, event);
      })
      .immediate();
    this.#announce(events.map(({ id }) => id));
  }

  add(retrievals: readonly (NewRetrieval & { targetKey: string })[], now: number): RetrievalId[] {
    const ids = this.#db.transaction(() => retrievals.map((retrieval) => this.#insert(retrieval, now))).immediate();
    this.#announce(ids);
    return ids;
  }

  setPartial(id: RetrievalId, partial: Partial | null): void {
    this.#sql.setPartial.run({ id, ...partialColumns(partial) });
    this.#announce([id]);
  }

  recordRange(id: RetrievalId, { treeHash, confirmed, ...range }: VerifiedRange, modifiedNs: string): void {
    this.#db
      .transaction(() => {
        this.#sql.addRange.run({ id, ...range, tree_hash: treeHash, confirmed: confirmed ? 1 : 0 });
        const bytes = range.last - range.first + 1;
        this.#sql.setModified.run({ id, modifiedNs, bytes });
        const { first } = this.#row(id);
        this.#sql.arrived.run({ id, first: range.first + first, last: range.last + first, bytes });
      })
      .immediate();
    this.#announce([id]);
  }

  ranges(id: RetrievalId): VerifiedRange[] {
    return this.#sql.ranges.all(id).map(({ tree_hash, confirmed, ...range }) => ({
      ...range,
      treeHash: tree_hash as TreeHash,
      confirmed: confirmed === 1,
    }));
  }

  jobs(id: RetrievalId): RetrievalJob[] {
    return this.#sql.jobs.all(id).map(toJob);
  }

  /** Bytes that Glacier was asked for and that are not here yet. */
  outstanding(): number {
    return this.#sql.outstanding.get() ?? 0;
  }

  expectedInto({ id, folderId }: Pick<Retrieval, 'id' | 'folderId'>): number {
    return this.#sql.expectedInto.get({ id, folderId }) ?? 0;
  }

  /** Bytes per second, as the line was measured last; null when it never was. */
  lineRate(): number | null {
    return this.#sql.lineRate.get() ?? null;
  }

  keepLineRate(bytesPerSecond: number): void {
    this.#sql.setLineRate.run(bytesPerSecond);
  }

  /** The mark of a folder, a new one when it has none yet. */
  markOf(folder: string, folderId: string): string {
    const known = this.#sql.markOf.get(folder, folderId);
    if (known !== undefined) return known;
    const mark = randomUUID().slice(0, 8);
    this.#sql.addMark.run({ mark, folder, folderId });
    return mark;
  }

  /** These go to another path from now on, with what is there of them. */
  relocate(
    ids: readonly RetrievalId[],
    { path, id: folderId, mark }: { path: string; id: string; mark: string },
    at: number,
  ): void {
    this.#db
      .transaction(() => {
        for (const id of ids) {
          const { folder, relative_path, partial_path } = this.#row(id);
          const partial = partial_path === null ? null : join(path, relative(folder, partial_path));
          this.#sql.relocate.run({ id, path, folderId, mark, partial, targetKey: targetKey(path, relative_path) });
          this.#move(id, { kind: 'relocated', folder: path, at });
        }
      })
      .immediate();
    this.#announce(ids);
  }

  isMarkNeeded(mark: string, exceptFor: RetrievalId | null): boolean {
    return this.#sql.isMarkNeeded.get(mark, exceptFor ?? '') !== undefined;
  }

  /** Marks of folders into which nothing goes any more. */
  idleMarks(): { mark: string; folder: string }[] {
    return this.#sql.idleMarks.all();
  }

  /** Its file is gone. It stays on record as long as a retrieval that is over names it. */
  forgetMark(mark: string): void {
    this.#sql.forgetMark.run(mark);
  }

  events(id: RetrievalId, limit: number): RetrievalEvent[] {
    return this.#sql.events
      .all(id, limit)
      .map((json) => JSON.parse(json) as RetrievalEvent)
      .reverse();
  }

  requestsSince(at: number): RetrievalRequest[] {
    return this.#sql.requestsSince.all(at);
  }

  limitBefore(position: number): { limit: string; until: number } | null {
    const failure = this.#sql.limitBefore.get(position);
    return failure === undefined ? null : (JSON.parse(failure) as Extract<Failure, { kind: 'retrieval-limit' }>);
  }

  countRequested(accountId: AccountId, vault: string): number {
    return this.#sql.countRequested.get(accountId, vault) ?? 0;
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
  isTargetTaken(targetKey: string): boolean {
    return this.#sql.isTargetTaken.get(targetKey) !== undefined;
  }

  /** Takes those that are over off the list. Returns how many there were. */
  clearFinished(): number {
    const ids = this.#sql.removeFinished.all();
    this.#announce([], ids);
    return ids.length;
  }

  /** Those that go to this folder, over or not. */
  inFolder(folder: string): RetrievalView[] {
    return this.#sql.inFolder.all(folder).map((row) => toView(toRetrieval(row)));
  }

  /** Takes these off the list, as far as they are over. */
  forget(ids: readonly RetrievalId[]): void {
    const removed = ids.filter((id) => this.#sql.removeOne.run(id).changes > 0);
    if (removed.length > 0) this.#announce([], removed);
  }

  #move(id: RetrievalId, event: RetrievalEvent): RetrievalProgress {
    const row = this.#row(id);
    const progress = retrievalTransition(toRetrievalProgress(row), event);
    this.#sql.setProgress.run({ id, ...toRetrievalColumns(progress) });
    if (!isQuiet(event, row)) this.#sql.journal.run(id, event.at, JSON.stringify(event));
    this.#alongside(row, event);
    return progress;
  }

  #row(id: RetrievalId): RetrievalRow {
    const row = this.#sql.get.get(id);
    if (!row) throw new Error(`No retrieval ${id}`);
    return row;
  }

  #insert({ range, ...retrieval }: NewRetrieval & { targetKey: string }, now: number): RetrievalId {
    const id = randomUUID() as RetrievalId;
    this.#sql.insert.run({ id, now, ...retrieval, ...range });
    return id;
  }

  /** What belongs to the event beside the row's own columns, in the same transaction. */
  #alongside(row: RetrievalRow, event: RetrievalEvent): void {
    const { id, account_id: accountId } = row;
    if (event.kind === 'asked') {
      const { at, tier, first, last, cost } = event;
      const bytes = last - first + 1;
      this.#sql.addRequest.run({ id, at, accountId, tier, bytes, costMicros: Math.ceil(cost * 1_000_000) });
    }
    if (event.kind === 'request-settled' && row.asked_at !== null) this.#sql.removeRequest.run(id, row.asked_at);
    if (event.kind === 'existing-answered') this.#sql.setOnExisting.run(event.answer, id);
    if (event.kind === 'damaged') this.#drop(id, event.ranges);
    if (event.kind === 'in-place') this.#sql.setPartial.run({ id, ...partialColumns(null) });
    this.#withJobs(row, event);
  }

  #withJobs(row: RetrievalRow, event: RetrievalEvent): void {
    const { id, failure } = row;
    if (event.kind === 'requested') {
      const { jobId, first, last, at } = event;
      this.#sql.addJob.run({ id, jobId, first, last, at, leftBytes: this.#leftIn(row, { first, last }) });
    }
    if (event.kind === 'ready') for (const output of event.outputs) this.#sql.setOutput.run({ id, ...output });
    if (event.kind === 'output-gone') for (const jobId of event.jobIds) this.#sql.endJob.run(id, jobId);
    if (event.kind === 'job-failed' || event.kind === 'job-lost') this.#sql.removeJob.run(id, event.jobId);
    // Who lets it go on after he was told agrees that what Glacier gave up is asked for anew.
    if (event.kind === 'resumed' && kindOf(failure) === 'output-ended') this.#sql.removeEndedJobs.run(id);
    if (event.kind === 'in-place' || event.kind === 'cancelled') this.#sql.removeJobs.run(id);
  }

  /** Bytes of these, of the archive, that are wanted and not here yet. */
  #leftIn({ id, first, last }: RetrievalRow, bytes: ByteRange): number {
    const here = this.ranges(id).filter(
      (range) => range.first + first >= bytes.first && range.last + first <= bytes.last,
    );
    const wanted = Math.min(last, bytes.last) - Math.max(first, bytes.first) + 1;
    return Math.max(0, wanted - here.reduce((sum, range) => sum + rangeLength(range), 0));
  }

  #drop(id: RetrievalId, ranges: readonly number[] | 'all'): void {
    if (ranges === 'all') {
      this.#sql.dropRanges.run(id);
      this.#sql.zeroBytes.run(id);
      return;
    }
    for (const first of ranges) {
      const length = this.#sql.removeRange.get(id, first);
      if (length !== undefined) this.#sql.subtractBytes.run(length, id);
    }
  }

  #announce(changed: readonly RetrievalId[], removed: readonly RetrievalId[] = []): void {
    for (const listener of this.#listeners) listener(changed, removed);
  }
}

function isQuiet(event: RetrievalEvent, { failure }: RetrievalRow): boolean {
  if (event.kind === 'recovered') return true;
  if (event.kind !== 'attempt-failed' || failure === null || !quietFailures.has(event.failure.kind)) return false;
  return kindOf(failure) === event.failure.kind;
}

function kindOf(failure: string | null): string | null {
  return failure === null ? null : (JSON.parse(failure) as { kind: string }).kind;
}

function partialColumns(partial: Partial | null) {
  if (partial === null) return { path: null, fileId: null, modifiedNs: null, isSparse: null };
  return { ...partial, isSparse: partial.isSparse ? 1 : 0 };
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

import { join, relative } from 'node:path';
import type { Account, AccountId } from '../../shared/account.ts';
import type { ArchiveChoice, ChoiceToken } from '../../shared/archive.ts';
import { type Failure, isAccountFailure } from '../../shared/failure.ts';
import type { AskedLately } from '../../shared/contract.ts';
import { rangeLength } from '../../shared/part-plan.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { LIMIT_MONTH_MS } from '../../shared/retrieval-limits.ts';
import type { Copies, QuotedRetrieval, RetrievalsAdded } from '../../shared/retrieval-quote.ts';
import {
  type OnExisting,
  type RetrievalDetail,
  type RetrievalId,
  type RetrievalView,
  isOver,
} from '../../shared/retrieval.ts';
import { targetKey } from '../../shared/target-path.ts';
import { DAY } from '../../shared/units.ts';
import { type WaitKey, isOf } from '../../shared/wait.ts';
import { isChosenFolder } from './target.ts';
import type { NewRetrieval, Retrieval } from './ports.ts';
import type { Runner } from '../engine/runner.ts';
import type { TaskSelection } from '../engine/store-ports.ts';
import type { TaskCommands } from '../engine/task-commands.ts';
import type { Waits } from '../engine/waits.ts';
import { LIMIT_KEY, LINE_KEY, retrievalKind } from './retrieval-kind.ts';
import type { TaskStore } from '../store/tasks/task-store.ts';
import { type RetrievalChoice, TargetNames, judged, newRetrieval } from './batch.ts';
import { type PreviewWanted, SHOWN_LEFT_OUT } from './preview.ts';
import { QuotedRetrievals, type QuotedPorts } from './quoted.ts';
import type { ArchiveRow } from '../store/archive-row.ts';
import type { RetrievalStore } from '../store/retrievals.ts';

type Which = readonly RetrievalId[] | 'all';

export type RetrievalsPorts = QuotedPorts & {
  store: RetrievalStore;
  tasks: TaskStore;
  commands: TaskCommands;
  runner: Pick<Runner, 'look' | 'suspend'>;
  waits: Waits;
  isLineFull: () => boolean;
  account: (id: AccountId) => Account | null;
};

/** What is asked for. `folder` is absolute, or null while none is chosen. */
export type WantedRetrieval = Omit<RetrievalChoice, 'folder'> & { folder: string; copies?: Copies };

/** Many enough that commits cost little, few enough that nothing else has to wait for long. */
const BATCH = 25;
const SHOWN_EVENTS = 200;

/** What people ask of the retrievals. */
export class Retrievals {
  readonly #ports: RetrievalsPorts;
  readonly #quoted: QuotedRetrievals;

  constructor(ports: RetrievalsPorts) {
    this.#ports = ports;
    this.#quoted = new QuotedRetrievals(ports);
  }

  /** The quote, before anything is asked for, with a token for exactly this. */
  preview(
    choice: ArchiveChoice,
    { range, copies = 'each', folder }: Pick<PreviewWanted, 'range' | 'folder'> & { copies?: Copies },
  ): Promise<QuotedRetrieval> {
    return this.#quoted.quote(choice, { range, copies, folder });
  }

  /**
   * Adds a retrieval for each archive that the token of a preview stands for, into the folder that it was asked with; or
   * nothing, with `choice-changed`, when they have changed or would cost more than was shown.
   */
  async enqueue(
    token: ChoiceToken,
    { tier, onExisting }: Pick<WantedRetrieval, 'tier' | 'onExisting'>,
  ): Promise<Result<RetrievalsAdded>> {
    const quoted = this.#quoted.find(token);
    if (!quoted.ok) return quoted;
    const { folder, ...wanted } = quoted.value.wanted;
    if (folder === null) return fail({ kind: 'invalid-input', detail: 'No folder was chosen for the files.' });
    const there = await this.#ports.files.folder(folder);
    if (!there.ok) return there;
    const changed = await this.#quoted.whatChanged(token, tier);
    if (changed) return fail(changed);
    return this.add(this.#ports.reader.chosen(token), { ...wanted, tier, onExisting, folder });
  }

  /** Adds a retrieval for each archive, unseen. The folder must be there: `target-missing` otherwise, and nothing is added. */
  async add(
    rows: Iterable<ArchiveRow> | AsyncIterable<ArchiveRow>,
    { copies = 'each', ...wanted }: WantedRetrieval,
  ): Promise<Result<RetrievalsAdded>> {
    const { files, store, account } = this.#ports;
    const folder = await files.folder(wanted.folder);
    if (!folder.ok) return folder;
    const mark = store.markOf(wanted.folder, folder.value);
    const marked = await files.mark(wanted.folder, mark);
    if (!marked.ok) return marked;
    const retrieval: RetrievalChoice = { ...wanted, folder: { path: wanted.folder, id: folder.value, mark } };
    const names = new TargetNames((key) => store.isTargetTaken(key), await files.longestName(wanted.folder));
    const sum: RetrievalsAdded = { added: 0, bytes: 0, alreadyThere: 0, leftOut: [], leftOutCount: 0, folders: 0 };
    const leaveOut = (row: ArchiveRow, failure: Failure): void => {
      sum.leftOutCount += 1;
      if (sum.leftOut.length < SHOWN_LEFT_OUT) sum.leftOut.push({ path: row.path ?? row.archive_id, failure });
    };
    let batch: (NewRetrieval & { targetKey: string })[] = [];
    for await (const one of judged(rows, { range: wanted.range, copies }, account)) {
      if (one.kind === 'left-out') leaveOut(one.row, one.failure);
      if (one.kind === 'folder') {
        const made = await files.makeWay(wanted.folder, `${one.path}/`);
        if (made.ok) sum.folders += 1;
        else leaveOut(one.row, made.failure);
      }
      if (one.kind !== 'retrieve') continue;
      const added = newRetrieval(one.row, one.range, retrieval);
      if (store.isQueued(added)) {
        sum.alreadyThere += 1;
        continue;
      }
      const relativePath = names.take(wanted.folder, one.name);
      batch.push({ ...added, relativePath, targetKey: targetKey(wanted.folder, relativePath) });
      sum.added += 1;
      sum.bytes += rangeLength(one.range);
      if (batch.length === BATCH) batch = await this.#add(batch);
    }
    await this.#add(batch);
    if (sum.added === 0) await this.#unmark(wanted.folder, mark);
    return ok(sum);
  }

  /** `all`: but for what waits to be asked for anew, as to resume that has to stay a decision about each. */
  async pause(which: Which): Promise<void> {
    await this.#ports.commands.pause(selectionOf(which));
  }

  /** Resumes what is paused, retries what failed, and ends a wait. `all`: but for what Glacier may bill once more. */
  async resume(which: Which): Promise<void> {
    await this.#ports.commands.resume(selectionOf(which));
    this.#endWaits(which);
  }

  /** What to do about files that have the names already. */
  answerExisting(which: Which, answer: Exclude<OnExisting, 'ask'>): void {
    const { store, tasks, runner } = this.#ports;
    tasks.transaction(() => {
      for (const id of this.#open(which)) store.apply(id, { kind: 'existing-answered', answer, at: this.#now() });
    });
    runner.look();
  }

  /** What Glacier was asked for stays paid for. Resolves with the number of those whose file may have its name already. */
  async cancel(which: Which): Promise<{ named: number }> {
    const { store, commands } = this.#ports;
    let named = 0;
    const stop = store.onCancelledWithName((id) => {
      if (which === 'all' || which.includes(id)) named += 1;
    });
    try {
      await commands.cancel(selectionOf(which));
    } finally {
      stop();
    }
    await this.removeLeftovers();
    return { named };
  }

  /**
   * The folder of these has another path now, as when a drive came back under another name: all that go there go on at
   * the new path. `invalid-input` when what was retrieved so far is not there.
   */
  async relocate(which: readonly RetrievalId[], to: string): Promise<Result<{ moved: number }>> {
    const { store, files } = this.#ports;
    const there = await files.folder(to);
    if (!there.ok) return there;
    const folders = new Set(this.#open(which).map((id) => this.#get(id).folder));
    const ids = [...folders].flatMap((folder) => store.inFolder(folder).map(({ id }) => id));
    return this.#relocateAll(this.#open(ids), to, there.value);
  }

  async #relocateAll(ids: readonly RetrievalId[], to: string, folderId: string): Promise<Result<{ moved: number }>> {
    const { store, files, runner } = this.#ports;
    const meant = new Set(ids);
    const allow = await runner.suspend(({ id }) => meant.has(id));
    try {
      for (const id of ids) if (!(await this.#isIn(to, this.#get(id)))) return fail(notThere(to));
      const mark = store.markOf(to, folderId);
      const marked = await files.mark(to, mark);
      if (!marked.ok) return marked;
      store.relocate(ids, { path: to, id: folderId, mark }, this.#now());
      return ok({ moved: ids.length });
    } finally {
      allow();
      runner.look();
    }
  }

  /** Whether what was retrieved so far, if anything, is in the folder. */
  async #isIn(folder: string, { folder: old, folderMark, partial, receivedBytes }: Retrieval): Promise<boolean> {
    const { files } = this.#ports;
    if (receivedBytes === 0 || partial === null || (await files.hasMark(folder, folderMark))) return true;
    return files.exists(join(folder, relative(old, partial.path)));
  }

  /** Takes those that are over off the list; files stay where they are. */
  async clear(): Promise<{ cleared: number }> {
    const { taken } = await this.#ports.commands.clear(selectionOf('all'));
    return { cleared: taken };
  }

  detail(id: RetrievalId): Result<RetrievalDetail> {
    const { store } = this.#ports;
    const found = store.get(id);
    const [view] = store.views([id]);
    if (!found || !view) return fail({ kind: 'not-found', what: 'The retrieval' });
    const { treeHash, modifiedNs, rangeSize, partial } = found;
    return ok({
      retrieval: view,
      treeHash,
      modifiedAt: modifiedNs === null ? null : Number(BigInt(modifiedNs) / 1_000_000n),
      rangeSize,
      ranges: store.ranges(id),
      jobs: store.jobs(id),
      temporaryFile: partial?.path ?? null,
      events: store.events(id, SHOWN_EVENTS),
    });
  }

  /** What was asked of Glacier in the last 24 hours and 30 days, as the limits count it. */
  askedLately(): AskedLately {
    const now = this.#now();
    const made = this.#ports.store.requestsSince(now - LIMIT_MONTH_MS);
    const sum = (since: number) =>
      made
        .filter(({ at }) => at > since)
        .reduce((all, { bytes, cost }) => ({ bytes: all.bytes + bytes, cost: all.cost + cost }), { bytes: 0, cost: 0 });
    return { day: sum(now - DAY), month: sum(now - LIMIT_MONTH_MS) };
  }

  /** Whether nothing new is asked for now: what was asked for keeps the line busy. */
  isLineFull(): boolean {
    return this.#ports.isLineFull();
  }

  /** Ends waits for the user's limits: they are others now. */
  limitsChanged(): void {
    const { store, tasks, waits, runner } = this.#ports;
    tasks.transaction(() => {
      for (const id of store.aboveLimit()) tasks.resume(id, this.#now());
    });
    waits.open(LIMIT_KEY);
    runner.look();
  }

  /** Calls back for each retrieval whose file has got its name. */
  onRetrieved(listener: (retrieval: RetrievalView, file: string) => void): () => void {
    const { store } = this.#ports;
    return store.onChange((changed) => {
      for (const view of store.views(changed)) if (view.phase.kind === 'retrieved') listener(view, view.phase.path);
    });
  }

  /** Removes the temporary files of cancelled retrievals, as far as their drives are there. */
  async removeLeftovers(): Promise<void> {
    const { store, files } = this.#ports;
    for (const { id, partial, ...target } of store.leftovers()) {
      if (partial === null || !(await isChosenFolder(target, files))) continue;
      const found = await files.identify(partial.path);
      if (!found.ok) continue;
      const isGone = found.value?.fileId === partial.fileId ? await files.remove(partial.path) : true;
      if (isGone) store.setPartial(id, null);
    }
    for (const { mark, folder } of store.idleMarks()) await this.#unmark(folder, mark);
  }

  /** The mark of a folder into which nothing goes any more. */
  async #unmark(folder: string, mark: string): Promise<void> {
    const { store, files } = this.#ports;
    if (store.isMarkNeeded(mark, null)) return;
    if ((await files.folder(folder)).ok && (await files.unmark(folder, mark))) store.forgetMark(mark);
  }

  async #add(batch: (NewRetrieval & { targetKey: string })[]): Promise<[]> {
    if (batch.length > 0) this.#ports.store.add(batch, this.#now());
    this.#ports.runner.look();
    await new Promise((resolve) => setImmediate(resolve));
    return [];
  }

  /** What is tried again is tried now, whatever it waits for with others; credentials are for a person to mend. */
  #endWaits(which: Which): void {
    const { store, waits, runner } = this.#ports;
    const keys = which === 'all' ? null : new Set(which.flatMap((id) => store.get(id)?.waitKeys ?? []));
    waits.openAll(({ key, failure }) => (keys?.has(key) ?? isOurs(key)) && !isAccountFailure(failure));
    runner.look();
  }

  #open(which: Which): RetrievalId[] {
    const ids = which === 'all' ? this.#ports.store.openIds() : which;
    return ids.filter((id) => this.#isOpen(id));
  }

  #isOpen(id: RetrievalId): boolean {
    const found = this.#ports.store.get(id);
    return found !== null && !isOver(found.phase);
  }

  #get(id: RetrievalId): Retrieval {
    const found = this.#ports.store.get(id);
    if (!found) throw new Error(`No retrieval ${id}`);
    return found;
  }

  #now(): number {
    return this.#ports.clock.now();
  }
}

function selectionOf(which: Which): TaskSelection {
  return which === 'all' ? { kind: 'all', of: retrievalKind.name } : { kind: 'tasks', ids: which };
}

/** What no other kind of task waits for. */
function isOurs(key: WaitKey): boolean {
  return key === LIMIT_KEY || key === LINE_KEY || isOf('target', key) || isOf('jobs', key);
}

function notThere(folder: string): Failure {
  const detail = `What was retrieved so far is not in ${folder}. Choose the folder that it is in, or cancel and retrieve anew.`;
  return { kind: 'invalid-input', detail };
}

import { randomUUID } from 'node:crypto';
import type { AccountId } from '../../shared/account.ts';
import { pathKey } from '../../shared/path-key.ts';
import { SECOND } from '../../shared/units.ts';
import {
  type Progress,
  type RecordedPart,
  type UploadEvent,
  type UploadId,
  type UploadView,
  MULTIPART_IDLE_LIMIT_MS,
  transition,
} from '../../shared/upload.ts';
import type { Left } from '../core/live.ts';
import type { SourceIdentity } from '../core/ports.ts';
import type { NewUpload, StoredArchive, Upload, UploadQueue } from '../core/store-ports.ts';
import type { CatalogueStore } from './catalogue.ts';
import { type Db, withoutSync } from './database.ts';
import { type UploadRow, toColumns, toProgress, toUpload } from './rows.ts';
import { uploadStatements } from './upload-statements.ts';

/** Hears, after each commit, which uploads are others than before and which are no longer listed. */
export type UploadListener = (changed: readonly UploadId[], removed: readonly UploadId[]) => void;

/**
 * Parts that were acknowledged are committed one by one, so that no crash loses them, but the disk is made to keep them only
 * once a second: it may take longer for that than a part for its way. What a power cut takes, ListParts gives back; every
 * other commit waits for the disk, and for the parts before it, too.
 */
const SYNC_PARTS_MS = 1 * SECOND;

/** The queue in SQLite. */
export class UploadStore implements UploadQueue {
  readonly #db: Db;
  readonly #sql: ReturnType<typeof uploadStatements>;
  readonly #catalogue: CatalogueStore;
  readonly #listeners = new Set<UploadListener>();
  #partsSyncedAt = -Infinity;

  constructor(db: Db, catalogue: CatalogueStore) {
    this.#db = db;
    this.#sql = uploadStatements(db);
    this.#catalogue = catalogue;
  }

  onChange(listener: UploadListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  lineRate(): number | null {
    return this.#sql.lineRate.get() ?? null;
  }

  keepLineRate(bytesPerSecond: number): void {
    this.#sql.setLineRate.run(bytesPerSecond);
  }

  get(id: UploadId): Upload | null {
    const row = this.#sql.get.get(id);
    return row ? toUpload(row) : null;
  }

  list(): UploadView[] {
    return this.page(0, -1);
  }

  /** Those after a position, in queue order; all of them when the limit is negative. */
  page(after: number, limit: number): UploadView[] {
    return this.#sql.page.all(after, limit).map((row) => toView(toUpload(row)));
  }

  views(ids: readonly UploadId[]): UploadView[] {
    return ids
      .map((id) => this.get(id))
      .filter((upload) => upload !== null)
      .map(toView);
  }

  due(now: number, limit: number, waiting: readonly AccountId[], maxSize = Number.MAX_SAFE_INTEGER): UploadId[] {
    return this.#sql.due.all({ now, limit, maxSize, waiting: JSON.stringify(waiting) });
  }

  dueStale(now: number, limit: number, waiting: readonly AccountId[], since: number): UploadId[] {
    return this.#sql.dueStale.all({ now, limit, since, waiting: JSON.stringify(waiting) });
  }

  dueAborts(now: number, limit: number, waiting: readonly AccountId[]): UploadId[] {
    return this.#sql.dueAborts.all({ now, limit, waiting: JSON.stringify(waiting) });
  }

  nextDue(now: number): number | null {
    return this.#sql.nextDue.get(now) ?? null;
  }

  interrupted(): UploadId[] {
    return this.#sql.interrupted.all();
  }

  countOpen(): number {
    return this.#sql.countOpen.get() ?? 0;
  }

  /** Running and waiting uploads, and their bytes that Glacier has not acknowledged; what the user paused or must mend is left out. */
  left(): Left {
    return this.#sql.left.get() ?? { files: 0, bytes: 0 };
  }

  /** Files with parts in Glacier that it removes between these times unless another arrives; the first one first. */
  expiring(from: number, to: number): { path: string; expiresAt: number }[] {
    return this.#sql.expiring.all({ from, to, limit: MULTIPART_IDLE_LIMIT_MS });
  }

  /** The ids of uploads that are neither stored nor cancelled, in queue order. */
  openIds(): UploadId[] {
    return this.#sql.openIds.all();
  }

  apply(id: UploadId, event: UploadEvent, archive?: StoredArchive): Progress {
    const next = this.#db.transaction(() => this.#move(id, event, archive)).immediate();
    this.#announce([id]);
    return next;
  }

  /** The same for several uploads, all or none of them. */
  applyAll(events: readonly { id: UploadId; event: UploadEvent }[]): void {
    this.#db
      .transaction(() => {
        for (const { id, event } of events) this.#move(id, event, undefined);
      })
      .immediate();
    this.#announce(events.map(({ id }) => id));
  }

  recordPart(id: UploadId, part: RecordedPart): void {
    const record = this.#db.transaction(() => {
      this.#sql.addPart.run(id, part.first, part.last, part.treeHash, part.at);
      this.#sql.addBytes.run({ id, bytes: part.last - part.first + 1, at: part.at });
    });
    const commit = (): void => {
      record.immediate();
    };
    if (Math.abs(part.at - this.#partsSyncedAt) < SYNC_PARTS_MS) withoutSync(this.#db, commit);
    else {
      commit();
      this.#partsSyncedAt = part.at;
    }
    this.#announce([id]);
  }

  forgetParts(id: UploadId, firstBytes: readonly number[]): void {
    this.#db
      .transaction(() => {
        this.#dropParts(id, firstBytes);
      })
      .immediate();
    this.#announce([id]);
  }

  parts(id: UploadId): RecordedPart[] {
    return this.#sql.parts.all(id);
  }

  events(id: UploadId, limit: number): UploadEvent[] {
    return this.#sql.events
      .all(id, limit)
      .map((json) => JSON.parse(json) as UploadEvent)
      .reverse();
  }

  adoptIdentity(id: UploadId, { modifiedNs, fileId }: SourceIdentity): void {
    this.#sql.setIdentity.run(modifiedNs, fileId, id);
  }

  /** Its file is elsewhere now. */
  movePath(id: UploadId, path: string, description: string): void {
    this.#sql.setPath.run({ id, path, pathKey: pathKey(path), description });
    this.#announce([id]);
  }

  add(uploads: readonly NewUpload[], now: number, accepts: (upload: NewUpload) => boolean = () => true): UploadId[] {
    const ids = this.#db
      .transaction(() => uploads.flatMap((upload) => (accepts(upload) ? [this.#insert(upload, now)] : [])))
      .immediate();
    this.#announce(ids);
    return ids;
  }

  /** Puts uploads, in this order, before another one, or last when that is null. */
  move(ids: readonly UploadId[], before: UploadId | null): void {
    const places = this.#sql.openPositions.all();
    const open = this.openIds();
    const isOpen = new Set(open);
    const moved = new Set(ids);
    const rest = open.filter((id) => !moved.has(id));
    const target = before === null ? -1 : rest.indexOf(before);
    const at = target === -1 ? rest.length : target;
    const order = [...rest.slice(0, at), ...ids.filter((id) => isOpen.has(id)), ...rest.slice(at)];
    const changed = this.#db
      .transaction(() =>
        order.filter((id, index) => this.#sql.setPosition.run({ id, position: places[index] ?? 0 }).changes > 0),
      )
      .immediate();
    this.#announce(changed);
  }

  openOf(accountId: AccountId, vault: string, path: string): Upload[] {
    return this.#sql.openOf.all(pathKey(path), vault, accountId).map(toUpload);
  }

  /** Whether the file is still on its way into any vault, or out of it. */
  isPathOpen(path: string): boolean {
    return this.#sql.isPathOpen.get(pathKey(path)) !== undefined;
  }

  knowsMultipart(multipartUploadId: string): boolean {
    return this.#sql.knowsMultipart.get(multipartUploadId) !== undefined;
  }

  /** Takes stored and cancelled uploads off the list. Returns how many there were. */
  clearFinished(): number {
    const ids = this.#sql.removeFinished.all();
    this.#announce([], ids);
    return ids.length;
  }

  #move(id: UploadId, event: UploadEvent, archive: StoredArchive | undefined): Progress {
    const row = this.#row(id);
    const progress = transition(toProgress(row), event);
    this.#sql.setProgress.run({ id, ...toColumns(progress) });
    this.#journal(id, event);
    this.#alongside(row, event, progress, archive);
    return progress;
  }

  #journal(id: UploadId, event: UploadEvent): void {
    const json = JSON.stringify(event);
    const isRepeated =
      event.kind === 'attempt-failed' && this.#sql.journalAgain.run({ id, at: event.at, event: json }).changes > 0;
    if (!isRepeated) this.#sql.journal.run(id, event.at, json);
  }

  #row(id: UploadId): UploadRow {
    const row = this.#sql.get.get(id);
    if (!row) throw new Error(`No upload ${id}`);
    return row;
  }

  #insert({ accountId, vault, source, description, partSize }: NewUpload, now: number): UploadId {
    const id = randomUUID() as UploadId;
    this.#sql.insert.run({
      id,
      accountId,
      vault,
      path: source.path,
      pathKey: pathKey(source.path),
      description,
      partSize,
      now,
      ...source.identity,
    });
    return id;
  }

  /** What belongs to the event beside the row's own columns, in the same transaction. */
  #alongside(row: UploadRow, event: UploadEvent, progress: Progress, archive: StoredArchive | undefined): void {
    if (event.kind === 'multipart-initiated') this.#sql.setActive.run(event.at, row.id);
    if (event.kind === 'completion-rejected') this.#dropParts(row.id, event.badParts);
    if (event.kind === 'found-in-journal') this.#sql.countAllBytes.run(row.id);
    if (progress.phase.kind === 'queued' && row.phase !== 'queued') this.#sql.dropAllParts(row.id);
    if (progress.phase.kind === 'stored') {
      if (!archive) throw new Error(`${event.kind} came without the archive's location`);
      this.#catalogue.add(row, progress.phase, archive);
    }
  }

  #dropParts(id: UploadId, firstBytes: readonly number[]): void {
    for (const first of firstBytes) {
      const length = this.#sql.removePart.get(id, first);
      if (length !== undefined) this.#sql.subtractBytes.run(length, id);
    }
  }

  #announce(changed: readonly UploadId[], removed: readonly UploadId[] = []): void {
    for (const listener of this.#listeners) listener(changed, removed);
  }
}

function toView({ description, identity, ...view }: Upload): UploadView {
  return view;
}

import type { AccountId } from '../../shared/account.ts';
import { isAccountFailure } from '../../shared/failure.ts';
import type { Hold } from '../../shared/hold.ts';
import { pathKey } from '../../shared/path-key.ts';
import { SECOND } from '../../shared/units.ts';
import {
  MULTIPART_IDLE_LIMIT_MS,
  type Progress,
  type RecordedPart,
  type TreeHash,
  type UploadEvent,
  type UploadId,
  type UploadView,
  isFinal,
} from '../../shared/upload.ts';
import type { Wait } from '../../shared/wait.ts';
import type { Left } from '../core/live.ts';
import type { SourceIdentity } from '../core/ports.ts';
import type { NewUpload, StoredArchive, Upload, UploadQueue } from '../core/store-ports.ts';
import type { NewTask, Task } from '../engine/task.ts';
import { type UploadState, staleAt, uploadKind } from '../uploads/upload-kind.ts';
import type { CatalogueStore } from './catalogue.ts';
import { type Db, withoutSync } from './database.ts';
import { present } from './hold-columns.ts';
import { PieceStore } from './tasks/piece-store.ts';
import { type TaskListener, TaskStore } from './tasks/task-store.ts';
import { uploadStatements } from './upload-statements.ts';

/**
 * Parts that were acknowledged are committed one by one, so that no crash loses them, but the disk is made to keep them only
 * once a second: it may take longer for that than a part for its way. What a power cut takes, ListParts gives back; every
 * other commit waits for the disk, and for the parts before it, too.
 */
const SYNC_PARTS_MS = 1 * SECOND;

/** The uploads in SQLite: tasks, and what they have beside that. */
export class UploadStore implements UploadQueue {
  readonly #db: Db;
  readonly #tasks: TaskStore;
  readonly #pieces: PieceStore;
  readonly #sql: ReturnType<typeof uploadStatements>;
  readonly #catalogue: CatalogueStore;
  readonly #waits: () => readonly Wait[];
  #partsSyncedAt = -Infinity;

  /**
   * `tasks`: those of all kinds, so that their listeners hear; without them nobody does. `waits`: what tasks wait for
   * together, which views tell of those that have tried.
   */
  constructor(
    db: Db,
    catalogue: CatalogueStore,
    tasks = new TaskStore(db, [uploadKind]),
    waits: () => readonly Wait[] = () => [],
  ) {
    this.#db = db;
    this.#waits = waits;
    this.#tasks = tasks;
    this.#pieces = new PieceStore(db, tasks);
    this.#sql = uploadStatements(db);
    this.#catalogue = catalogue;
  }

  onChange(listener: TaskListener): () => void {
    return this.#tasks.onChange(uploadKind, listener);
  }

  lineRate(): number | null {
    return this.#sql.lineRate.get() ?? null;
  }

  keepLineRate(bytesPerSecond: number): void {
    this.#sql.setLineRate.run(bytesPerSecond);
  }

  get(id: UploadId): Upload | null {
    const task = this.#tasks.get(uploadKind, id);
    return task && toUpload(task);
  }

  list(): UploadView[] {
    return this.page(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  }

  /** Those after a position, in queue order. */
  page(after: number, limit: number): UploadView[] {
    return this.#shown(this.#tasks.page(uploadKind, after, limit));
  }

  views(ids: readonly UploadId[]): UploadView[] {
    return this.#shown(this.#tasks.all(uploadKind, ids));
  }

  interrupted(): UploadId[] {
    return this.#sql.asked.all().filter((id) => {
      const hold = this.get(id)?.hold ?? null;
      // A back-off that is older than the question says nothing of how the question ended.
      return hold === null || (hold.kind === 'backoff' && this.events(id, 1)[0]?.kind === 'initiate-asked');
    });
  }

  countOpen(): number {
    const open = this.#tasks.sums(uploadKind).filter(({ phase }) => phase !== 'stored' && phase !== 'cancelled');
    return open.reduce((sum, { tasks }) => sum + tasks, 0);
  }

  /** Running and waiting uploads, and their bytes that Glacier has not acknowledged; what the user paused or must mend is left out. */
  left(): Left {
    const left: Left = { files: 0, bytes: 0 };
    for (const { phase, hold, tasks, doneBytes, totalBytes } of this.#tasks.sums(uploadKind)) {
      if ((phase !== 'queued' && phase !== 'uploading') || hold === 'paused' || hold === 'failed') continue;
      left.files += tasks;
      left.bytes += totalBytes - doneBytes;
    }
    return left;
  }

  /** Files with parts in Glacier that it removes between these times unless another arrives; the first one first. */
  expiring(from: number, to: number): { path: string; expiresAt: number }[] {
    const range = { from: from - MULTIPART_IDLE_LIMIT_MS, to: to - MULTIPART_IDLE_LIMIT_MS };
    return this.#sql.activeBetween.all(range).flatMap(({ id, path, activeAt }) => {
      const isBegun = (this.#tasks.head(id)?.doneBytes ?? 0) > 0;
      return isBegun ? [{ path, expiresAt: activeAt + MULTIPART_IDLE_LIMIT_MS }] : [];
    });
  }

  /** The ids of uploads that are neither stored nor cancelled, in queue order. */
  openIds(): UploadId[] {
    return this.#sql.openIds.all();
  }

  apply(id: UploadId, event: UploadEvent, archive?: StoredArchive): Progress {
    return this.#tasks.transaction(() => {
      const before = this.get(id);
      const after = toUpload(this.#tasks.apply(uploadKind, id, event));
      if (event.kind === 'completion-rejected') this.#pieces.remove(ofKind(id), event.badParts);
      if (event.kind === 'found-in-journal') this.#tasks.setBytes(ofKind(id), after.size, after.size);
      if (after.phase.kind === 'queued' && before?.phase.kind !== 'queued') {
        this.#tasks.setBytes(ofKind(id), 0, after.size);
      }
      if (after.phase.kind === 'stored') {
        if (!archive) throw new Error(`${event.kind} came without the archive's location`);
        this.#catalogue.add(after, after.phase, archive);
      }
      return { phase: after.phase, hold: after.hold };
    });
  }

  /** The same for several uploads, all or none of them. */
  applyAll(events: readonly { id: UploadId; event: UploadEvent }[]): void {
    this.#tasks.transaction(() => {
      for (const { id, event } of events) this.apply(id, event);
    });
  }

  recordPart(id: UploadId, { first, last, treeHash, at }: RecordedPart): void {
    const commit = (): void => {
      this.#tasks.transaction(() => {
        this.#pieces.add(ofKind(id), { first, last, checksum: treeHash, receipt: '', at }, staleAt(at));
        this.#sql.setActive.run(at, id);
      });
    };
    if (Math.abs(at - this.#partsSyncedAt) < SYNC_PARTS_MS) withoutSync(this.#db, commit);
    else {
      commit();
      this.#partsSyncedAt = at;
    }
  }

  forgetParts(id: UploadId, firstBytes: readonly number[]): void {
    this.#pieces.remove(ofKind(id), firstBytes);
  }

  parts(id: UploadId): RecordedPart[] {
    return this.#pieces
      .all(id)
      .map(({ first, last, checksum, at }) => ({ first, last, treeHash: checksum as TreeHash, at }));
  }

  events(id: UploadId, limit: number): UploadEvent[] {
    return this.#tasks.events(id, limit) as UploadEvent[];
  }

  adoptIdentity(id: UploadId, { modifiedNs, fileId }: SourceIdentity): void {
    this.#tasks.revise(uploadKind, id, { modifiedNs, fileId });
  }

  /** Its file is elsewhere now. */
  movePath(id: UploadId, path: string, drive: string, description: string): void {
    this.#tasks.revise(uploadKind, id, { path, pathKey: pathKey(path), drive, description });
  }

  add(uploads: readonly NewUpload[], now: number, accepts: (upload: NewUpload) => boolean = () => true): UploadId[] {
    return this.#tasks.transaction(() =>
      uploads.flatMap((upload) => (accepts(upload) ? this.#tasks.add(uploadKind, [toTask(upload)], now) : [])),
    );
  }

  openOf(accountId: AccountId, vault: string, path: string): Upload[] {
    return this.#sql.openOf.all(pathKey(path)).flatMap((id) => {
      const upload = this.get(id);
      return upload?.accountId === accountId && upload.vault === vault ? [upload] : [];
    });
  }

  /** Whether the file is still on its way into any vault, or out of it. */
  isPathOpen(path: string): boolean {
    return this.#sql.isPathOpen.get(pathKey(path)) !== undefined;
  }

  knowsMultipart(multipartUploadId: string): boolean {
    return this.#sql.knowsMultipart.get(multipartUploadId) !== undefined;
  }

  #shown(tasks: readonly Task<UploadState>[]): UploadView[] {
    const waiting = waitsByTask(this.#waits());
    return tasks.map((task) => {
      const view = toView(toUpload(task));
      const hold = isFinal(view.phase) ? null : (waiting.get(task.id) ?? null);
      return view.hold === null && hold !== null ? { ...view, hold } : view;
    });
  }
}

/** What an upload waits for with others stands at it as if it waited alone; what an account waits for is told there. */
function waitsByTask(waits: readonly Wait[]): Map<UploadId, Hold> {
  const holds = new Map<UploadId, Hold>();
  for (const { failure, since, until, attempt, triedBy } of waits) {
    if (isAccountFailure(failure)) continue;
    for (const id of triedBy) holds.set(id, { kind: 'backoff', until: until ?? since, attempt, failure });
  }
  return holds;
}

function ofKind(id: UploadId): { id: UploadId; kind: string } {
  return { id, kind: uploadKind.name };
}

function toTask({ accountId, vault, source, description, partSize }: NewUpload): NewTask<UploadState> {
  const { path, drive = '', identity } = source;
  const state: UploadState = {
    path,
    pathKey: pathKey(path),
    drive,
    description,
    partSize,
    ...identity,
    activeAt: null,
    phase: { kind: 'queued', initiateAskedAt: null },
  };
  return { place: { accountId, vault }, totalBytes: identity.size, state };
}

function toUpload({ state, ...head }: Task<UploadState>): Upload {
  const { phase, path, drive, description, partSize, size, modifiedNs, fileId, activeAt } = state;
  const { accountId, vault } = present(head.place);
  return {
    id: head.id,
    accountId,
    vault,
    path,
    size,
    partSize,
    uploadedBytes: head.doneBytes,
    position: head.position,
    addedAt: head.addedAt,
    expiresAt: phase.kind === 'uploading' && activeAt !== null ? activeAt + MULTIPART_IDLE_LIMIT_MS : null,
    phase,
    hold: head.hold,
    description,
    drive,
    identity: { size, modifiedNs, fileId },
  };
}

function toView({ description, identity, drive, ...view }: Upload): UploadView {
  return view;
}

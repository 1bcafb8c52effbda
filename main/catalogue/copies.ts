import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { everyArchive } from '../../shared/archive.ts';
import type { Account, AccountId } from '../../shared/account.ts';
import { type CatalogueCopyPlace, catalogueCopyName, catalogueCopyTime } from '../../shared/catalogue-copy.ts';
import type { Failure } from '../../shared/failure.ts';
import type { NoticeBody } from '../../shared/notice.ts';
import { type Result, fail } from '../../shared/result.ts';
import type { Enqueued } from '../../shared/selection.ts';
import { DAY, HOUR } from '../../shared/units.ts';
import type { Clock } from '../core/ports.ts';
import type { Choice } from '../uploads/enqueue.ts';
import type { CatalogueStore } from '../store/catalogue.ts';
import { openForReading } from '../store/database.ts';
import { makePrivateFolder } from '../files/private.ts';
import type { UploadStore } from '../store/uploads.ts';
import { exportCompressed } from './export.ts';
import { copiesOf } from './found-copies.ts';

/** Often enough for what a journal and daily backups keep besides, and few enough archives of 90 days each. */
const INTERVAL_MS = 7 * DAY;
const LOOK_MS = HOUR;
/** Among so many of the newest archives, one is newer than the copy when anything has changed that matters. */
const NEWEST = 1000;

const everything = { kind: 'matching', ...everyArchive, except: [] } as const;

export type CopiesPorts = {
  databaseFile: string;
  /** The copies lie here until they are stored. */
  folder: string;
  catalogue: CatalogueStore;
  uploads: UploadStore;
  account: (id: AccountId) => Account | null;
  queue: { enqueue(paths: readonly string[], choice: Choice): Promise<Result<Enqueued>> };
  place: () => CatalogueCopyPlace;
  preferredPartSize: () => number;
  clock: Clock;
  /** What a thrown error means. */
  failureOf: (error: unknown) => Failure;
  /** Why no copies are made; null when they are, or need not be. */
  tell: (notice: NotArchived | null) => void;
};

export type NotArchived = Extract<NoticeBody, { kind: 'catalogue-not-archived' }>;

/**
 * Archives the catalogue itself: compressed, as an archive among others, whose name tells a rebuild what it is. All that
 * it remembers is in the queue and in the catalogue.
 */
export class CatalogueCopies {
  readonly #ports: CopiesPorts;
  readonly #unsubscribe: () => void;
  /** Null until it has been started. */
  #stopWaiting: (() => void) | null = null;
  #told: NotArchived | null = null;
  /** One at a time: tidying up must not meet a copy that is being made. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(ports: CopiesPorts) {
    this.#ports = ports;
    this.#unsubscribe = ports.uploads.onChange((changed) => {
      for (const upload of ports.uploads.views(changed)) {
        if (upload.phase.kind === 'stored' && upload.path.startsWith(ports.folder))
          rmSync(upload.path, { force: true });
      }
    });
  }

  /** Looks now and every hour whether a copy is due. To be called again when the place has changed. */
  start(): void {
    this.#stopWaiting?.();
    void this.#inTurn(() => this.#makeIfDue());
    this.#stopWaiting = this.#ports.clock.after(LOOK_MS, () => {
      this.start();
    });
  }

  /** To be called when accounts have come or gone: a place that is no more is told at once. */
  accountsChanged(): void {
    const absence = this.#absence(this.#ports.place());
    if (absence || !this.#stopWaiting) this.#tell(absence);
    else this.start();
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    this.#stopWaiting?.();
    await this.#last.catch(() => undefined);
  }

  /** Puts a copy of the catalogue as it is now into the queue, for the vault of the settings if none is named. */
  make(target: CatalogueCopyPlace = this.#ports.place()): Promise<Result<Enqueued>> {
    return this.#inTurn(() => this.#make(target));
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#last.catch(() => undefined).then(act);
    this.#last = turn;
    return turn;
  }

  async #make(target: CatalogueCopyPlace): Promise<Result<Enqueued>> {
    const { clock, databaseFile, folder, preferredPartSize, queue } = this.#ports;
    if (target === null)
      return fail({ kind: 'invalid-input', detail: 'Choose first which vault the catalogue goes to.' });
    const absence = this.#absence(target);
    if (absence) return fail(absence);
    makePrivateFolder(folder);
    const now = clock.now();
    const file = join(folder, catalogueCopyName(now));
    const db = openForReading(databaseFile);
    try {
      const exported = await exportCompressed(db, { choice: everything, format: 'json', exportedAt: now }, file);
      if (!exported.ok) return exported;
    } finally {
      db.close();
    }
    const choice = { ...target, partSize: null, preferredPartSize: preferredPartSize(), again: true };
    return queue.enqueue([file], choice);
  }

  async #makeIfDue(): Promise<void> {
    try {
      const target = this.#ports.place();
      this.#removeLeftovers();
      this.#tell(this.#absence(target) ?? (await this.#bringUpToDate(target)));
    } catch (error) {
      this.#tell(this.#ports.failureOf(error));
    }
  }

  /** Why a copy that is due could not be made, or null. */
  async #bringUpToDate(target: CatalogueCopyPlace): Promise<Failure | null> {
    if (target === null || this.#isOnTheWay(target)) return null;
    const madeAt = copiesOf(this.#ports.catalogue, target.accountId, target.vault)[0]?.madeAt ?? 0;
    if (madeAt + INTERVAL_MS > this.#ports.clock.now() || !this.#hasChangedSince(madeAt)) return null;
    const made = await this.#make(target);
    return made.ok ? null : made.failure;
  }

  #absence(target: CatalogueCopyPlace): Failure | null {
    if (target === null || this.#ports.account(target.accountId)) return null;
    return { kind: 'account-removed', number: this.#ports.catalogue.numberIn(target.accountId, target.vault) };
  }

  /** What the user has dismissed comes back only when it is another. */
  #tell(failure: Failure | null): void {
    const target = this.#ports.place();
    const notice: NotArchived | null = failure &&
      target && { kind: 'catalogue-not-archived', vault: target.vault, failure };
    if (isDeepStrictEqual(notice, this.#told)) return;
    this.#told = notice;
    this.#ports.tell(notice);
  }

  #hasChangedSince(at: number): boolean {
    const { items } = this.#ports.catalogue.search({ ...everything, offset: 0, limit: NEWEST });
    return items.some(({ storedAt, path }) => storedAt > at && (path === null || catalogueCopyTime(path) === null));
  }

  #isOnTheWay({ accountId, vault }: NonNullable<CatalogueCopyPlace>): boolean {
    return this.#files().some((file) => this.#ports.uploads.openOf(accountId, vault, file).length > 0);
  }

  /** Copies that a crash, or whoever cancelled their upload, left behind. */
  #removeLeftovers(): void {
    for (const file of this.#files()) if (!this.#ports.uploads.isPathOpen(file)) rmSync(file, { force: true });
  }

  #files(): string[] {
    const { folder } = this.#ports;
    makePrivateFolder(folder);
    return readdirSync(folder).map((name) => join(folder, name));
  }
}

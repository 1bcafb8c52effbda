import type { Archive, ArchiveChoice, ArchiveSum } from '../../shared/archive.ts';
import {
  type CheckProgress,
  type CheckTally,
  type LocalCheck,
  type Safety,
  noChecks,
  safeToDelete,
} from '../../shared/local-check.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { checkKind } from './kind.ts';
import type { SourceFiles } from '../core/ports.ts';
import type { TaskKind, TaskRunner } from '../core/task-runner.ts';
import type { Guard } from '../app/feed.ts';
import { type CatalogueStore, toArchive } from '../store/catalogue.ts';
import type { LocalCheckStore } from '../store/local-checks.ts';

const GATHER_MS = 250;

export type CheckedListener = (archive: Archive, check: LocalCheck) => void;

type Ports = {
  store: LocalCheckStore;
  catalogue: CatalogueStore;
  files: SourceFiles;
  /** Which of these archives, by the catalogue's numbers, are about to be deleted. */
  doomed: (ids: readonly number[]) => number[];
  tasks: () => TaskRunner;
  /** Hears at most four times a second how the checks stand. */
  emit: (progress: CheckProgress) => void;
  guard: Guard;
};

/** What people ask about archives and their local files. */
export class Checks {
  readonly kind: TaskKind;
  readonly #ports: Ports;
  readonly #listeners = new Set<CheckedListener>();
  #current: CheckProgress['current'] = null;
  #found: CheckTally = noChecks;
  #timer: NodeJS.Timeout | null = null;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.kind = checkKind({
      checks: ports.store,
      files: ports.files,
      onHashed: ({ path, size }, hashed) => {
        this.#current = path === null ? null : { path, size, hashed };
        this.#tell();
      },
      onChecked: (archive, check) => {
        this.#current = null;
        this.#found = { ...this.#found, [check.outcome.kind]: this.#found[check.outcome.kind] + 1 };
        for (const listener of this.#listeners) listener(archive, check);
        this.#tell();
      },
    });
  }

  /** Lets the chosen archives be checked against their local files; how many were chosen. */
  ask(choice: ArchiveChoice): ArchiveSum {
    const { store, catalogue, tasks } = this.#ports;
    if (store.waiting().count === 0) this.#found = noChecks;
    store.add(choice);
    this.#tell();
    tasks().look();
    return catalogue.sum(choice);
  }

  /** Stops the checks; what was found stays. Returns how many there were left. */
  async cancel(): Promise<{ cancelled: number }> {
    const { store, tasks } = this.#ports;
    const running = store.due(this.kind.parallel());
    const cancelled = store.clear();
    await Promise.all(running.map((id) => tasks().settle(this.kind, id)));
    this.#current = null;
    this.#tell();
    return { cancelled };
  }

  progress(): CheckProgress {
    return { waiting: this.#ports.store.waiting(), current: this.#current, found: this.#found };
  }

  /** What the newest check of the archive found, and what follows from it now. `not-found` when there is no such archive. */
  async of(id: number): Promise<Result<{ check: LocalCheck | null; waiting: boolean; safety: Safety }>> {
    const { store, catalogue } = this.#ports;
    const [row] = catalogue.chosen({ kind: 'ids', ids: [id] });
    if (!row) return fail({ kind: 'not-found', what: 'The archive' });
    const archive = toArchive(row);
    const check = store.newest(archive);
    return ok({ check, waiting: store.isArchiveWaiting(archive), safety: await this.safetyOf(archive, check) });
  }

  async safetyOf(archive: Archive, check: LocalCheck | null): Promise<Safety> {
    const { files, doomed } = this.#ports;
    const path = check?.outcome.kind === 'same' ? archive.path : null;
    const identity = path === null ? null : await files.identify(path);
    return safeToDelete(archive, check, identity?.ok ? identity.value : null, doomed([archive.id]).length > 0);
  }

  /** Hears of each answer. */
  onChecked(listener: CheckedListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }

  #tell(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#ports.guard(() => {
        this.#ports.emit(this.progress());
      });
    }, GATHER_MS).unref();
  }
}

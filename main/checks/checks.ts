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
import type { SourceFiles } from '../core/ports.ts';
import type { Clock } from '../engine/clock.ts';
import type { Runner } from '../engine/runner.ts';
import type { TaskCommands } from '../engine/task-commands.ts';
import type { Guard } from '../app/feed.ts';
import { type CatalogueStore, toArchive } from '../store/catalogue.ts';
import type { ArchiveRow } from '../store/archive-row.ts';
import type { CatalogueReader } from '../store/catalogue-reader.ts';
import { Sweeper } from '../store/tasks/sweeper.ts';
import { FILE_CHECK_LANE, fileCheckKind } from './file-check-kind.ts';
import type { FileCheckStore } from './file-check-store.ts';
import { fileCheckWorker } from './file-check-worker.ts';

const GATHER_MS = 250;
/** Many enough that commits cost little, few enough that nothing else has to wait for long. */
const SLICE = 250;

export type CheckedListener = (archive: Archive, check: LocalCheck) => void;

type Ports = {
  store: FileCheckStore;
  catalogue: CatalogueStore;
  reader: CatalogueReader;
  files: SourceFiles;
  clock: Clock;
  /** Which of these archives, by the catalogue's numbers, are about to be deleted. */
  doomed: (ids: readonly number[]) => number[];
  runner: Pick<Runner, 'employ' | 'look'>;
  commands: TaskCommands;
  /** Hears at most four times a second how the checks stand. */
  emit: (progress: CheckProgress) => void;
  guard: Guard;
};

/** What people ask about archives and their local files. */
export class Checks {
  readonly #ports: Ports;
  readonly #listeners = new Set<CheckedListener>();
  readonly #sweeper: Sweeper;
  #current: CheckProgress['current'] = null;
  #found: CheckTally = noChecks;
  #timer: NodeJS.Timeout | null = null;

  constructor(ports: Ports) {
    this.#ports = ports;
    const { store, files, clock, runner, guard } = ports;
    this.#sweeper = new Sweeper(() => store.sweep(), clock, guard);
    this.#sweeper.begin();
    const worker = fileCheckWorker({
      store,
      files,
      clock,
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
      onEnd: () => {
        this.#tell();
      },
    });
    // One file at a time is the quickest way to read a disk.
    runner.employ(worker, [{ name: FILE_CHECK_LANE, limit: () => 1 }]);
  }

  /**
   * Lets the chosen archives be checked against their local files, the newest first; how many were chosen. They are put on the
   * list in slices, so that many hold nothing up; what an end of Firn cuts off of that is not checked.
   */
  async ask(choice: ArchiveChoice): Promise<ArchiveSum> {
    const { store, reader, clock, runner } = this.#ports;
    if (store.waiting().count === 0) this.#found = noChecks;
    const { token, count, bytes } = await reader.ask('freeze', choice, clock.now());
    for await (const slice of slices(reader.chosen(token))) {
      store.add(slice, clock.now());
      this.#tell();
      runner.look();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return { count, bytes };
  }

  /** Stops the checks; what was found stays. Returns how many there were left. */
  async cancel(): Promise<{ cancelled: number }> {
    const { store, commands } = this.#ports;
    const all = { kind: 'all', of: fileCheckKind.name } as const;
    const cancelled = store.waiting().count;
    await commands.cancel(all);
    await commands.clear(all);
    this.#sweeper.begin();
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
    this.#sweeper.close();
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

async function* slices(rows: AsyncIterable<ArchiveRow>): AsyncIterable<ArchiveRow[]> {
  let slice: ArchiveRow[] = [];
  for await (const row of rows) {
    if (slice.push(row) < SLICE) continue;
    yield slice;
    slice = [];
  }
  yield slice;
}

import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { ArchiveChoice } from '../shared/archive.ts';
import type { ExportFormat, Exported, Imported } from '../shared/catalogue-exchange.ts';
import type { Events } from '../shared/contract.ts';
import { type Power, effortOf } from '../shared/cpu-use.ts';
import type { Failure } from '../shared/failure.ts';
import { type Result, fail, ok } from '../shared/result.ts';
import { allowanceAt, minuteOfDay } from '../shared/schedule.ts';
import type { Settings } from '../shared/settings.ts';
import type { UploadId, UploadView } from '../shared/upload.ts';
import { Accounts } from './accounts.ts';
import { CatalogueCopies } from './catalogue/copies.ts';
import { exportToFile } from './catalogue/export.ts';
import { type ImportOptions, importCatalogue } from './catalogue/import.ts';
import { Checks } from './checks.ts';
import { systemClock } from './clock.ts';
import { toFailure } from './core/failure.ts';
import type { Clock } from './core/ports.ts';
import { DiskWatch } from './core/disk-watch.ts';
import { Runner } from './core/runner.ts';
import { Sleep } from './core/sleep.ts';
import { type TaskKind, TaskRunner } from './core/task-runner.ts';
import { openDestinations } from './destinations.ts';
import { ExpiryWatch } from './expiry-watch.ts';
import { Feed, type Guard } from './feed.ts';
import { localFiles } from './files.ts';
import { KeyRing } from './key-ring.ts';
import { NoticeBoard } from './notices.ts';
import { Queue } from './queue.ts';
import { type ServedInventories, openInventories } from './open-inventories.ts';
import { type ServedChores, openChores } from './open-chores.ts';
import { type ServedRetrievals, openRetrievals } from './open-retrievals.ts';
import { hasRoom } from './room.ts';
import type { SecretBox } from './secrets.ts';
import { AccountStore } from './store/accounts.ts';
import { CatalogueStore } from './store/catalogue.ts';
import { copyInThread } from './store/backup.ts';
import {
  DatabaseFromFutureError,
  errorMessage,
  isDatabaseDamaged,
  isDiskFull,
  openForReading,
} from './store/database.ts';
import { InventoryJobStore } from './store/inventory-jobs.ts';
import { LocalCheckStore } from './store/local-checks.ts';
import { lockFolder } from './store/lock.ts';
import { NoticeStore } from './store/notices.ts';
import { DATABASE_FILE, type Records, openRecords } from './store/records.ts';
import { SettingsStore } from './store/settings.ts';
import { UploadStore } from './store/uploads.ts';
import { ProgressTicker, lookAtUploads } from './ticker.ts';

export type OpenOptions = {
  /** Queue, catalogue and practice vault live here; made when it is missing. */
  dataFolder: string;
  /** Where the built worker files are. */
  codeFolder: string;
  secrets: SecretBox;
  log: (message: string, details: Record<string, unknown>) => void;
  /** Settings that count for this process alone. */
  settings?: Partial<Settings>;
  /** The proxy for a URL, null for none; without it, what the environment says. */
  proxyFor?: (url: string) => Promise<string | null>;
  clock?: Clock;
  random?: () => number;
};

export type App = {
  readonly dataFolder: string;
  readonly secretsKept: boolean;
  readonly accounts: Accounts;
  readonly queue: Queue;
  readonly uploads: UploadStore;
  readonly catalogue: CatalogueStore;
  readonly runner: Runner;
  /** Runs what is durable beside uploads: inventories, retrievals, deletions. */
  readonly tasks: TaskRunner;
  readonly feed: Feed<UploadId, UploadView>;
  readonly inventories: ServedInventories['inventories'];
  readonly inventoryStore: ServedInventories['store'];
  readonly inventoriesFeed: ServedInventories['feed'];
  /** Compares archives with their local files. */
  readonly checks: Checks;
  readonly retrievals: ServedRetrievals['retrievals'];
  readonly retrievalStore: ServedRetrievals['store'];
  readonly retrievalsFeed: ServedRetrievals['feed'];
  /** Deleting archives and emptying vaults. */
  readonly deleting: ServedChores['deleting'];
  readonly choresFeed: ServedChores['feed'];
  /** What the user must be told about Firn's own records. */
  readonly notices: NoticeBoard;
  /** What a thrown error means for a person. When the database is damaged, the queue stops and a notice tells so. */
  readonly failureOf: (error: unknown) => Failure;
  /** Brings the archives that a file tells of into the catalogue, as `importCatalogue` does. */
  /** Writes the chosen archives into a new file, as `exportToFile` does. */
  exportCatalogue(choice: ArchiveChoice, format: ExportFormat, file: string): Promise<Result<Exported>>;
  /** Archives the catalogue itself. */
  readonly copies: CatalogueCopies;
  importCatalogue(file: string, home: ImportOptions['home']): Promise<Result<Imported>>;
  settings(): Settings;
  power(): Power;
  /** To be told where the power comes from, as often as one likes. */
  setPower(power: Power): void;
  changeSettings(changes: Partial<Settings>): Settings;
  on<E extends keyof Events>(event: E, listener: (payload: Events[E]) => void): () => void;
  /** To be told when the computer goes to sleep (`begin`) and when it wakes (`end`). */
  readonly sleep: Sleep;
  /** Stops what runs and closes everything; nothing may be used afterwards. */
  close(): Promise<void>;
};

/**
 * Builds the whole application without Electron. Nothing runs before `runner.start()` and `tasks.start()`. A damaged database is
 * replaced by its newest backup, and a notice tells so. Fails with `data-folder-busy` or `database-newer`, and then nothing
 * was changed, or with `database-damaged` when it could not be replaced.
 */
export async function openApp(options: OpenOptions): Promise<Result<App>> {
  mkdirSync(options.dataFolder, { recursive: true });
  const lock = lockFolder(options.dataFolder);
  if (!lock) return fail({ kind: 'data-folder-busy', folder: options.dataFolder });
  const { dataFolder: folder, codeFolder, log, clock = systemClock } = options;
  const file = join(folder, DATABASE_FILE);
  try {
    const copy = copyInThread(join(codeFolder, 'backup-thread.js'));
    return ok(await build(await openRecords({ folder, clock, log, copy }), lock.release, options));
  } catch (error) {
    lock.release();
    if (error instanceof DatabaseFromFutureError) return fail({ kind: 'database-newer', file });
    if (isDatabaseDamaged(error)) return fail({ kind: 'database-damaged', file, detail: errorMessage(error) });
    throw error;
  }
}

async function build(records: Records, unlock: () => void, options: OpenOptions): Promise<App> {
  const { db } = records;
  const { dataFolder, codeFolder, secrets, log, clock = systemClock, random = Math.random } = options;
  const listeners = new Listeners();
  const catalogue = new CatalogueStore(db, records.recorder);
  const uploads = new UploadStore(db, catalogue);
  const accountStore = new AccountStore(db);
  const settingsStore = new SettingsStore(db);
  let settings = { ...settingsStore.get(), ...options.settings };
  const keyRing = new KeyRing(secrets, accountStore);
  const destinations = openDestinations({
    keyRing,
    codeFolder,
    practiceFolder: join(dataFolder, 'practice'),
    threads: Math.min(4, Math.max(1, availableParallelism())),
    clock,
    ...(options.proxyFor && { proxyFor: options.proxyFor }),
  });
  let power: Power = { onBattery: false };
  const applyEffort = (): void => {
    destinations.setEffort(effortOf(settings.cpuUse, power));
  };
  applyEffort();
  const disk = new DiskWatch({
    clock,
    hasRoom: () => hasRoom(dataFolder),
    onFull: (isFull) => {
      notices.tellMeanwhile('disk-full', isFull ? { kind: 'disk-full', folder: dataFolder } : null, clock.now());
    },
  });
  const sleep = new Sleep(clock);
  const onDamaged = (error: unknown): void => {
    records.seeDamage(errorMessage(error));
  };
  const runner = new Runner({
    uploads,
    catalogue,
    jobs: new InventoryJobStore(db),
    files: localFiles,
    clock,
    random,
    settings: () => settings,
    allowance: () => allowanceAt(settings, minuteOfDay(new Date(clock.now()))),
    setRate: (bytesPerSecond) => {
      destinations.setRate(bytesPerSecond);
    },
    account: (id) => accountStore.get(id),
    destination(account) {
      destinations.expectParts();
      return destinations.open(account);
    },
    isDiskFull,
    disk,
    sleep,
    isDamaged: isDatabaseDamaged,
    onDamaged,
    log,
  });
  const retrieving = openRetrievals({
    db,
    catalogue,
    clock,
    settings: () => settings,
    account: (id) => accountStore.get(id),
  });
  const inventorying = openInventories({ db, catalogue, recorder: records.recorder, dataFolder, clock });
  const checks = new Checks({
    store: new LocalCheckStore(db),
    catalogue,
    files: localFiles,
    tasks: () => tasks,
    emit: (progress) => {
      listeners.emit('checks:changed', progress);
    },
    guard: (act) => {
      guard(act);
    },
  });
  const doing = openChores({
    db,
    catalogue,
    recorder: records.recorder,
    files: localFiles,
    clock,
    account: (id) => accountStore.get(id),
    service: (account) => destinations.open(account),
  });
  const kinds: TaskKind[] = [...retrieving.kinds, ...inventorying.kinds, checks.kind, ...doing.kinds];
  const tasks = new TaskRunner(
    {
      clock,
      random,
      disk,
      sleep,
      accounts: runner.accounts,
      account: (id) => accountStore.get(id),
      service: (account) => destinations.open(account),
      isDiskFull,
      isDamaged: isDatabaseDamaged,
      onDamaged,
      log,
    },
    kinds,
  );
  const accounts: Accounts = new Accounts({
    store: accountStore,
    keyRing,
    destinations,
    waits: runner.accounts,
    changed: () => {
      announceAccounts();
    },
  });
  const announceAccounts = (): void => {
    listeners.emit('accounts:changed', accounts.list());
  };
  runner.accounts.onChange(announceAccounts);
  const failureOf = (error: unknown): Failure => {
    if (isDiskFull(error)) return { kind: 'disk-full', path: dataFolder };
    if (!isDatabaseDamaged(error)) return toFailure(error);
    records.seeDamage(errorMessage(error));
    return { kind: 'database-damaged', file: join(dataFolder, DATABASE_FILE), detail: errorMessage(error) };
  };
  const guard: Guard = (act) => {
    try {
      act();
    } catch (error) {
      if (failureOf(error).kind !== 'database-damaged') throw error;
    }
  };
  const tellChanges = (changes: Events['uploads:changed']): void => {
    listeners.emit('uploads:changed', changes);
    if (changes.items.some(({ phase }) => phase.kind === 'stored')) {
      listeners.emit('archives:changed', { total: catalogue.count() });
    }
  };
  const tellProgress = (progress: Events['uploads:progress']): void => {
    listeners.emit('uploads:progress', progress);
  };
  const feed = new Feed(uploads, tellChanges, guard);
  const ticker = new ProgressTicker(() => lookAtUploads(runner, uploads, clock), tellProgress, guard);
  const served = retrieving.serve(tasks, {
    changed: (changes) => {
      listeners.emit('retrievals:changed', changes);
    },
    progress: (progress) => {
      listeners.emit('retrievals:progress', progress);
    },
    guard,
  });
  const taking = inventorying.serve(tasks, {
    changed: (changes) => {
      listeners.emit('inventories:changed', changes);
    },
    progress: (progress) => {
      listeners.emit('inventories:progress', progress);
    },
    reconciled: () => {
      listeners.emit('archives:changed', { total: catalogue.count() });
    },
    guard,
  });
  const chores = doing.serve(tasks, {
    changed: (changes) => {
      listeners.emit('chores:changed', changes);
    },
    archivesDeleted: () => {
      listeners.emit('archives:changed', { total: catalogue.count() });
    },
    guard,
  });
  const isClosed = chores.deleting.isBeingEmptied.bind(chores.deleting);
  const queue = new Queue(uploads, runner, { uploads, catalogue, files: localFiles, clock }, isClosed);
  const copies = new CatalogueCopies({
    databaseFile: join(dataFolder, DATABASE_FILE),
    folder: join(dataFolder, 'catalogue-copies'),
    catalogue,
    uploads,
    queue,
    place: () => settings.catalogueCopy,
    preferredPartSize: () => settings.partSize,
    clock,
    log,
  });
  sleep.onChange(() => {
    if (sleep.isAsleep) return;
    // The network is back sooner than any wait ends.
    void queue.endWaits('offline');
    served.retrievals.networkBack();
  });
  const notices = new NoticeBoard(new NoticeStore(db), (all) => {
    listeners.emit('notices:changed', all);
  });
  const expiryWatch = new ExpiryWatch(uploads, notices, clock, guard);
  records.start((damage) => {
    log('database damaged while in use', { damage });
    runner.halt();
    tasks.halt();
    notices.tellInstead({ kind: 'records-damaged', damage }, clock.now());
  });
  // Not awaited: a folder on a network that does not answer must not keep Firn from starting.
  served.retrievals.removeLeftovers().catch((error: unknown) => {
    log('leftovers of retrievals stay', { error: errorMessage(error) });
  });
  if (accountStore.list().some(({ source }) => source.kind === 'practice')) await destinations.startPractice();

  return {
    dataFolder,
    secretsKept: secrets.available,
    accounts,
    queue,
    uploads,
    catalogue,
    runner,
    tasks,
    feed,
    inventories: taking.inventories,
    inventoryStore: taking.store,
    inventoriesFeed: taking.feed,
    checks,
    retrievals: served.retrievals,
    retrievalStore: served.store,
    retrievalsFeed: served.feed,
    deleting: chores.deleting,
    choresFeed: chores.feed,
    notices,
    sleep,
    failureOf,
    copies,
    async exportCatalogue(choice, format, to) {
      const reading = openForReading(join(dataFolder, DATABASE_FILE));
      try {
        return await exportToFile(reading, { choice, format, exportedAt: clock.now() }, to);
      } finally {
        reading.close();
      }
    },
    async importCatalogue(file, home) {
      const imported = await importCatalogue(db, file, { recorder: records.recorder, now: clock.now(), home });
      listeners.emit('archives:changed', { total: catalogue.count() });
      announceAccounts();
      return imported;
    },
    settings: () => settings,
    power: () => power,
    setPower(now) {
      if (now.onBattery === power.onBattery) return;
      power = now;
      applyEffort();
      listeners.emit('power:changed', power);
    },
    changeSettings(changes) {
      settings = { ...settingsStore.set(changes), ...options.settings };
      applyEffort();
      listeners.emit('settings:changed', settings);
      runner.look();
      if (changes.retrievalLimits) served.retrievals.limitsChanged();
      tasks.look();
      if (changes.catalogueCopy !== undefined) copies.start();
      return settings;
    },
    on: (event, listener) => listeners.on(event, listener),
    async close() {
      queue.close();
      await copies.close();
      ticker.close();
      feed.close();
      served.close();
      taking.close();
      checks.close();
      expiryWatch.close();
      chores.close();
      disk.close();
      sleep.close();
      await Promise.all([runner.stop(), tasks.stop()]);
      await destinations.close();
      await records.close();
      unlock();
    },
  };
}

/** Who wants to hear of what. */
class Listeners {
  readonly #all = new Map<keyof Events, Set<(payload: never) => void>>();

  on<E extends keyof Events>(event: E, listener: (payload: Events[E]) => void): () => void {
    const set = this.#all.get(event) ?? new Set();
    this.#all.set(event, set.add(listener));
    return () => set.delete(listener);
  }

  emit<E extends keyof Events>(event: E, payload: Events[E]): void {
    for (const listener of this.#all.get(event) ?? []) (listener as (payload: Events[E]) => void)(payload);
  }
}

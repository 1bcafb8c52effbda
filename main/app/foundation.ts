import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { errorText } from '../../shared/error-text.ts';
import type { Account, AccountId } from '../../shared/account.ts';
import type { Failure } from '../../shared/failure.ts';
import { nameCalled } from '../../shared/place.ts';
import { ProxyLogins } from '../places/proxy-logins.ts';
import { systemClock } from './clock.ts';
import { AccountWaits } from '../engine/account-waits.ts';
import { DiskWatch } from '../engine/disk-watch.ts';
import { toFailure } from '../core/failure.ts';
import type { Clock } from '../core/ports.ts';
import type { RunLoopPorts } from '../engine/run-loop.ts';
import { Sleep } from '../engine/sleep.ts';
import { type Destinations, type Service, openDestinations } from '../places/destinations.ts';
import { PracticeAccounts } from '../places/practice-accounts.ts';
import { PlaceRegistry } from '../places/registry.ts';
import type { Guard } from './feed.ts';
import { mountedVolumes } from '../files/volumes.ts';
import { HashingThread } from '../files/hashing-thread.ts';
import { KeyRing } from '../places/key-ring.ts';
import { Listeners } from './listeners.ts';
import { NoticeBoard } from './notices.ts';
import type { OpenOptions } from './app.ts';
import { hasRoom } from './disk-room.ts';
import { SettingsInForce } from './settings-in-force.ts';
import { AccountStore } from '../store/accounts.ts';
import type { ArchiveRecorder } from '../store/archive-recorder.ts';
import { CatalogueReader } from '../store/catalogue-reader.ts';
import { CatalogueStore } from '../store/catalogue.ts';
import { type Db, isDatabaseDamaged, isDiskFull, isUnusable } from '../store/database.ts';
import { NoticeStore } from '../store/notices.ts';
import { PlaceStore } from '../store/places.ts';
import { ProxyLoginStore } from '../store/proxy-logins.ts';
import { DATABASE_FILE, type Records } from '../store/records.ts';
import { SettingsStore } from '../store/settings.ts';
import { type Engine, keepTasks, openEngine } from './open-engine.ts';

/** What all that runs in Firn stands on. */
export type Ground = {
  dataFolder: string;
  db: Db;
  databaseFile: string;
  recorder: ArchiveRecorder;
  catalogue: CatalogueStore;
  catalogueReader: CatalogueReader;
  /** The files of this computer. */
  hashing: HashingThread;
  accountStore: AccountStore;
  settings: SettingsInForce;
  keyRing: KeyRing;
  proxyLogins: ProxyLogins;
  destinations: Destinations;
  /** What can be done with each place. */
  places: PlaceRegistry;
  listeners: Listeners;
  notices: NoticeBoard;
  clock: Clock;
  /** Where drives are mounted now. */
  volumes: () => Promise<readonly string[]>;
  random: () => number;
  log: OpenOptions['log'];
  /** What the loops of queue and tasks share. */
  loop: RunLoopPorts & { accounts: AccountWaits };
  engine: Engine;
  account: (id: AccountId) => Account | null;
  service: (account: Account) => Service;
  /** What a thrown error means for a person. When the database is damaged, the queue stops and a notice tells so. */
  failureOf: (error: unknown) => Failure;
  practising: PracticeAccounts;
  guard: Guard;
  /** The catalogue has other archives, or knows more of them. */
  tellArchives: () => void;
};

export function layGround(records: Records, options: OpenOptions): Ground {
  const { db, recorder } = records;
  const { dataFolder, log, clock = systemClock, random = Math.random } = options;
  const databaseFile = join(dataFolder, DATABASE_FILE);
  const catalogue = new CatalogueStore(db, recorder);
  const catalogueReader = new CatalogueReader(join(options.codeFolder, 'reader-thread.js'), databaseFile);
  const hashing = new HashingThread(join(options.codeFolder, 'hash-thread.js'));
  const accountStore = new AccountStore(db);
  const settings = new SettingsInForce(new SettingsStore(db), options.settings);
  const keyRing = new KeyRing(options.secrets, accountStore);
  const proxyLogins = new ProxyLogins(options.secrets, new ProxyLoginStore(db));
  const kept = keepTasks(db, { clock, log });
  const accounts = new AccountWaits(kept.waits);
  const practising = new PracticeAccounts({ store: accountStore, waits: accounts, log });
  const sleep = new Sleep(clock);
  const onSlept = (): void => {
    sleep.end();
  };
  const own = { keyRing, proxyLogins, accountStore, clock, practising, onSlept };
  const destinations = openDestinationsFor(own, options);
  destinations.setEffort(settings.effort());
  const placeStore = new PlaceStore(db);
  const places = new PlaceRegistry(
    { glacier: (account) => destinations.open(account) },
    {
      account: (id) => accountStore.get(id),
      called: ({ id: accountId, region }, called) =>
        placeStore.called(accountId, called) ?? placeStore.getOrCreate({ accountId, region, ...nameCalled(called) }),
    },
  );
  const listeners = new Listeners();
  const notices = new NoticeBoard(new NoticeStore(db), listeners.teller('notices:changed'));
  const troubleOf = (error: unknown): Failure | null => {
    if (isDiskFull(error)) return { kind: 'disk-full', path: dataFolder };
    if (!isUnusable(error)) return null;
    return { kind: 'records-unusable', file: databaseFile, detail: errorText(error) };
  };
  const failureOf = (error: unknown): Failure => {
    if (!isDatabaseDamaged(error)) return troubleOf(error) ?? toFailure(error);
    records.seeDamage(errorText(error));
    return { kind: 'database-damaged', file: databaseFile, detail: errorText(error) };
  };
  const disk = new DiskWatch({
    clock,
    isUsable: () => hasRoom(dataFolder) && answers(db),
    onTrouble: (failure) => {
      notices.tellMeanwhile('records-wait', failure && { kind: 'records-wait', failure }, clock.now());
    },
  });
  const loop = {
    clock,
    accounts,
    waits: kept.waits,
    disk,
    sleep,
    troubleOf,
    isDamaged: isDatabaseDamaged,
    onDamaged: (error: unknown) => {
      records.seeDamage(errorText(error));
    },
    onBug: (error: unknown) => {
      notices.tellMeanwhile('work-stopped', { kind: 'work-stopped', detail: errorText(error) }, clock.now());
    },
    log,
  };
  const account = (id: AccountId): Account | null => accountStore.get(id);
  const service = (owner: Account): Service => destinations.open(owner);
  return {
    dataFolder,
    db,
    databaseFile,
    recorder,
    catalogue,
    catalogueReader,
    hashing,
    accountStore,
    settings,
    keyRing,
    proxyLogins,
    destinations,
    places,
    listeners,
    notices,
    clock,
    volumes: options.volumes ?? mountedVolumes,
    random,
    log,
    loop,
    engine: openEngine(kept, {
      db,
      loop,
      random,
      inventoryLagMs: (id) => {
        const owner = account(id);
        return owner ? service(owner).inventoryLagMs : 0;
      },
    }),
    account,
    service,
    failureOf,
    practising,
    guard(act) {
      try {
        act();
      } catch (error) {
        if (failureOf(error).kind === 'unexpected') throw error;
      }
    },
    tellArchives() {
      listeners.emit('archives:changed', { total: catalogue.count() });
    },
  };
}

/** Whether the database can be read; what was asked of it may lie anywhere in it, so this is a guess. */
function answers(db: Db): boolean {
  try {
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return true;
  } catch {
    return false;
  }
}

function openDestinationsFor(
  ground: Pick<Ground, 'keyRing' | 'proxyLogins' | 'accountStore' | 'clock' | 'practising'> & { onSlept: () => void },
  options: OpenOptions,
): Destinations {
  const { keyRing, proxyLogins, accountStore, clock, practising, onSlept } = ground;
  const { dataFolder, codeFolder, systemProxies } = options;
  return openDestinations({
    keyRing,
    numbers: {
      of: (id) => accountStore.get(id)?.number ?? null,
      learned(id, number) {
        accountStore.learnNumber(id, number);
      },
    },
    codeFolder,
    practiceFolder: join(dataFolder, 'practice'),
    threads: Math.min(4, Math.max(1, availableParallelism())),
    clock,
    onPracticeEnd: (failure) => {
      practising.hold(failure);
    },
    onSlept,
    network: { systemRules: systemProxies, typedLogin: (proxy) => proxyLogins.of(proxy) },
    ...(options.askForCode && { askForCode: options.askForCode }),
  });
}

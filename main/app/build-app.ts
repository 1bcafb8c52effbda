import { errorText } from '../../shared/error-text.ts';
import { SECOND } from '../../shared/units.ts';
import { Accounts } from '../places/accounts.ts';
import { type Ground, layGround } from './foundation.ts';
import type { App, OpenOptions } from './app.ts';
import { openExchange } from './open-exchange.ts';
import { type OpenQueue, openQueue } from './open-uploads.ts';
import { openTasks } from './open-tasks.ts';
import type { Records } from '../store/records.ts';
import { tellWaits } from './waits-feed.ts';

/** Somebody who has just signed in at another tool does not want to wait longer. */
const LOOK_AGAIN_MS = 30 * SECOND;

/** Builds the application on records that are open. `unlock` is called when it is closed. */
export async function buildApp(records: Records, unlock: () => void, options: OpenOptions): Promise<App> {
  const ground = layGround(records, options);
  const tasks = openTasks(ground);
  const { deleting } = tasks.chores;
  const sending = openQueue(ground, (place) => deleting.emptyingOf(place) !== null);
  const { accounts, tellAccounts } = openAccounts(ground, sending.copies);
  sending.copies.accountsChanged();
  const exchange = openExchange(ground, tasks, tellAccounts);
  const networkBack = (): void => {
    ground.destinations.dropConnections();
    accounts.networkBack();
    ground.engine.waits.openAll(({ failure }) => failure.kind === 'offline');
  };
  // After sleep the network is back sooner than any wait ends, and connections from before it are dead. They are left alone
  // at its beginning: a short request that is under way may still be heard out, which for a retrieval is worth money.
  ground.loop.sleep.onChange(() => {
    if (!ground.loop.sleep.isAsleep) networkBack();
  });
  goOnWithCommands(ground);
  const stopTellingWaits = tellWaits(ground.engine.waits, ground.listeners.teller('waits:changed'), ground.guard);
  const stopLooking = lookAgainEvery(LOOK_AGAIN_MS, ground, accounts);
  haltOnDamage(records, ground);
  // Not awaited: a folder on a network that does not answer must not keep Firn from starting.
  tasks.retrievals.retrievals.removeLeftovers().catch((error: unknown) => {
    ground.log('leftovers of retrievals stay', { error: errorText(error) });
  });
  await ground.practising.start(ground.destinations);
  const { settings, listeners } = ground;

  return {
    dataFolder: ground.dataFolder,
    secretsKept: options.secrets.available,
    accounts,
    proxyLogins: ground.proxyLogins,
    queue: sending.queue,
    relocation: sending.relocation,
    elsewhere: sending.elsewhere,
    uploads: sending.uploads,
    catalogue: ground.catalogue,
    catalogueReader: ground.catalogueReader,
    uploadWorker: sending.worker,
    accountWaits: ground.loop.accounts,
    engine: ground.engine,
    feed: sending.feed,
    inventories: tasks.inventories.inventories,
    inventoryStore: tasks.inventories.store,
    inventoriesFeed: tasks.inventories.feed,
    checks: tasks.checks,
    retrievals: tasks.retrievals.retrievals,
    retrievalStore: tasks.retrievals.store,
    retrievalsFeed: tasks.retrievals.feed,
    deleting,
    choresFeed: tasks.chores.feed,
    notices: ground.notices,
    failureOf: ground.failureOf,
    copies: sending.copies,
    ...exchange,
    settings: () => settings.get(),
    power: () => settings.power,
    setPower(power) {
      if (!settings.setPower(power)) return;
      ground.destinations.setEffort(settings.effort());
      listeners.emit('power:changed', power);
    },
    changeSettings(changes) {
      const changed = settings.change(changes);
      ground.destinations.setEffort(settings.effort());
      listeners.emit('settings:changed', changed);
      if (changes.retrievalLimits) tasks.retrievals.retrievals.limitsChanged();
      ground.engine.runner.look();
      if (changes.catalogueCopy !== undefined) sending.copies.start();
      return changed;
    },
    networkBack,
    sleep: ground.loop.sleep,
    on: (event, listener) => listeners.on(event, listener),
    async close() {
      stopLooking();
      stopTellingWaits();
      await sending.close();
      await exchange.copyReturns.close();
      tasks.close();
      ground.engine.commands.stop();
      ground.engine.waits.stop();
      ground.loop.disk.close();
      ground.loop.sleep.close();
      await ground.engine.runner.stop();
      await Promise.all([ground.destinations.close(), ground.catalogueReader.close(), ground.hashing.close()]);
      await records.close();
      unlock();
    },
  };
}

/** What an end of Firn cut off of people's commands goes on before anything runs; what a full disk cut off, when there is room. */
function goOnWithCommands({ engine, loop, log }: Ground): void {
  const goOn = (): void => {
    engine.commands.goOn().catch((error: unknown) => {
      log('commands wait until they can be written down', { error: errorText(error) });
    });
  };
  goOn();
  loop.disk.onChange(() => {
    if (!loop.disk.isWaiting) goOn();
  });
}

function openAccounts(
  { accountStore, keyRing, proxyLogins, destinations, loop, listeners }: Ground,
  copies: OpenQueue['copies'],
): {
  accounts: Accounts;
  tellAccounts: () => void;
} {
  const tellAccounts = (): void => {
    listeners.emit('accounts:changed', accounts.list());
  };
  const accounts: Accounts = new Accounts({
    store: accountStore,
    keyRing,
    proxyLogins,
    destinations,
    waits: loop.accounts,
    changed() {
      tellAccounts();
      copies.accountsChanged();
    },
  });
  loop.accounts.onChange(tellAccounts);
  return { accounts, tellAccounts };
}

function haltOnDamage(records: Records, { notices, clock, log, engine }: Ground): void {
  records.start((damage) => {
    log('database damaged while in use', { damage });
    engine.runner.halt();
    notices.tellInstead({ kind: 'records-damaged', damage }, clock.now());
  });
}

/** Until the returned function is called. One look at a time. */
function lookAgainEvery(ms: number, { clock, log }: Ground, accounts: Accounts): () => void {
  let stop: () => void = () => undefined;
  let isEnded = false;
  const look = async (): Promise<void> => {
    await accounts.lookAgain().catch((error: unknown) => {
      log('accounts were not looked at again', { error: errorText(error) });
    });
    if (!isEnded) wait();
  };
  const wait = (): void => {
    stop = clock.after(ms, () => void look());
  };
  wait();
  return () => {
    isEnded = true;
    stop();
  };
}

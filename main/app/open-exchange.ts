import { join } from 'node:path';
import type { Failure } from '../../shared/failure.ts';
import { fail } from '../../shared/result.ts';
import { exportToFile } from '../catalogue/export.ts';
import { type ImportOptions, importCatalogue } from '../catalogue/import.ts';
import { CopyReturns } from '../copies/copy-returns.ts';
import type { Ground } from './foundation.ts';
import type { App } from './app.ts';
import type { Tasks } from './open-tasks.ts';
import { CopyReturnStore } from '../store/copy-returns.ts';
import { openForReading } from '../store/database.ts';

export type Exchange = Pick<App, 'exportCatalogue' | 'importCatalogue' | 'copyReturns'>;

/** The catalogue as files, and its copies in vaults. */
export function openExchange(ground: Ground, { inventories, retrievals }: Tasks, tellAccounts: () => void): Exchange {
  const { db, databaseFile, recorder, clock, catalogue, accountStore, dataFolder, log } = ground;
  const bringIn = async (file: string, options: Pick<ImportOptions, 'home' | 'owner' | 'signal'>) => {
    const imported = await importCatalogue(db, file, { recorder, now: clock.now(), ...options });
    ground.tellArchives();
    // What was imported may belong to an account of its own.
    tellAccounts();
    return imported;
  };
  return {
    async exportCatalogue(choice, format, to) {
      const reading = openForReading(databaseFile);
      try {
        return await exportToFile(reading, { choice, format, exportedAt: clock.now() }, to);
      } finally {
        reading.close();
      }
    },
    importCatalogue: (file, home) => bringIn(file, { home }),
    copyReturns: new CopyReturns({
      store: new CopyReturnStore(db),
      catalogue,
      inventories: inventories.store,
      retrievalStore: retrievals.store,
      retrievals: retrievals.retrievals,
      accounts: () => accountStore.list().map(({ id }) => id),
      folder: join(dataFolder, 'returning-copies'),
      bringIn(file, { account_id: accountId, region, location }, signal) {
        const owner = { accountId, region, location };
        return bringIn(file, { home: () => Promise.resolve(fail(notACopy)), owner, signal });
      },
      clock,
      changed: ground.listeners.teller('copies:changed'),
      log,
    }),
  };
}

const notACopy: Failure = { kind: 'invalid-input', detail: 'The archive is no copy of a catalogue.' };

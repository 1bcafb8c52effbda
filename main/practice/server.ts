import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { makePrivateFolder } from '../files/private.ts';
import { MINUTE } from '../../shared/units.ts';
import { PRACTICE_ACCOUNT_NUMBER, PRACTICE_CREDENTIALS, type PracticeCredentials } from './credentials.ts';
import { type Ledger, LedgerWriter } from './ledger.ts';
import type { Service } from './protocol/call.ts';
import { goodManners, type MannersFor } from './protocol/manners.ts';
import { serve } from './protocol/serve.ts';
import { PRACTICE_RULES, type PracticeRules } from './rules.ts';
import { openStore } from './store/store.ts';
import { sweep } from './store/sweep.ts';

export { PRACTICE_CREDENTIALS, type PracticeCredentials } from './credentials.ts';
export { type Ledger, type LedgerEntry, readLedger } from './ledger.ts';
export { PRACTICE_RULES_FAST, type PracticeRules } from './rules.ts';

export type PracticeOptions = {
  /** All state lies below it; made when it is not there. It belongs to one practice vault at a time. */
  folder: string;
  /** 0, the default, for any. */
  port?: number;
  /** Milliseconds since 1970. */
  clock?: () => number;
  credentials?: readonly PracticeCredentials[];
  region?: string;
  /** The number of the AWS account that it plays. */
  accountNumber?: string;
  /** What differs from `PRACTICE_RULES`. */
  rules?: Partial<PracticeRules>;
  /** Good manners by default. */
  mannersFor?: MannersFor;
};

export type PracticeVault = {
  /** `http://127.0.0.1:<port>` */
  url: string;
  port: number;
  ledger: Ledger;
  /** Ends all connections, lets the change that is under way become durable, and frees the folder. Once is enough. */
  close(): Promise<void>;
};

/** Starts a Glacier service on the loopback interface that goes on with whatever the folder holds. */
export async function startPracticeVault(options: PracticeOptions): Promise<PracticeVault> {
  const { folder, clock = Date.now, region = 'us-east-1', credentials = [PRACTICE_CREDENTIALS] } = options;
  const { accountNumber = PRACTICE_ACCOUNT_NUMBER, mannersFor = () => goodManners } = options;
  const rules = { ...PRACTICE_RULES, ...options.rules };
  makePrivateFolder(folder);
  const store = await openStore(join(folder, region));
  const ledger = new LedgerWriter(folder);
  const service: Service = { store, rules, region, accountNumber, clock };
  await sweep(store, clock(), rules);
  // What cannot be removed now is tried again a minute later.
  const sweepAgain = (): void => void store.turns.run(() => sweep(store, clock(), rules)).catch(() => undefined);
  const sweeping = setInterval(sweepAgain, MINUTE).unref();

  const running = new Set<Promise<void>>();
  // Parts may take as long as they need; a body that stands still is ended by the rules.
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 1 * MINUTE }, (request, response) => {
    const exchange = serve({ service, credentials, ledger, mannersFor }, request, response);
    running.add(exchange);
    void exchange.finally(() => running.delete(exchange));
  });
  const port = await listen(server, options.port ?? 0);
  const shutDown = async (): Promise<void> => {
    clearInterval(sweeping);
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
    await Promise.all(running);
    await store.turns.idle();
    ledger.close();
  };
  let closing: Promise<void> | null = null;
  return { url: `http://127.0.0.1:${port}`, port, ledger, close: () => (closing ??= shutDown()) };
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

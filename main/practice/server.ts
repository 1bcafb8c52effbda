import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { makePrivateFolder } from '../files/private.ts';
import { MINUTE } from '../../shared/units.ts';
import { addresseeOf } from './addressee.ts';
import { bucketApi } from './buckets/api.ts';
import { OpenedLater } from './buckets/store/opened-later.ts';
import { sweepBuckets } from './buckets/sweep.ts';
import { PRACTICE_ACCOUNT_NUMBER, PRACTICE_CREDENTIALS, type PracticeCredentials } from './credentials.ts';
import type { Api } from './exchange/api.ts';
import { type MannersFor, goodManners } from './exchange/manners.ts';
import { serve } from './exchange/serve.ts';
import { type Ledger, LedgerWriter, type ServiceName } from './ledger.ts';
import { PRACTICE_RULES, type PracticeRules } from './rules.ts';
import { vaultApi } from './vaults/api.ts';
import { openStore } from './vaults/store/store.ts';
import { sweep } from './vaults/store/sweep.ts';

export { PRACTICE_CREDENTIALS, type PracticeCredentials } from './credentials.ts';
export { type Ledger, type LedgerEntry, readLedger } from './ledger.ts';
export { PRACTICE_RULES_FAST, type PracticeRules } from './rules.ts';

export type PracticeOptions = {
  /** All state lies below it; made when it is not there. It belongs to one practice service at a time. */
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

export type PracticeService = {
  /** `http://127.0.0.1:<port>` */
  url: string;
  port: number;
  ledger: Ledger;
  /** Ends all connections, lets the change that is under way become durable, and frees the folder. Once is enough. */
  close(): Promise<void>;
};

/** Starts Glacier and S3 on the loopback interface, which go on with whatever the folder holds. */
export async function startPracticeService(options: PracticeOptions): Promise<PracticeService> {
  const { folder, clock = Date.now, region = 'us-east-1', credentials = [PRACTICE_CREDENTIALS] } = options;
  const { accountNumber = PRACTICE_ACCOUNT_NUMBER, mannersFor = () => goodManners } = options;
  const rules = { ...PRACTICE_RULES, ...options.rules };
  makePrivateFolder(folder);
  const state = join(folder, region);
  const vaults = await openStore(state);
  const ledger = new LedgerWriter(folder);
  const common = { rules, region, accountNumber, clock };
  const buckets = new OpenedLater(state);
  const apis: Record<ServiceName, () => Api> = {
    glacier: once(() => vaultApi({ store: vaults, ...common }, credentials)),
    s3: once(() => bucketApi({ store: buckets.open(), ...common }, credentials)),
  };
  const sweepAll = async (): Promise<void> => {
    await vaults.turns.run(() => sweep(vaults, clock(), rules));
    if (buckets.opened) sweepBuckets(buckets.opened, clock(), rules);
  };
  await sweepAll();
  // What cannot be removed now is tried again a minute later, or at the next start.
  const sweeping = setInterval(() => void sweepAll().catch(() => undefined), MINUTE).unref();

  const running = new Set<Promise<void>>();
  const counter = { apiFor: (request: IncomingMessage) => apis[addresseeOf(request)](), ledger, mannersFor, clock };
  const receive = (request: IncomingMessage, response: ServerResponse): void => {
    const exchange = serve({ ...counter, bodyIdleMs: rules.bodyIdleMs }, request, response);
    running.add(exchange);
    void exchange.finally(() => running.delete(exchange));
  };
  // Parts may take as long as they need; a body that stands still is ended by the rules.
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 1 * MINUTE }, receive);
  server.on('checkContinue', receive);
  const port = await listen(server, options.port ?? 0);
  const shutDown = async (): Promise<void> => {
    clearInterval(sweeping);
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
    await Promise.all(running);
    await vaults.turns.idle();
    await buckets.close();
    ledger.close();
  };
  let closing: Promise<void> | null = null;
  return { url: `http://127.0.0.1:${port}`, port, ledger, close: () => (closing ??= shutDown()) };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
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

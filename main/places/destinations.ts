import { join } from 'node:path';
import type { Account, AccountId } from '../../shared/account.ts';
import type { Effort } from '../../shared/cpu-use.ts';
import { errorText } from '../../shared/error-text.ts';
import { endpointFor, identityEndpointFor, isTrue } from '../../shared/endpoints.ts';
import type { Failure } from '../../shared/failure.ts';
import { fail } from '../../shared/result.ts';
import type { ArchiveService } from './ports/archive-service.ts';
import type { PlaceAdapter } from './ports/place-ports.ts';
import { FailureError } from '../core/failure.ts';
import type { Clock } from '../core/ports.ts';
import {
  type AskForCode,
  type CredentialProvider,
  type ProfileOptions,
  environmentCredentials,
  fixedCredentials,
  profileCredentials,
} from '../aws/credentials/credentials.ts';
import { type GlacierExtras, openGlacier } from '../glacier/destination.ts';
import type { AccountBinding } from '../aws/account-binding.ts';
import { callerIdentity } from '../aws/caller-identity.ts';
import type { DeadConnections } from '../aws/dead-connections.ts';
import { watchNetwork } from '../aws/network-watch.ts';
import { Network, type NetworkOptions } from '../aws/network.ts';
import { caFilesOfProfile } from '../aws/profile-certificates.ts';
import type { RouteTo } from '../aws/route.ts';
import type { KeyRing, Keys } from './key-ring.ts';
import { type PracticeHost, hostPracticeVault } from './practice-host.ts';
import { PRACTICE_CREDENTIALS } from '../practice/credentials.ts';
import { openPartPool } from '../transfer/pool.ts';

/** All that an account's service can do. */
export type Service = ArchiveService & GlacierExtras & PlaceAdapter;

export type Destinations = {
  open(account: Account): Service;
  /** The code of the account's MFA device, for its next sign-in. */
  offerCode(id: AccountId, code: string): void;
  /** Forgets connections and cached credentials of the account. */
  reopen(id: AccountId): void;
  /** Once is enough, until it has ended. Resolves with why it does not run; null when it does. */
  startPractice(): Promise<Failure | null>;
  /** Parts will be sent soon: what sends them gets ready. */
  expectParts(): void;
  /** Bytes per second for all parts of all accounts together; null for no limit. */
  setRate(bytesPerSecond: number | null): void;
  /** The computer slept, or is about to: no connection leads anywhere any more. */
  dropConnections(): void;
  /** How much of the processor sending may take. */
  setEffort(effort: Effort): void;
  close(): Promise<void>;
};

export type AccountNumbers = {
  of: (id: AccountId) => string | null;
  learned: (id: AccountId, number: string) => void;
};

/** Opens each account's service once and keeps it; the part pool is shared by all. */
export function openDestinations(options: {
  keyRing: Pick<KeyRing, 'keys'>;
  /** Which AWS account each account is; without it, each service remembers its own. */
  numbers?: AccountNumbers;
  /** Where the built worker files are. */
  codeFolder: string;
  practiceFolder: string;
  threads: number;
  /** The practice vault has ended by itself. */
  onPracticeEnd?: (failure: Failure) => void;
  /** This computer has slept, although nobody may have said so. */
  onSlept?: () => void;
  clock: Pick<Clock, 'now'>;
  network?: NetworkOptions;
  /** Asks the person for the code of an MFA device, where there is one who can be asked at any time. */
  askForCode?: AskForCode;
}): Destinations {
  const { codeFolder, practiceFolder, threads } = options;
  const network = new Network(options.network);
  const pool = openPartPool({ workerFile: join(codeFolder, 'worker.js'), threads });
  const open = new Map<AccountId, Service>();
  const codes = new Map<AccountId, string>();
  /** A code that was given at the sign-in is good for once. */
  const askFor =
    (id: AccountId): AskForCode =>
    async (profile, device) => {
      const code = codes.get(id) ?? (await options.askForCode?.(profile, device)) ?? null;
      codes.delete(id);
      return code;
    };
  let practice: PracticeHost | null = null;
  let starting: Promise<PracticeHost> | null = null;

  const practiceFailure = (detail: string): Failure => ({
    kind: 'practice-unavailable',
    folder: practiceFolder,
    detail,
  });
  /** Services that were opened know its address, which the next one does not have. */
  const losePractice = (error: unknown): Failure => {
    practice = null;
    starting = null;
    open.clear();
    absence = practiceFailure(errorText(error));
    return absence;
  };
  let absence = practiceFailure('it has not been started');

  const connect = (account: Account): Service => {
    const isPractice = account.source.kind === 'practice';
    if (isPractice && !practice) throw new FailureError(absence);
    const routeTo = routeOf(account, network);
    const { region } = account;
    const credentials = credentialsOf(account, options.keyRing, { routeTo, region, askForCode: askFor(account.id) });
    const common = { routeTo, region, credentials, clock: () => options.clock.now() };
    const identity = identityEndpointOf(account);
    return openGlacier({
      ...common,
      endpoint: (isPractice ? practice?.url : account.endpointUrl) ?? endpointFor(region),
      partSender: pool,
      account: {
        ...bindingOf(account, options.numbers),
        ...(identity !== null && { ask: callerIdentity({ ...common, endpoint: identity }) }),
      },
      ...(isPractice && practice && { times: practice.times }),
    });
  };

  const drop = (dead: DeadConnections): void => {
    pool.dropConnections(dead);
    for (const service of open.values()) service.dropConnections(dead);
  };
  const watch = watchNetwork((dead) => {
    drop(dead);
    if (dead.kind === 'all') options.onSlept?.();
  });

  return {
    open(account) {
      const known = open.get(account.id);
      if (known) return known;
      const destination = connect(account);
      open.set(account.id, destination);
      return destination;
    },
    offerCode(id, code) {
      codes.set(id, code);
    },
    reopen(id) {
      open.delete(id);
    },
    async startPractice() {
      try {
        starting ??= hostPracticeVault(practiceFolder, join(codeFolder, 'practice-thread.js'), (error) => {
          options.onPracticeEnd?.(losePractice(error));
        });
        practice = await starting;
        return null;
      } catch (error) {
        return losePractice(error);
      }
    },
    expectParts() {
      pool.expectParts();
    },
    dropConnections() {
      drop({ kind: 'all' });
    },
    setRate(bytesPerSecond) {
      pool.setRate(bytesPerSecond);
    },
    setEffort(effort) {
      pool.setEffort(effort);
    },
    async close() {
      watch.close();
      for (const service of open.values()) service.close();
      await pool.close();
      await practice?.close();
    },
  };
}

/** The network's routes, with the certificates that the account's profile names. They are read once, at the first request. */
function routeOf({ source }: Account, network: Network): RouteTo {
  const profile = profileOf(source);
  let caFiles: Promise<string[]> | null = null;
  return async (url) => {
    caFiles ??= profile === null ? Promise.resolve([]) : caFilesOfProfile(profile);
    return network.routeTo(url, await caFiles);
  };
}

function profileOf(source: Account['source']): string | null {
  if (source.kind === 'profile') return source.profile;
  return source.kind === 'environment' ? (process.env['AWS_PROFILE'] ?? 'default') : null;
}

/** An account that is about to be added is known to nobody else yet. */
function bindingOf({ id, number }: Account, numbers: AccountNumbers | undefined): AccountBinding {
  let told = number;
  return {
    number: () => numbers?.of(id) ?? told,
    learned(learnt) {
      told = learnt;
      numbers?.learned(id, learnt);
    },
  };
}

/**
 * Who may be asked whose the credentials are. Beside an address of the account's own, nobody but who is named: nothing goes to
 * an address that was not shown.
 */
function identityEndpointOf({ source, region, endpointUrl }: Account): string | null {
  if (source.kind === 'practice' || source.kind === 'imported') return null;
  const named = process.env['AWS_ENDPOINT_URL_STS'];
  if (named !== undefined && named !== '' && !isTrue(process.env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'])) return named;
  return endpointUrl === null ? identityEndpointFor(region) : null;
}

function credentialsOf(
  { id, source }: Account,
  keyRing: Pick<KeyRing, 'keys'>,
  options: ProfileOptions,
): CredentialProvider {
  switch (source.kind) {
    case 'practice':
      return fixedCredentials({ ...PRACTICE_CREDENTIALS, sessionToken: null });
    case 'keys':
      return keysOnDemand(() => keyRing.keys(id));
    case 'profile':
      return profileCredentials(source.profile, options);
    case 'imported':
      return unusable({ kind: 'account-unconfirmed', endpointUrl: source.endpointUrl });
    case 'environment':
      return environmentCredentials(process.env, options);
  }
}

function unusable(failure: Failure): CredentialProvider {
  return { get: () => Promise.resolve(fail(failure)), refresh: () => Promise.resolve(fail(failure)) };
}

/** Keys that the user typed: looked up at each request, since they may be gone or replaced. */
function keysOnDemand(keys: () => Keys | null): CredentialProvider {
  const missing: Failure = { kind: 'credentials-missing', detail: 'the secret key was kept only until Firn quit' };
  const provider = (): CredentialProvider | null => {
    const found = keys();
    return found && fixedCredentials(found);
  };
  return {
    get: (signal) => provider()?.get(signal) ?? Promise.resolve(fail(missing)),
    refresh: () => provider()?.refresh() ?? Promise.resolve(fail(missing)),
  };
}

import { randomUUID } from 'node:crypto';
import { type Account, type AccountId, type UsableSource, usableSource } from '../../shared/account.ts';
import type { Checkup } from '../../shared/checkup.ts';
import type { AccountView } from '../../shared/contract.ts';
import { type Failure, isAccountFailure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { RetrievalPolicy } from '../../shared/retrieval-limits.ts';
import type { Vault } from '../../shared/vault.ts';
import type { ProxyLogins } from './proxy-logins.ts';
import type { ProxyLogin } from '../aws/proxies/proxy.ts';
import type { AccountWaits } from '../engine/account-waits.ts';
import type { Destinations } from './destinations.ts';
import { examine } from '../doctor/examine.ts';
import { ask } from '../aws/ask.ts';
import type { KeyRing, Keys } from './key-ring.ts';
import { traitsOf } from './traits.ts';
import type { AccountStore } from '../store/accounts.ts';

export type NewAccount =
  | { kind: 'practice' }
  | ({ kind: 'keys'; name: string; region: string; endpointUrl: string | null; remember: boolean } & Keys)
  | { kind: 'profile'; name: string; profile: string; region: string; endpointUrl: string | null };

export type SignIn = Keys & { remember: boolean };

const PRACTICE_REGION = 'us-east-1';

/** The accounts: whose vaults they are, and with which credentials. */
export class Accounts {
  readonly #store: AccountStore;
  readonly #keyRing: KeyRing;
  readonly #proxyLogins: ProxyLogins;
  readonly #destinations: Destinations;
  readonly #waits: AccountWaits;
  readonly #changed: () => void;

  constructor(ports: {
    store: AccountStore;
    keyRing: KeyRing;
    proxyLogins: ProxyLogins;
    destinations: Destinations;
    waits: AccountWaits;
    changed: () => void;
  }) {
    this.#store = ports.store;
    this.#keyRing = ports.keyRing;
    this.#proxyLogins = ports.proxyLogins;
    this.#destinations = ports.destinations;
    this.#waits = ports.waits;
    this.#changed = ports.changed;
  }

  list(): AccountView[] {
    return this.#store.list().map((account) => this.#view(account));
  }

  get(id: AccountId): Account | null {
    return this.#store.get(id);
  }

  /** Adds the account once the service has accepted its credentials; otherwise nothing is kept. */
  async add(input: NewAccount): Promise<Result<AccountView>> {
    const known = this.#store.list().find(({ source }) => source.kind === 'practice');
    if (input.kind === 'practice' && known) return ok({ ...known, ...seen(known), problem: null });
    const account = this.#toAccount(input);
    if (input.kind === 'keys') this.#keyRing.hold(account.id, input);
    const verified = await this.#verify(account);
    if (!verified.ok) {
      this.#forget(account.id);
      return verified;
    }
    const numbered = { ...account, number: await this.#numberOf(account) };
    const twin = this.#twinOf(numbered);
    if (twin) {
      this.#forget(account.id);
      return fail({ kind: 'account-there', name: twin.name, number: twin.number, region: twin.region });
    }
    const added = this.#asKnown(numbered);
    this.#store.put(added, input.kind === 'keys' ? this.#keyRing.seal(added) : null, Date.now());
    this.#waits.release(added.id);
    this.#changed();
    return ok({ ...added, ...seen(added), problem: null });
  }

  /** Takes new keys, or has the profile asked again, and lets the account's queue go on when the service accepts them. */
  async signIn(id: AccountId, keys: SignIn | null, mfaCode: string | null = null): Promise<Result<AccountView>> {
    const before = this.#store.get(id);
    if (!before) return fail(gone);
    const unconfirmed = unconfirmedOf(before);
    if (unconfirmed) return fail(unconfirmed);
    if (mfaCode !== null) this.#destinations.offerCode(id, mfaCode);
    return this.#renew(before, keys);
  }

  /**
   * Takes over an account that an imported catalogue told of, once its credentials are accepted. `endpointUrl`: the service
   * that the person was shown and agreed to.
   */
  async confirm(
    id: AccountId,
    endpointUrl: string | null,
    keys: SignIn | null,
    mfaCode: string | null = null,
  ): Promise<Result<AccountView>> {
    const before = this.#store.get(id);
    if (!before) return fail(gone);
    const usable = usableSource(before);
    if (usable.endpointUrl !== endpointUrl) return fail(unconfirmedOf(before) ?? gone);
    if (mfaCode !== null) this.#destinations.offerCode(id, mfaCode);
    if (usable.source.kind === 'practice') await this.#destinations.startPractice();
    return this.#renew({ ...before, ...usable }, keys);
  }

  /** Keeps the account as it is now, and lets it go on, once the service has accepted its credentials. */
  async #renew(asked: Account, keys: SignIn | null): Promise<Result<AccountView>> {
    const { id } = asked;
    const account = keys && asked.source.kind === 'keys' ? { ...asked, source: this.#keySource(id, keys) } : asked;
    const heldBefore = this.#keyRing.held(id);
    if (keys) this.#keyRing.hold(id, keys);
    this.#destinations.reopen(id);
    const verified = await this.#verify(account);
    if (!verified.ok) {
      if (keys) this.#keyRing.restore(id, heldBefore);
      this.#destinations.reopen(id);
      return verified;
    }
    if (keys) this.#store.put(account, this.#keyRing.seal(account), Date.now());
    else this.#store.change(account);
    const number = await this.#numberOf(account);
    this.#waits.release(id);
    this.#changed();
    return ok({ ...account, ...seen(account), number, problem: null });
  }

  /** Looks for what is wrong with the account, and changes nothing. */
  async checkUp(id: AccountId, vaults: readonly string[]): Promise<Result<Checkup>> {
    const account = this.#store.get(id);
    if (!account) return fail(gone);
    return ok(await examine(account, vaults, this.#destinations.open(account), 'window'));
  }

  remove(id: AccountId): Result<null> {
    if (!this.#store.remove(id)) {
      return fail({
        kind: 'invalid-input',
        detail: 'Uploads, retrievals, inventories or deletions of this account are not over yet; cancel them, or wait.',
      });
    }
    this.#forget(id);
    this.#waits.release(id);
    this.#changed();
    return ok(null);
  }

  /**
   * Tries again those whose credentials come from elsewhere. Their tools say alike that a sign-in has run out and that they
   * could not reach the network.
   */
  networkBack(): void {
    for (const account of this.#store.list()) {
      // Another network has another proxy, or none.
      const isOfNetwork = this.#waits.problem(account.id)?.kind === 'proxy-password';
      if ((isFromElsewhere(account) || isOfNetwork) && this.#waits.isWaiting(account.id))
        this.#waits.release(account.id);
    }
  }

  /**
   * Asks anew, with what files and tools say now, for accounts that wait and whose credentials come from elsewhere: a profile
   * was signed in again, or its keys were replaced. Those that the service accepts go on.
   */
  async lookAgain(): Promise<void> {
    for (const account of this.#store.list()) {
      const problem = this.#waits.problem(account.id);
      // Many a proxy locks out whoever comes with a wrong password too often.
      const wasRefused = problem?.kind === 'proxy-password' && problem.refused;
      if (!isFromElsewhere(account) || problem === null || wasRefused) continue;
      this.#destinations.reopen(account.id);
      const verified = await this.#verify(account);
      if (verified.ok && this.#waits.isWaiting(account.id)) this.#waits.release(account.id);
    }
  }

  /**
   * Takes a login for the proxy of this host and port, and lets the accounts that wait for it go on. Fails with
   * `proxy-password` when one of them shows that the proxy does not take it; then all is as it was.
   */
  async logInToProxy(proxy: string, login: ProxyLogin, remember: boolean): Promise<Result<null>> {
    const before = this.#proxyLogins.held(proxy);
    this.#proxyLogins.hold(proxy, login);
    for (const account of this.#store.list()) {
      const refusal = await this.#tryThrough(proxy, account);
      if (!refusal) continue;
      this.#proxyLogins.hold(proxy, before);
      return fail(refusal);
    }
    this.#proxyLogins.keep(proxy, remember);
    return ok(null);
  }

  /** Lets an account go on that waits for the proxy's password, unless the proxy refuses it: resolves with that failure. */
  async #tryThrough(proxy: string, account: Account): Promise<Failure | null> {
    const isOfProxy = (failure: Failure | null): boolean =>
      failure?.kind === 'proxy-password' && failure.proxy === proxy;
    if (!isOfProxy(this.#waits.problem(account.id))) return null;
    this.#destinations.reopen(account.id);
    const verified = await this.#verify(account);
    if (!verified.ok && isOfProxy(verified.failure)) return verified.failure;
    this.#waits.release(account.id);
    // Behind the proxy there may be another trouble.
    if (!verified.ok && isAccountFailure(verified.failure)) this.#waits.hold(account.id, verified.failure);
    return null;
  }

  /**
   * For the command line: the account of these credentials, made when it is used for the first time. Naming credentials,
   * region and endpoint confirms an account that an import told of.
   */
  of(source: UsableSource, region: string, endpointUrl: string | null): Account {
    const same = (account: Account): boolean => {
      const usable = usableSource(account);
      return (
        JSON.stringify(usable.source) === JSON.stringify(source) &&
        account.region === region &&
        usable.endpointUrl === endpointUrl
      );
    };
    const known = this.#store.list().find(same);
    if (known) return this.#confirmed({ ...known, source, endpointUrl }, known);
    const name = source.kind === 'profile' ? source.profile : 'Credentials of the environment';
    const account = { id: newId(), name, source, region, endpointUrl, number: null };
    this.#store.put(account, null, Date.now());
    this.#changed();
    return account;
  }

  #confirmed(account: Account, before: Account): Account {
    if (before.source.kind !== 'imported') return before;
    this.#store.change(account);
    this.#destinations.reopen(account.id);
    this.#waits.release(account.id);
    this.#changed();
    return account;
  }

  #view(account: Account): AccountView {
    return { ...account, ...seen(account), problem: unconfirmedOf(account) ?? this.#waits.problem(account.id) };
  }

  /** Another account that is the same AWS account: each would have a list of its own of the same archives. */
  #twinOf({ number, region, endpointUrl }: Account): (Account & { number: string }) | null {
    for (const one of this.#store.list()) {
      const isSame = one.number === number && one.region === region && one.endpointUrl === endpointUrl;
      if (isSame && one.number !== null && one.source.kind !== 'imported') return { ...one, number: one.number };
    }
    return null;
  }

  /** What the catalogue knows of this AWS account already belongs to it: it gets the id that its archives have. */
  #asKnown(account: Account): Account {
    const id = account.number === null ? null : this.#store.formerId(account.number, account.region);
    if (id === null) return account;
    const keys = this.#keyRing.held(account.id);
    this.#forget(account.id);
    this.#destinations.reopen(id);
    if (keys) this.#keyRing.hold(id, keys);
    return { ...account, id };
  }

  async listVaults(id: AccountId): Promise<Result<Vault[]>> {
    return this.#ask(id, (destination, signal) => destination.listVaults(signal));
  }

  async createVault(id: AccountId, name: string): Promise<Result<Vault>> {
    const created = await this.#ask(id, (destination, signal) => destination.createVault(name, signal));
    return created.ok ? this.#ask(id, (destination, signal) => destination.describeVault(name, signal)) : created;
  }

  /** The vault, or `vault-missing`. */
  async describeVault(id: AccountId, name: string): Promise<Result<Vault>> {
    return this.#ask(id, (destination, signal) => destination.describeVault(name, signal));
  }

  retrievalPolicy(id: AccountId): Promise<Result<RetrievalPolicy>> {
    return this.#ask(id, (destination, signal) => destination.getRetrievalPolicy(signal));
  }

  setRetrievalPolicy(id: AccountId, policy: RetrievalPolicy): Promise<Result<null>> {
    return this.#ask(id, (destination, signal) => destination.setRetrievalPolicy(policy, signal));
  }

  async #ask<T>(
    id: AccountId,
    question: (destination: ReturnType<Destinations['open']>, signal: AbortSignal) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const account = this.#store.get(id);
    if (!account) return fail(gone);
    const answer = await ask(this.#destinations.open(account), question);
    if (!answer.ok && isAccountFailure(answer.failure)) {
      this.#waits.hold(id, answer.failure);
      this.#changed();
    }
    return answer;
  }

  /** Any listing shows that address, clock, keys and permissions are right. */
  async #verify(account: Account): Promise<Result<unknown>> {
    const absent = account.source.kind === 'practice' ? await this.#destinations.startPractice() : null;
    if (absent) return fail(absent);
    const answer = await ask(this.#destinations.open(account), (service, signal) => service.listVaults(signal));
    return !answer.ok && answer.failure.kind === 'access-denied' ? ok(null) : answer;
  }

  /** Null when nobody tells it yet: it is asked for again before anything depends on it. */
  async #numberOf(account: Account): Promise<string | null> {
    const number = await ask(this.#destinations.open(account), (service, signal) => service.accountNumber(signal));
    return number.ok ? number.value : null;
  }

  #toAccount(input: NewAccount): Account {
    switch (input.kind) {
      case 'practice':
        return {
          id: newId(),
          name: 'Practice vault',
          source: { kind: 'practice' },
          region: PRACTICE_REGION,
          endpointUrl: null,
          number: null,
        };
      case 'keys': {
        const { name, region, endpointUrl } = input;
        const id = newId();
        return { id, name, source: this.#keySource(id, input), region, endpointUrl, number: null };
      }
      case 'profile': {
        const { name, profile, region, endpointUrl } = input;
        return { id: newId(), name, source: { kind: 'profile', profile }, region, endpointUrl, number: null };
      }
    }
  }

  #keySource(id: AccountId, { accessKeyId, remember }: SignIn): UsableSource {
    return { kind: 'keys', accessKeyId, kept: remember && this.#keyRing.canKeep(id) ? 'encrypted' : 'session' };
  }

  #forget(id: AccountId): void {
    this.#keyRing.forget(id);
    this.#destinations.reopen(id);
  }
}

function seen(account: Account): Pick<AccountView, 'isInside'> {
  return { isInside: traitsOf(account).isInside };
}

function newId(): AccountId {
  return randomUUID() as AccountId;
}

function isFromElsewhere({ source }: Account): boolean {
  return source.kind === 'profile' || source.kind === 'environment';
}

/** Why nothing is done with an account that only an import tells of; null for others. */
function unconfirmedOf({ source }: Account): Failure | null {
  return source.kind === 'imported' ? { kind: 'account-unconfirmed', endpointUrl: source.endpointUrl } : null;
}

const gone: Failure = { kind: 'not-found', what: 'The account' };

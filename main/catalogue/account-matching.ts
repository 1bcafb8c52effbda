import { randomUUID } from 'node:crypto';
import type { Account, AccountId, CredentialSource } from '../../shared/account.ts';
import type { RecordedAccount } from '../store/archive-record.ts';
import { AccountStore } from '../store/accounts.ts';
import type { Db } from '../store/database.ts';

/** Finds out which of the catalogue's accounts a file means, and restores those that it does not have, without secrets. */
export class AccountMatching {
  readonly #accounts: AccountStore;
  readonly #now: number;
  readonly #found = new Map<string, AccountId>();

  constructor(db: Db, now: number) {
    this.#accounts = new AccountStore(db);
    this.#now = now;
  }

  /**
   * The account of that id, or one with the same credentials in the same place. Else the file's own id stands; with
   * `restore`, the account is added if the file says enough of it.
   */
  idFor(account: RecordedAccount, region: string, restore: boolean): AccountId {
    const key = JSON.stringify([account.id, region]);
    const found = this.#found.get(key) ?? this.#find(account, region);
    if (found !== null) this.#found.set(key, found);
    if (found !== null || !restore) return found ?? account.id;
    this.#restore(account, region);
    this.#found.set(key, account.id);
    return account.id;
  }

  #find({ id, source, endpointUrl }: RecordedAccount, region: string): AccountId | null {
    if (this.#accounts.get(id)) return id;
    if (source === null) return null;
    const isSame = (other: Account): boolean =>
      isSameSource(other.source, source) && other.region === region && other.endpointUrl === endpointUrl;
    return this.#accounts.list().find(isSame)?.id ?? null;
  }

  #restore({ id, name, source, endpointUrl }: RecordedAccount, region: string): void {
    if (name !== null && source !== null)
      this.#accounts.put({ id, name, source, region, endpointUrl, number: null }, null, this.#now);
  }
}

/** An account for archives of a file that names none; the matching finds the one that has the same credentials. */
export function accountFor(name: string, source: CredentialSource, endpointUrl: string | null): RecordedAccount {
  return { id: randomUUID() as AccountId, name, source, endpointUrl };
}

function isSameSource(one: CredentialSource, other: CredentialSource): boolean {
  if (one.kind === 'keys' && other.kind === 'keys') return one.accessKeyId === other.accessKeyId;
  if (one.kind === 'profile' && other.kind === 'profile') return one.profile === other.profile;
  return one.kind === other.kind;
}

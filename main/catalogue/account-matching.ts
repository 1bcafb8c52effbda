import { createHash, randomUUID } from 'node:crypto';
import { type Account, type AccountId, type CredentialSource, usableSource } from '../../shared/account.ts';
import { AccountStore } from '../store/accounts.ts';
import type { Db } from '../store/database.ts';
import type { ToldAccount } from './entry.ts';

/** Whose archives a file tells of: what it calls the account, and where its vaults are. */
export type Owner = {
  account: ToldAccount;
  region: string;
  /** Of the AWS account; null when the file does not tell it. */
  number: string | null;
};

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
   * The account of that id or number, or one with the same credentials in the same place. Else the file's own id stands;
   * with `restore`, the account is added if the file says enough of it.
   */
  idFor(told: Owner, restore: boolean): AccountId {
    const owner = { ...told, account: { ...told.account, id: properId(told.account.id) } };
    const key = JSON.stringify([owner.account.id, owner.region, owner.number]);
    const found = this.#found.get(key) ?? this.#find(owner);
    if (found !== null) this.#found.set(key, found);
    if (found !== null || !restore) return found ?? owner.account.id;
    const id = this.#restore(owner);
    this.#found.set(key, id);
    return id;
  }

  /** Equal numbers are the same AWS account, different ones never are, whatever else is equal. */
  #find({ account: { id, source, endpointUrl }, region, number }: Owner): AccountId | null {
    const known = this.#accounts.get(id);
    if (known && !areOthers(known.number, number)) return id;
    const inRegion = this.#accounts.list().filter((one) => one.region === region);
    const sameNumber = number === null ? undefined : inRegion.find((one) => one.number === number);
    if (sameNumber || number !== null || source === null) return sameNumber?.id ?? null;
    const isSame = (one: Account): boolean => {
      const usable = usableSource(one);
      return isSameSource(usable.source, source) && usable.endpointUrl === endpointUrl;
    };
    return inRegion.find(isSame)?.id ?? null;
  }

  /** What comes from a file is a stranger's word: such an account has no endpoint and does nothing until it is confirmed. */
  #restore({ account: { id: told, name, source, endpointUrl, isNamed = false }, region, number }: Owner): AccountId {
    const id = this.#accounts.get(told) ? (randomUUID() as AccountId) : told;
    if (name === null || source === null) return id;
    const usable = usableSource({ source, endpointUrl });
    const kept = isNamed ? usable : { source: { kind: 'imported', ...usable } as const, endpointUrl: null };
    this.#accounts.put({ id, name, region, number, ...kept }, null, this.#now);
    return id;
  }
}

/** The account that a person names for a file that names none; the matching finds the one that has the same credentials. */
export function accountFor(name: string, source: CredentialSource, endpointUrl: string | null): ToldAccount {
  return { id: randomUUID() as AccountId, name, source, endpointUrl, isNamed: true };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Every account of Firn has a UUID, by which commands know it; for another id in a file, always the same one is made from it. */
function properId(told: AccountId): AccountId {
  if (UUID.test(told)) return told;
  const digits = createHash('sha256').update(told).digest('hex');
  // Version 8 of RFC 9562: made as its maker likes.
  const parts = [digits.slice(0, 8), digits.slice(8, 12), `8${digits.slice(13, 16)}`, `8${digits.slice(17, 20)}`];
  return [...parts, digits.slice(20, 32)].join('-') as AccountId;
}

function areOthers(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && one !== other;
}

function isSameSource(one: CredentialSource, other: CredentialSource): boolean {
  if (one.kind === 'keys' && other.kind === 'keys') return one.accessKeyId === other.accessKeyId;
  if (one.kind === 'profile' && other.kind === 'profile') return one.profile === other.profile;
  return one.kind === other.kind;
}

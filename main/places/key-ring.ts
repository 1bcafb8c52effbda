import type { Account, AccountId } from '../../shared/account.ts';
import { keepSecret } from '../../shared/redact.ts';
import type { SecretBox } from './secrets.ts';
import type { AccountStore } from '../store/accounts.ts';

export type Keys = { accessKeyId: string; secretAccessKey: string; sessionToken: string | null };

/** The secret keys: in memory while Firn runs, and on disk only encrypted. */
export class KeyRing {
  readonly #box: SecretBox;
  readonly #store: AccountStore;
  readonly #held = new Map<AccountId, Keys>();

  constructor(box: SecretBox, store: AccountStore) {
    this.#box = box;
    this.#store = store;
  }

  /** Whether keys of the account outlive this session: encrypted now, or as they are on disk already. */
  canKeep(id: AccountId): boolean {
    return this.#box.available || this.#store.secret(id) !== null;
  }

  /** The keys of an account, or null when the user has to give them again. */
  keys(id: AccountId): Keys | null {
    return this.held(id) ?? this.#open(id);
  }

  held(id: AccountId): Keys | null {
    return this.#held.get(id) ?? null;
  }

  hold(id: AccountId, { accessKeyId, secretAccessKey, sessionToken }: Keys): void {
    this.#remember(id, { accessKeyId, secretAccessKey, sessionToken });
  }

  restore(id: AccountId, keys: Keys | null): void {
    if (keys) this.#held.set(id, keys);
    else this.#held.delete(id);
  }

  forget(id: AccountId): void {
    this.#held.delete(id);
  }

  /**
   * What to write to disk for the account: its keys, encrypted, or nothing. While the keyring is locked, what is there stays:
   * old keys are better than none.
   */
  seal({ id, source }: Account): Uint8Array | null {
    if (source.kind !== 'keys' || source.kept !== 'encrypted') return null;
    if (!this.#box.available) return this.#store.secret(id);
    const keys = this.keys(id);
    return keys && this.#box.encrypt(JSON.stringify(keys));
  }

  #open(id: AccountId): Keys | null {
    const sealed = this.#store.secret(id);
    const text = sealed && this.#box.available ? this.#box.decrypt(sealed) : null;
    if (text === null) return null;
    return this.#remember(id, JSON.parse(text) as Keys);
  }

  /** Whatever is held must never be told. */
  #remember(id: AccountId, keys: Keys): Keys {
    keepSecret(keys.secretAccessKey);
    keepSecret(keys.sessionToken);
    this.#held.set(id, keys);
    return keys;
  }
}

import type { AccountId } from '../../shared/account.ts';
import type { Failure } from '../../shared/failure.ts';

/** Accounts whose queue waits for the user: "sign in again". Their uploads are not touched, and nothing is failed. */
export class AccountWaits {
  readonly #problems = new Map<AccountId, Failure>();
  readonly #releases = new Map<AccountId, number>();
  readonly #listeners = new Set<() => void>();

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  problem(id: AccountId): Failure | null {
    return this.#problems.get(id) ?? null;
  }

  isWaiting(id: AccountId): boolean {
    return this.#problems.has(id);
  }

  waiting(): AccountId[] {
    return [...this.#problems.keys()];
  }

  /** How often the account was let go on: what was asked before the last time says nothing of the credentials of now. */
  releases(id: AccountId): number {
    return this.#releases.get(id) ?? 0;
  }

  hold(id: AccountId, failure: Failure): void {
    this.#problems.set(id, failure);
    for (const listener of this.#listeners) listener();
  }

  /** The user signed in, or wants it tried again. */
  release(id: AccountId): void {
    this.#releases.set(id, this.releases(id) + 1);
    if (!this.#problems.delete(id)) return;
    for (const listener of this.#listeners) listener();
  }
}

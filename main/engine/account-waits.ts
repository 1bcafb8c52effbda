import type { AccountId } from '../../shared/account.ts';
import { type Failure, isAccountFailure } from '../../shared/failure.ts';
import { accountKey, nameIn } from '../../shared/wait.ts';
import type { Waits } from './waits.ts';

/** Accounts whose queue waits for the user: "sign in again". Their tasks are not touched, and nothing is failed. */
export class AccountWaits {
  readonly #waits: Waits;

  constructor(waits: Waits) {
    this.#waits = waits;
  }

  /** Called when another account waits, or for another reason; not when tasks wait for something else. */
  onChange(listener: () => void): () => void {
    let known = this.#problems();
    return this.#waits.onChange(() => {
      const now = this.#problems();
      if (now === known) return;
      known = now;
      listener();
    });
  }

  problem(id: AccountId): Failure | null {
    const failure = this.#waits.problem(accountKey(id));
    return failure && isAccountFailure(failure) ? failure : null;
  }

  isWaiting(id: AccountId): boolean {
    return this.problem(id) !== null;
  }

  waiting(): AccountId[] {
    const accounts = this.#waits.list().filter(({ failure }) => isAccountFailure(failure));
    return accounts.flatMap(({ key }) => (nameIn('account', key) ?? []) as AccountId);
  }

  #problems(): string {
    return JSON.stringify(this.waiting().map((id) => [id, this.problem(id)]));
  }

  /** Another number each time the account was let go on: what was asked before says nothing of the credentials of now. */
  releases(id: AccountId): number {
    return this.#waits.openedAt(accountKey(id));
  }

  hold(id: AccountId, failure: Failure): void {
    this.#waits.close(accountKey(id), failure);
  }

  /** The user signed in, or wants it tried again. */
  release(id: AccountId): void {
    this.#waits.open(accountKey(id));
  }
}

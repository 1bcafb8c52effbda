import type { AccountId } from './account.ts';
import { type Failure, isAccountFailure } from './failure.ts';
import type { Hold } from './hold.ts';
import type { TaskId } from './task.ts';

/** The sorts of things that many tasks wait for together. */
export type WaitFamily =
  /** Credentials that work and a service that can be reached; every task of a place needs them. */
  | 'account'
  /** A mount point, share or letter from which files are read. */
  | 'drive'
  /** A folder into which files are written. */
  | 'target'
  /** The list of a place's jobs: a question with many answers. */
  | 'jobs'
  /** An inventory of a place that is being taken. */
  | 'inventory'
  /** What the user or the account's policy lets be retrieved, and what the line can fetch. */
  | 'limit'
  | 'policy'
  | 'line';

/** Something that many tasks need and that is there for all of them or for none. Stands in rows, so a family is only ever added. */
export type WaitKey = `${WaitFamily}:${string}`;

export function waitKey(family: WaitFamily, name: string): WaitKey {
  return `${family}:${name}`;
}

export function accountKey(id: AccountId): WaitKey {
  return waitKey('account', id);
}

/** The part of the key behind the family; null when it is of another family. */
export function nameIn(family: WaitFamily, key: WaitKey): string | null {
  return isOf(family, key) ? key.slice(family.length + 1) : null;
}

export function familyOf(key: WaitKey): WaitFamily {
  return key.slice(0, key.indexOf(':')) as WaitFamily;
}

export function isOf(family: WaitFamily, key: WaitKey): boolean {
  return key.startsWith(`${family}:`);
}

/**
 * What tasks wait for together: none that needs the key runs. `since` and `until` (when it is tried next; null for not by
 * itself) in milliseconds since 1970. `attempt`: how often it was tried in vain. `triedBy`: the
 * tasks that did; the others have not even begun.
 */
export type Wait = {
  key: WaitKey;
  failure: Failure;
  since: number;
  until: number | null;
  attempt: number;
  triedBy: readonly TaskId[];
};

/**
 * Why the task does not run, for people: its own hold, or what it waits for with others as if it waited alone. An account
 * that needs the person is told at the account.
 */
export function shownHold(
  { hold, waitKeys }: { hold: Hold | null; waitKeys: readonly WaitKey[] },
  waits: readonly Wait[],
): Hold | null {
  if (hold !== null) return hold;
  const wait = waits.find(({ key, failure }) => waitKeys.includes(key) && !isAccountFailure(failure));
  return wait
    ? { kind: 'backoff', until: wait.until ?? wait.since, attempt: wait.attempt, failure: wait.failure }
    : null;
}

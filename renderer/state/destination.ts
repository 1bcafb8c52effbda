import type { AccountId } from '../../shared/account.ts';

export type Destination = { accountId: AccountId; vault: string };

const KEY = 'firn.destination';

/** Where the last files went; a convenience of this window only, so it may be missing or outdated. */
export function lastDestination(): Destination | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    return isDestination(kept) ? kept : null;
  } catch {
    return null;
  }
}

export function rememberDestination(destination: Destination): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(destination));
  } catch {
    // A full or forbidden storage costs one click the next time.
  }
}

function isDestination(value: unknown): value is Destination {
  return (
    typeof value === 'object' &&
    value !== null &&
    'accountId' in value &&
    typeof value.accountId === 'string' &&
    'vault' in value &&
    typeof value.vault === 'string'
  );
}

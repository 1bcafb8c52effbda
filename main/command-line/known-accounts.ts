import type { Account, AccountId } from '../../shared/account.ts';
import { AccountStore } from '../store/accounts.ts';
import { CatalogueStore } from '../store/catalogue.ts';
import type { Db } from '../store/database.ts';
import type { KnownAccount } from './filter.ts';

export type KnownStores = {
  accounts: { list(): Account[] };
  catalogue: Pick<CatalogueStore, 'byVault' | 'numberIn' | 'rows'>;
};

/** The accounts that there are, and those that are gone and have archives still. */
export function knownAccounts({ accounts, catalogue }: KnownStores): KnownAccount[] {
  const known = new Map<AccountId, Account | null>(accounts.list().map((account) => [account.id, account]));
  const vaults = catalogue.byVault();
  for (const { accountId } of vaults) if (!known.has(accountId)) known.set(accountId, null);
  return [...known].map(([id, account]) => {
    const ofArchives = vaults.flatMap((one) => (one.accountId === id ? [catalogue.numberIn(id, one.vault)] : []));
    const numbers = [account?.number ?? null, ...ofArchives].filter((number) => number !== null);
    return { id, account, numbers: [...new Set(numbers)] };
  });
}

/** The same of a database that is only read. */
export function knownAccountsIn(db: Db): KnownAccount[] {
  return knownAccounts({ accounts: new AccountStore(db), catalogue: new CatalogueStore(db) });
}

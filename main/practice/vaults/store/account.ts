import { type AccountRecord, writeRecord } from './records.ts';
import type { Store } from './store.ts';

export async function updateAccount(store: Store, change: Partial<AccountRecord>): Promise<void> {
  const account = { ...store.account, ...change };
  await writeRecord(store.folder, 'account.json', account);
  store.account = account;
}

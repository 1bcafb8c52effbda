import type { AccountId } from '../../shared/account.ts';
import type { ArchiveChoice } from '../../shared/archive.ts';
import { AccountStore } from '../store/accounts.ts';
import type { ArchiveRecord, RecordedAccount } from '../store/archive-record.ts';
import { accountOf, recordOf } from '../store/archive-recorder.ts';
import { CatalogueStore } from '../store/catalogue.ts';
import type { Db } from '../store/database.ts';

/** The chosen archives with their accounts, newest first, one after the other. */
export function* recordsOf(db: Db, choice: ArchiveChoice): Generator<ArchiveRecord> {
  const store = new AccountStore(db);
  const accounts = new Map<AccountId, RecordedAccount>();
  for (const row of new CatalogueStore(db).chosen(choice)) {
    const account = accounts.get(row.account_id) ?? accountOf(store, row.account_id);
    accounts.set(row.account_id, account);
    yield recordOf(db, row, account);
  }
}

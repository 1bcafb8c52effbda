import type { AccountId } from '../../shared/account.ts';
import type { ArchiveChoice, ArchiveFilter, ArchiveSum } from '../../shared/archive.ts';
import { searchForChoice } from './catalogue-search.ts';
import type { Db } from './database.ts';

export type SumOfVault = { accountId: AccountId; vault: string } & ArchiveSum;

/** How many of the chosen archives are in each vault, and their bytes; vaults without any are left out. */
export function sumsByVault(db: Db, choice: ArchiveChoice): SumOfVault[] {
  const isWhole = choice.kind === 'matching' && choice.except.length === 0;
  const whole = isWhole ? wholeVaults(db, choice) : null;
  if (whole) return whole;
  const { where, values } = searchForChoice(choice);
  return db
    .prepare<unknown[], SumOfVault>(
      `SELECT account_id AS accountId, vault, count(*) AS count, sum(size) AS bytes FROM archive ${where}
       GROUP BY account_id, vault ORDER BY vault`,
    )
    .all(...values);
}

/** The vaults of a filter that takes all or nothing of a vault; null for any other. Counting a million takes too long, and these are counted already. */
export function wholeVaults(
  db: Db,
  { text, accountIds, region, vault, archiveIds, standing }: ArchiveFilter,
): SumOfVault[] | null {
  if (text.trim() !== '' || region !== null || archiveIds !== null || standing !== null) return null;
  return db
    .prepare<[{ accounts: string | null; vault: string | null }], SumOfVault>(
      `SELECT account_id AS accountId, vault, archives AS count, bytes FROM vault_sum
       WHERE archives > 0 AND (@vault IS NULL OR vault = @vault)
         AND (@accounts IS NULL OR account_id IN (SELECT value FROM json_each(@accounts)))
       ORDER BY vault`,
    )
    .all({ accounts: accountIds && JSON.stringify(accountIds), vault });
}

import type { ArchiveFilter, SumOfVault } from '../../shared/archive.ts';
import type { Db } from './database.ts';

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

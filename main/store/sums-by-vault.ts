import type { AccountId } from '../../shared/account.ts';
import type { ArchiveChoice, ArchiveSum } from '../../shared/archive.ts';
import { searchForChoice } from './catalogue-search.ts';
import type { Db } from './database.ts';

export type SumOfVault = { accountId: AccountId; vault: string } & ArchiveSum;

/** How many of the chosen archives are in each vault, and their bytes; vaults without any are left out. */
export function sumsByVault(db: Db, choice: ArchiveChoice): SumOfVault[] {
  if (isEverything(choice)) return wholeVaults(db, choice);
  const { where, values } = searchForChoice(choice);
  return db
    .prepare<unknown[], SumOfVault>(
      `SELECT account_id AS accountId, vault, count(*) AS count, sum(size) AS bytes FROM archive ${where}
       GROUP BY account_id, vault ORDER BY vault`,
    )
    .all(...values);
}

type Everything = Extract<ArchiveChoice, { kind: 'matching' }>;

function isEverything(choice: ArchiveChoice): choice is Everything {
  if (choice.kind === 'ids') return false;
  return choice.text.trim() === '' && choice.standing === null && choice.except.length === 0;
}

/** Counting a million takes too long, and these are counted already. */
function wholeVaults(db: Db, { accountId, vault }: Everything): SumOfVault[] {
  return db
    .prepare<[{ accountId: string | null; vault: string | null }], SumOfVault>(
      `SELECT account_id AS accountId, vault, archives AS count, bytes FROM vault_sum
       WHERE archives > 0 AND (@accountId IS NULL OR account_id = @accountId) AND (@vault IS NULL OR vault = @vault)
       ORDER BY vault`,
    )
    .all({ accountId, vault });
}

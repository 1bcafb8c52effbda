import { everyArchive } from '../../shared/archive.ts';
import { catalogueCopyTime } from '../../shared/catalogue-copy.ts';
import type { AccountId } from '../../shared/account.ts';
import type { CatalogueStore } from '../store/catalogue.ts';
import type { ArchiveRow } from '../store/archive-row.ts';

/** The copies of the catalogue that are archives of the account, the newest first; of all its vaults when none is named. */
export function copiesOf(
  catalogue: Pick<CatalogueStore, 'rows'>,
  accountId: AccountId,
  vault: string | null = null,
): { archive: ArchiveRow; madeAt: number }[] {
  const copies: { archive: ArchiveRow; madeAt: number }[] = [];
  for (const archive of catalogue.rows({ ...everyArchive, text: 'firn-catalogue-', accountIds: [accountId], vault })) {
    const madeAt = archive.path === null ? null : catalogueCopyTime(archive.path);
    if (madeAt !== null) copies.push({ archive, madeAt });
  }
  return copies.sort((a, b) => b.madeAt - a.madeAt);
}

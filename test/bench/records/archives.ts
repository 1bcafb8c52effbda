import { join } from 'node:path';
import { AccountStore } from '../../../main/store/accounts.ts';
import { ArchiveJournal } from '../../../main/store/archive-journal.ts';
import { CatalogueStore } from '../../../main/store/catalogue.ts';
import type { Db } from '../../../main/store/database.ts';
import { markAgreement } from '../../../main/store/journal-mark.ts';
import type { AccountId } from '../../../shared/account.ts';
import { MiB } from '../../../shared/units.ts';
import type { ArchiveId, TreeHash } from '../../../shared/upload.ts';

export const accountId = '00000000-0000-4000-8000-00000000be9c' as AccountId;

/** Puts an account and so many archives, in eight vaults, into the catalogue of a data folder. */
export function fillCatalogue(db: Db, folder: string, archives: number, endpointUrl: string | null = null): void {
  const source = { kind: 'environment' } as const;
  const account = { id: accountId, name: 'bench', source, region: 'us-east-1', endpointUrl, number: null };
  new AccountStore(db).put(account, null, 1);
  const catalogue = new CatalogueStore(db);
  db.transaction(() => {
    for (let n = 0; n < archives; n += 1) catalogue.insert(archive(n), null);
  }).immediate();
  markAgreement(db, new ArchiveJournal(join(folder, 'archives.jsonl')));
}

/** Paths as photographers have them: ten thousand folders, words that are common and a number that is rare. */
function archive(n: number): Parameters<CatalogueStore['insert']>[0] {
  const path = `/photos/${2000 + (n % 25)}/shoot-${Math.floor(n / 100)}/IMG_${String(n).padStart(7, '0')}.${n % 3 === 0 ? 'jpg' : 'raw'}`;
  return {
    account_id: accountId,
    region: 'us-east-1',
    vault: `vault-${n % 8}`,
    archive_id: `a${n}`.padEnd(138, 'x') as ArchiveId,
    location: `/111122223333/vaults/vault-${n % 8}/archives/a${n}`,
    path,
    size: 25 * MiB + n,
    modified_ns: '1700000000000000000',
    tree_hash: n.toString(16).padStart(64, '0') as TreeHash,
    description: `<m><v>4</v><p>${path}</p></m>`,
    stored_at: 1_700_000_000_000 + n,
    told_by: 'upload',
  };
}

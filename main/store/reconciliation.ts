import type { AccountId } from '../../shared/account.ts';
import type { InventoryFindings } from '../../shared/inventory.ts';
import type { InventoryEntry, Origin } from '../inventories/ports.ts';
import type { InventoryArchive } from '../core/ports.ts';
import type { CatalogueStore } from './catalogue.ts';
import type { ArchiveRow } from './archive-row.ts';
import type { Db } from './database.ts';
import { describedFile } from './described-file.ts';

/** Whose inventory it is, and of when. */
export type InventoryPlace = { accountId: AccountId; vault: string; inventoryAt: number };

/** Enough to look into it with another tool. */
const MOST_NAMED = 10;

export const noFindings: InventoryFindings = {
  listed: 0,
  bytes: 0,
  confirmed: 0,
  added: 0,
  differing: 0,
  deleted: 0,
  unreadable: 0,
  missing: 0,
};

/** Tells the catalogue what an inventory says of archives. To be used inside a transaction. */
export class Reconciliation {
  readonly #catalogue: CatalogueStore;
  readonly #setListed;

  constructor(db: Db, catalogue: CatalogueStore) {
    this.#catalogue = catalogue;
    this.#setListed = db.prepare<[{ id: number; at: number; differs: string | null }]>(
      'UPDATE catalogue SET listed_at = @at, missing_at = NULL, differs = @differs WHERE id = @id',
    );
  }

  /** The findings with these entries added. */
  take(
    entries: readonly InventoryEntry[],
    place: InventoryPlace,
    origin: Origin,
    found: InventoryFindings,
  ): InventoryFindings {
    const findings = { ...found };
    for (const entry of entries) {
      findings.listed += 1;
      if ('oddId' in entry) {
        findings.unreadable += 1;
        const named = findings.unreadableIds ?? [];
        if (entry.oddId !== null && named.length < MOST_NAMED) findings.unreadableIds = [...named, entry.oddId];
        continue;
      }
      findings.bytes += entry.size;
      findings[this.#takeOne(entry, place, origin)] += 1;
    }
    return findings;
  }

  #takeOne(
    archive: InventoryArchive,
    place: InventoryPlace,
    origin: Origin,
  ): 'confirmed' | 'added' | 'differing' | 'deleted' {
    const { accountId, vault, inventoryAt } = place;
    const known = this.#catalogue.find(accountId, vault, archive.archiveId);
    if (known) return this.#compare(known, archive, inventoryAt, origin);
    const deletedAt = this.#catalogue.deletedAt(accountId, vault, archive.archiveId);
    if (deletedAt !== null && inventoryAt <= deletedAt + origin.lagMs) return 'deleted';
    this.#catalogue.insert({ ...newRow(archive, place, origin), listed_at: inventoryAt }, null);
    this.#takeOver(archive, place);
    return 'added';
  }

  /** What an import put under the wrong vault is here; it keeps the name that was told with it. */
  #takeOver({ archiveId, size, treeHash }: InventoryArchive, { accountId, vault, inventoryAt }: InventoryPlace): void {
    const wrong = this.#catalogue.misplaced(accountId, vault, archiveId);
    if (!wrong) return;
    const known = this.#catalogue.find(accountId, vault, archiveId);
    if (known && wrong.size === size && wrong.tree_hash === treeHash) {
      const { path, modified_ns } = wrong;
      this.#catalogue.fillIn(known, { path, modified_ns, description: '', location: '', told_by: 'import' });
    }
    this.#catalogue.remove(wrong.account_id, wrong.vault, archiveId, inventoryAt);
  }

  /** What the catalogue knows stays; it gets what it lacks. */
  #compare(
    known: ArchiveRow,
    { size, treeHash, description, archiveId }: InventoryArchive,
    inventoryAt: number,
    { location }: Origin,
  ): 'confirmed' | 'differing' {
    const isSame = size === known.size && treeHash === known.tree_hash;
    if (known.listed_at === null || known.listed_at <= inventoryAt) {
      if (isSame && lacksSomething(known)) {
        const told = { ...describedFile(description), description, location: locationOf(location, archiveId) };
        this.#catalogue.fillIn(known, { ...told, told_by: 'inventory' });
      }
      const differs = isSame ? null : JSON.stringify({ size, treeHash });
      this.#setListed.run({ id: known.id, at: inventoryAt, differs });
    }
    return isSame ? 'confirmed' : 'differing';
  }
}

function lacksSomething({ path, modified_ns, description, location }: ArchiveRow): boolean {
  return path === null || modified_ns === null || description === '' || location === '';
}

function newRow(
  { archiveId, description, createdAt, size, treeHash }: InventoryArchive,
  { accountId, vault }: InventoryPlace,
  { region, location }: Origin,
): Parameters<CatalogueStore['insert']>[0] {
  return {
    account_id: accountId,
    region,
    vault,
    archive_id: archiveId,
    location: locationOf(location, archiveId),
    ...describedFile(description),
    size,
    tree_hash: treeHash,
    description,
    stored_at: createdAt,
    told_by: 'inventory',
  };
}

function locationOf(location: string, archiveId: string): string {
  return location === '' ? '' : location + archiveId;
}

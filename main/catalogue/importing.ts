import { randomBytes } from 'node:crypto';
import type { Statement } from 'better-sqlite3';
import { type AccountId, accountNumberIn } from '../../shared/account.ts';
import { assertNever } from '../../shared/assert.ts';
import type { Imported } from '../../shared/catalogue-exchange.ts';
import type { ArchiveRecorder } from '../store/archive-recorder.ts';
import { CatalogueStore } from '../store/catalogue.ts';
import type { ArchiveRow } from '../store/archive-row.ts';
import type { Db } from '../store/database.ts';
import { AccountMatching } from './account-matching.ts';
import type { Entry, Told } from './entry.ts';
import { problemWith } from './told-check.ts';

export type ImportPorts = {
  recorder: ArchiveRecorder;
  /** Milliseconds since 1970. */
  now: number;
  /** Whose archives all those are that the same account number has in the same region, whatever the file calls it. */
  owner?: { accountId: AccountId; region: string; location: string };
};

const MAX_PROBLEMS = 100;

const nothing = { added: 0, completed: 0, alreadyThere: 0, deleted: 0, problemCount: 0, windows1252: 0 };

/** Brings entries into the catalogue. What the catalogue knows already is never changed, and nothing is taken out of it. */
export class Importing {
  readonly sum: Imported;
  readonly #db: Db;
  readonly #recorder: ArchiveRecorder;
  readonly #catalogue: CatalogueStore;
  readonly #accounts: AccountMatching;
  readonly #owner: ImportPorts['owner'];

  /** A table of this import alone: there may be millions of deletions, and another import at the same time. */
  readonly #deletions = `deletions_${randomBytes(8).toString('hex')}`;
  readonly #findDeletion: Statement<[string]>;

  constructor(db: Db, { recorder, now, owner, countedBy }: ImportPorts & Pick<Imported, 'countedBy'>) {
    this.sum = { ...nothing, problems: [], countedBy };
    this.#db = db;
    this.#owner = owner;
    this.#recorder = recorder;
    this.#catalogue = new CatalogueStore(db, recorder);
    this.#accounts = new AccountMatching(db, now);
    db.exec(`CREATE TEMP TABLE ${this.#deletions} (archive_id TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID`);
    this.#findDeletion = db.prepare(`SELECT 1 FROM ${this.#deletions} WHERE archive_id = ?`);
  }

  close(): void {
    this.#db.exec(`DROP TABLE ${this.#deletions}`);
  }

  /** To be called with the whole file before `take`: a line may tell of an archive that a later one says is deleted. */
  noteDeleted(entries: readonly Entry[]): void {
    const note = this.#db.prepare(`INSERT OR IGNORE INTO ${this.#deletions} VALUES (?)`);
    this.#db.transaction(() => {
      for (const entry of entries) if (entry.kind === 'deleted') note.run(entry.archiveId);
    })();
  }

  /** A line was no UTF-8. */
  noteFallback(): void {
    this.sum.windows1252 += 1;
  }

  /** In one transaction. */
  take(entries: readonly Entry[]): void {
    this.#db
      .transaction(() => {
        this.#recorder.together(() => {
          for (const entry of entries) this.#takeEntry(entry);
        });
      })
      .immediate();
  }

  #takeEntry(entry: Entry): void {
    switch (entry.kind) {
      case 'archive':
        this.#takeArchive(entry.told, entry.line);
        break;
      case 'unreadable':
        this.#report(entry.line, entry.reason);
        break;
      case 'deleted':
        break;
      default:
        assertNever(entry);
    }
  }

  #takeArchive(told: Told, line: number): void {
    const problem = problemWith(told);
    if (problem !== null) {
      this.#report(line, problem);
    } else if (this.#isDeleted(told)) {
      this.sum.deleted += 1;
    } else {
      const known = this.#find(told);
      if (known) this.#complete(known, told, line);
      else this.#add(told, line);
    }
  }

  #find(told: Told): ArchiveRow | null {
    return this.#catalogue.find(this.#accountOf(told, false), told.vault, told.archiveId);
  }

  #accountOf({ account, region, location }: Told, restore: boolean): AccountId {
    const owner = this.#owner;
    const number = accountNumberIn(location);
    return owner?.region === region && number !== null && accountNumberIn(owner.location) === number
      ? owner.accountId
      : this.#accounts.idFor({ account, region, number }, restore);
  }

  #complete(known: ArchiveRow, told: Told, line: number): void {
    const { path, modifiedNs: modified_ns, size, treeHash, description, location } = told;
    if ((size ?? known.size) !== known.size || (treeHash ?? known.tree_hash) !== known.tree_hash) {
      this.#report(line, 'the catalogue knows this archive with another size or tree hash, and keeps those');
    } else if (this.#catalogue.fillIn(known, { path, modified_ns, description, location, told_by: 'import' })) {
      this.sum.completed += 1;
    } else {
      this.sum.alreadyThere += 1;
    }
  }

  #add(told: Told, line: number): void {
    const { region, vault, archiveId, size, treeHash, storedAt } = told;
    if (size === null || treeHash === null || storedAt === null) {
      this.#report(line, 'the catalogue does not know this archive, and its size, tree hash or date is not told');
      return;
    }
    const { path, modifiedNs: modified_ns, location, description } = told;
    const [other] = this.#catalogue.elsewhere(this.#accountOf(told, false), vault, archiveId);
    if (other?.vault === vault && other.region === region) {
      // The same vault under another account of Firn's: IDs are unique.
      this.#complete(other, told, line);
      return;
    }
    if (other) {
      this.#report(line, `the catalogue has this archive in the vault "${other.vault}" in ${other.region}`);
      return;
    }
    const account_id = this.#accountOf(told, true);
    const place = { account_id, region, vault, archive_id: archiveId, location };
    const file = { path, size, modified_ns, tree_hash: treeHash, description };
    this.#catalogue.insert({ ...place, ...file, stored_at: storedAt, told_by: 'import' }, null);
    this.sum.added += 1;
  }

  #isDeleted(told: Told): boolean {
    if (this.#findDeletion.get(told.archiveId) !== undefined) return true;
    return this.#catalogue.deletedAt(this.#accountOf(told, false), told.vault, told.archiveId) !== null;
  }

  #report(line: number, reason: string): void {
    this.sum.problemCount += 1;
    if (this.sum.problems.length < MAX_PROBLEMS) this.sum.problems.push({ line, reason });
  }
}

import type { Statement } from 'better-sqlite3';
import { type AccountId, accountNumberIn } from '../../shared/account.ts';
import {
  type Archive,
  type ArchiveChoice,
  type ArchiveFilter,
  type ArchivePage,
  type ArchiveQuery,
  type ArchiveSum,
  MAX_CHOSEN_IDS,
  tooManyChosen,
  type VaultSum,
  everyArchive,
} from '../../shared/archive.ts';
import { pathKey } from '../../shared/path-key.ts';
import { type Place, type PlaceId, calledOf, nameCalled, writePlace } from '../../shared/place.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { Phase, TreeHash, UploadId } from '../../shared/upload.ts';
import type { ArchiveCatalogue, FoundArchive, StoredArchive, Upload } from '../core/store-ports.ts';
import type { ArchiveRow, CatalogueRow } from './archive-row.ts';
import { moreExactly, orElse } from './catalogue-exactness.ts';
import { type Search, searchFor, searchForChoice } from './catalogue-search.ts';
import type { Db } from './database.ts';
import { type Packing, packingOf } from './described-file.ts';
import { PlaceStore } from './places.ts';
import { wholeVaults } from './sums-by-vault.ts';

/** Enough that the way to SQLite and back does not count. */
const ROWS_AT_ONCE = 500;

/** An archive of which no inventory has said anything. */
export type NewArchiveRow = Omit<
  ArchiveRow,
  'id' | 'place_id' | 'listed_at' | 'missing_at' | 'differs' | keyof Packing
>;

const noInventory = { listed_at: null, missing_at: null, differs: null };

const columns = [
  'place_id',
  'archive_id',
  'location',
  'path',
  'size',
  'modified_ns',
  'tree_hash',
  'description',
  'stored_at',
  'is_folder',
  'compressed',
  'encrypted',
  'original_size',
  'told_by',
  'listed_at',
  'missing_at',
  'differs',
] as const satisfies readonly Exclude<keyof CatalogueRow, 'id'>[];
const insertion = (names: readonly string[]): string =>
  `INSERT INTO catalogue (${names.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})`;
const insertNew = `${insertion([...columns, 'path_key'])} RETURNING *`;
const insertAgain = insertion(['id', ...columns, 'path_key']);

function keyOf({ path }: Pick<ArchiveRow, 'path'>): { path_key: string | null } {
  return { path_key: path === null ? null : pathKey(path) };
}

/** Hears of each change from inside its transaction, before the commit. Does not throw. */
export interface ArchiveWitness {
  /** `uploadId`: the upload that has become this archive, if any. */
  stored(row: ArchiveRow, uploadId: UploadId | null): void;
  deleted(row: ArchiveRow, at: number): void;
}

/** The catalogue of archives in SQLite. Rows are added in the transaction that stores the upload. */
export class CatalogueStore implements ArchiveCatalogue {
  readonly #db: Db;
  readonly #witness: ArchiveWitness | null;
  readonly #places: PlaceStore;
  readonly #prepared = new Map<string, Statement>();

  constructor(db: Db, witness: ArchiveWitness | null = null) {
    this.#db = db;
    this.#witness = witness;
    this.#places = new PlaceStore(db);
  }

  hasArchive(accountId: AccountId, vault: string, archiveId: string): boolean {
    return this.find(accountId, vault, archiveId) !== null;
  }

  isTaken(accountId: AccountId, vault: string, archiveId: string): boolean {
    return (
      this.find(accountId, vault, archiveId)?.told_by === 'upload' ||
      this.deletedAt(accountId, vault, archiveId) !== null
    );
  }

  newestLike(
    { accountId, vault, description, size }: Upload,
    treeHash: TreeHash,
    madeAfter: number,
  ): FoundArchive | null {
    const place = this.#places.called(accountId, vault);
    if (!place) return null;
    // The plus: few archives came since, so their date finds them best.
    const row = this.#once(
      `SELECT archive_id AS archiveId, location, stored_at AS storedAt FROM catalogue
       WHERE +place_id = ? AND tree_hash = ? AND size = ? AND description = ? AND stored_at >= ?
         AND told_by <> 'upload' AND missing_at IS NULL
       ORDER BY stored_at DESC LIMIT 1`,
    ).get(place.id, treeHash, size, description, madeAfter) as FoundArchive | undefined;
    return row ?? null;
  }

  locationOf(accountId: AccountId, vault: string, archiveId: string): string | null {
    return this.find(accountId, vault, archiveId)?.location ?? null;
  }

  /** The number of the AWS account that the vault's archives are in; null when no archive of it tells. */
  numberIn(accountId: AccountId, vault: string): string | null {
    const location = this.#once("SELECT location FROM catalogue WHERE place_id = ? AND location <> '' LIMIT 1")
      .pluck()
      .get(this.#places.called(accountId, vault)?.id) as string | undefined;
    return accountNumberIn(location ?? '');
  }

  count(): number {
    return this.#once('SELECT coalesce(sum(archives), 0) AS count FROM place_sum').pluck().get() as number;
  }

  /** How many archives the catalogue has of each vault, and their bytes. */
  byVault(): VaultSum[] {
    return this.#once(
      'SELECT account_id AS accountId, vault, archives, bytes FROM vault_sum WHERE archives > 0 ORDER BY vault, account_id',
    ).all() as VaultSum[];
  }

  /** Newest first. */
  search(query: ArchiveQuery): ArchivePage {
    const found = searchFor(query);
    const { count, bytes } = this.#sumOf(query) ?? this.#sum(found);
    return { total: count, totalBytes: bytes, items: this.#page(found, query) };
  }

  /** The numbers of what a search finds from one archive to another, in either order. */
  between(filter: ArchiveFilter, from: number, to: number): Result<number[]> {
    const range = [Math.min(from, to), Math.max(from, to)];
    const { where, values } = searchFor(filter, { sql: 'archive.id BETWEEN ? AND ?', values: range });
    const ids = this.#db
      .prepare<unknown[], number>(`SELECT id FROM catalogue AS archive ${where} LIMIT ?`)
      .pluck()
      .all(...values, MAX_CHOSEN_IDS + 1);
    return ids.length <= MAX_CHOSEN_IDS ? ok(ids) : fail(tooManyChosen);
  }

  sum(choice: ArchiveChoice): ArchiveSum {
    const isWhole = choice.kind === 'matching' && choice.except.length === 0;
    return (isWhole ? this.#sumOf(choice) : null) ?? this.#sum(searchForChoice(choice));
  }

  /**
   * The chosen archives as they are when their turn comes, newest first; those that are gone by then are left out. What
   * is chosen is settled at the beginning, and the connection may write between one and the next.
   */
  *chosen(choice: ArchiveChoice): Generator<ArchiveRow> {
    const { from, id, where, values } = searchForChoice(choice).ordered;
    const ids = this.#db
      .prepare<unknown[], number>(`SELECT ${id} FROM ${from} ${where} ORDER BY ${id} DESC`)
      .pluck()
      .all(...values);
    for (let first = 0; first < ids.length; first += ROWS_AT_ONCE) {
      yield* this.#rowsOf(ids.slice(first, first + ROWS_AT_ONCE));
    }
  }

  /** One after the other, newest first, without holding all of them. */
  *all(text: string): Generator<Archive> {
    for (const row of this.rows({ ...everyArchive, text })) yield toArchive(row);
  }

  /** As `all`. The connection can write nothing before the last row was taken. */
  *rows(query: ArchiveFilter): Generator<ArchiveRow> {
    const { from, id, where, values } = searchFor(query).ordered;
    const rows = this.#db
      .prepare<unknown[], CatalogueRow>(`SELECT archive.* FROM ${from} ${where} ORDER BY ${id} DESC`)
      .iterate(...values);
    const places = new Map<PlaceId, Place>();
    for (const row of rows) {
      const place = places.get(row.place_id) ?? this.#placeOf(row);
      places.set(row.place_id, place);
      yield placed(row, place);
    }
  }

  find(accountId: AccountId, vault: string, archiveId: string): ArchiveRow | null {
    const place = this.#places.called(accountId, vault);
    if (!place) return null;
    const row = this.#once('SELECT * FROM catalogue WHERE place_id = ? AND archive_id = ?').get(place.id, archiveId);
    return this.#placedOrNull(row);
  }

  /** The archive under other vaults or accounts, where an import may have put it by mistake. */
  elsewhere(accountId: AccountId, vault: string, archiveId: string): ArchiveRow[] {
    // CROSS JOIN: in each place, because the index begins with those.
    const rows = this.#once(
      `SELECT catalogue.* FROM place_sum CROSS JOIN catalogue USING (place_id)
       WHERE archive_id = ? AND place_id IS NOT ?`,
    ).all(archiveId, this.#places.called(accountId, vault)?.id) as CatalogueRow[];
    return rows.map((row) => this.#placed(row));
  }

  /** The same, of what an import has told of and no inventory ever listed there. */
  misplaced(accountId: AccountId, vault: string, archiveId: string): ArchiveRow | null {
    const row = this.#once(
      `SELECT * FROM catalogue WHERE archive_id = ? AND told_by = 'import' AND listed_at IS NULL
         AND place_id IS NOT ? LIMIT 1`,
    ).get(archiveId, this.#places.called(accountId, vault)?.id);
    return this.#placedOrNull(row);
  }

  /**
   * The archive that an upload has become, also when an inventory or an import told of it before. Only inside the
   * transaction that moves the upload to `stored`. @throws when another upload has become this archive.
   */
  add(
    upload: Upload,
    stored: Extract<Phase, { kind: 'stored' }>,
    { location, region, storedAt: stored_at }: StoredArchive,
  ): void {
    const { accountId: account_id, vault, path, size, identity, description } = upload;
    const modified_ns = identity.modifiedNs;
    const { archiveId: archive_id, treeHash: tree_hash } = stored;
    const file = { path, size, modified_ns, tree_hash, description };
    const told_by = 'upload';
    const archive = { account_id, region, vault, archive_id, location, ...file, stored_at, told_by } as const;
    const known = this.find(account_id, vault, archive_id);
    if (known && !this.#isOfAnotherUpload(upload, archive_id)) this.#replace({ ...known, ...archive }, upload.id);
    else this.insert(archive, upload.id);
  }

  /** An archive that is known to be in the vault. @throws when the catalogue has it already. */
  insert(archive: NewArchiveRow & Partial<Pick<ArchiveRow, 'listed_at'>>, uploadId: UploadId | null): void {
    const place_id = this.#placeFor(archive.account_id, archive.vault, archive).id;
    const told = { ...noInventory, ...archive, ...keyOf(archive), ...packingOf(archive), place_id };
    const row = this.#placed(this.#once(insertNew).get(told) as CatalogueRow);
    this.#once('DELETE FROM catalogue_deletion WHERE place_id = ? AND archive_id = ?').run(place_id, row.archive_id);
    this.#witness?.stored(row, uploadId);
  }

  /**
   * Adds what the catalogue does not know of an archive, or only as exactly as a description told it; what it knows stays. Returns whether there was anything. Only
   * inside a transaction.
   */
  fillIn(
    known: ArchiveRow,
    told: Pick<ArchiveRow, 'path' | 'modified_ns' | 'description' | 'location' | 'told_by'>,
  ): boolean {
    const told_by = known.told_by === 'inventory' ? told.told_by : known.told_by;
    if (told_by !== known.told_by) this.#once('UPDATE catalogue SET told_by = ? WHERE id = ?').run(told_by, known.id);
    const { path, modified_ns } = known.told_by === 'inventory' ? moreExactly(known, told) : orElse(known, told);
    const description = known.description === '' ? told.description : known.description;
    const location = known.location === '' ? told.location : known.location;
    const news = { path, modified_ns, description, location };
    const isNews = (Object.keys(news) as (keyof typeof news)[]).some((column) => news[column] !== known[column]);
    if (isNews) this.#replace({ ...known, ...news, told_by }, null);
    return isNews;
  }

  byId(id: number): ArchiveRow | null {
    return this.#placedOrNull(this.#once('SELECT * FROM catalogue WHERE id = ?').get(id));
  }

  /** The file that the archive was made of is elsewhere now. */
  movePath(id: number, path: string): void {
    this.#db
      .transaction(() => {
        const row = this.byId(id);
        if (row) this.#replace({ ...row, path }, null);
      })
      .immediate();
  }

  /**
   * Takes off an archive that the vault has no longer, and remembers that, whether or not it was in the catalogue. Returns
   * its number, or null when there was none. `region`: of the vault; null for that of its account.
   */
  remove(
    accountId: AccountId,
    vault: string,
    archiveId: string,
    at: number,
    region: string | null = null,
  ): number | null {
    return this.#db
      .transaction(() => {
        const place = this.#placeFor(accountId, vault, region === null ? null : { region, location: '' });
        const row = this.#placedOrNull(
          this.#once('DELETE FROM catalogue WHERE place_id = ? AND archive_id = ? RETURNING *').get(
            place.id,
            archiveId,
          ),
        );
        this.#once('INSERT OR REPLACE INTO catalogue_deletion (place_id, archive_id, deleted_at) VALUES (?, ?, ?)').run(
          place.id,
          archiveId,
          at,
        );
        if (row) this.#witness?.deleted(row, at);
        return row?.id ?? null;
      })
      .immediate();
  }

  /** When the archive was deleted as far as Firn knows; null when it was not, or has been seen in the vault since. */
  deletedAt(accountId: AccountId, vault: string, archiveId: string): number | null {
    const row = this.#once('SELECT deleted_at AS at FROM catalogue_deletion WHERE place_id = ? AND archive_id = ?').get(
      this.#places.called(accountId, vault)?.id,
      archiveId,
    ) as { at: number } | undefined;
    return row?.at ?? null;
  }

  /** Whether an archive of this ID was deleted, in whatever vault. */
  wasDeleted(archiveId: string): boolean {
    return this.#once('SELECT 1 FROM catalogue_deletion WHERE archive_id = ? LIMIT 1').get(archiveId) !== undefined;
  }

  #isOfAnotherUpload({ id, accountId, vault }: Upload, archiveId: string): boolean {
    return (
      this.#db
        .prepare(
          `SELECT 1 FROM upload JOIN task ON task.id = upload.task_id
           WHERE archive_id = ? AND account_id = ? AND vault = ? AND task_id <> ?`,
        )
        .get(archiveId, accountId, vault, id) !== undefined
    );
  }

  /** Another row under the same number. Goes and comes, because the search index follows only that. */
  #replace(row: ArchiveRow, uploadId: UploadId | null): void {
    this.#once('DELETE FROM catalogue WHERE id = ?').run(row.id);
    this.#once(insertAgain).run({ ...row, ...keyOf(row), ...packingOf(row) });
    this.#witness?.stored(row, uploadId);
  }

  #placeOf({ place_id }: CatalogueRow): Place {
    const place = this.#places.get(place_id);
    if (!place) throw new Error(`There is no place ${place_id}`);
    return place;
  }

  #placed(row: CatalogueRow): ArchiveRow {
    return placed(row, this.#placeOf(row));
  }

  #placedOrNull(row: unknown): ArchiveRow | null {
    return row === undefined ? null : this.#placed(row as CatalogueRow);
  }

  #placeFor(accountId: AccountId, vault: string, told: Pick<ArchiveRow, 'region' | 'location'> | null): Place {
    const known = this.#places.called(accountId, vault);
    if (known) return known;
    const accountNumber = accountNumberIn(told?.location ?? '');
    const region = told?.region ?? this.#regionOf(accountId);
    return this.#places.getOrCreate({ accountId, accountNumber, region, ...nameCalled(vault) });
  }

  #regionOf(id: AccountId): string {
    return (this.#once('SELECT region FROM account WHERE id = ?').pluck().get(id) as string | undefined) ?? '';
  }

  /** Preparing a statement takes longer than running it, and imports run some of them a million times. */
  #once(sql: string): Statement {
    const statement = this.#prepared.get(sql) ?? this.#db.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }

  #sum({ ordered: { from, where, values } }: Search): ArchiveSum {
    const sql = `SELECT count(*) AS count, coalesce(sum(archive.size), 0) AS bytes FROM ${from} ${where}`;
    return this.#db.prepare<unknown[], ArchiveSum>(sql).get(...values) ?? { count: 0, bytes: 0 };
  }

  /** Of whole vaults, which are counted already; null for any other question. */
  #sumOf(filter: ArchiveFilter): ArchiveSum | null {
    const vaults = wholeVaults(this.#db, filter);
    if (!vaults) return null;
    return {
      count: vaults.reduce((sum, { count }) => sum + count, 0),
      bytes: vaults.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  #rowsOf(ids: readonly number[]): ArchiveRow[] {
    const { where, values } = searchForChoice({ kind: 'ids', ids });
    const rows = this.#once(`SELECT * FROM catalogue AS archive ${where} ORDER BY id DESC`).all(...values);
    return (rows as CatalogueRow[]).map((row) => this.#placed(row));
  }

  #page({ ordered: { from, id, where, values } }: Search, { limit, offset }: ArchiveQuery): Archive[] {
    return this.#db
      .prepare<unknown[], CatalogueRow>(`SELECT archive.* FROM ${from} ${where} ORDER BY ${id} DESC LIMIT ? OFFSET ?`)
      .all(...values, limit, offset)
      .map((row) => toArchive(this.#placed(row)));
  }
}

function placed(row: CatalogueRow, place: Place): ArchiveRow {
  return { ...row, account_id: place.accountId, region: place.region, vault: calledOf(place) };
}

export function toArchive(row: ArchiveRow): Archive {
  return {
    id: row.id,
    placeId: row.place_id,
    accountId: row.account_id,
    region: row.region,
    vault: row.vault,
    place: writePlace(nameCalled(row.vault)),
    archiveId: row.archive_id,
    location: row.location,
    path: row.path,
    size: row.size,
    modifiedAt: row.modified_ns === null ? null : Number(BigInt(row.modified_ns) / 1_000_000n),
    treeHash: row.tree_hash,
    description: row.description,
    storedAt: row.stored_at,
    isFolder: row.is_folder === 1,
    compressed: row.compressed === 1,
    encrypted: row.encrypted === 1,
    originalSize: row.original_size,
    toldBy: row.told_by,
    listedAt: row.listed_at,
    missingAt: row.missing_at,
    differs: row.differs === null ? null : (JSON.parse(row.differs) as Archive['differs']),
  };
}

import type { Statement } from 'better-sqlite3';
import type { AccountId } from '../../shared/account.ts';
import { type Place, type PlaceId, type PlaceName, type StorageClass, calledOf } from '../../shared/place.ts';
import type { Db } from './database.ts';

type PlaceRow = {
  id: PlaceId;
  account_id: AccountId;
  account_number: string | null;
  service: 'glacier' | 's3';
  region: string;
  name: string;
  prefix: string;
  called: string;
  storage_class: StorageClass | null;
};

/** `storageClass`: of a bucket, for new archives. `accountNumber`: where it is known from elsewhere than the account. */
export type NewPlace = PlaceName & {
  accountId: AccountId;
  region: string;
  accountNumber?: string | null;
  storageClass?: StorageClass;
};

/** The least dear of the classes; whoever wants another one says so. */
const USUAL_CLASS: StorageClass = 'DEEP_ARCHIVE';

/** The places in SQLite. None is ever removed, since the catalogue goes on speaking of it. */
export class PlaceStore {
  readonly #db: Db;
  readonly #get: Statement<[number], PlaceRow>;
  readonly #called: Statement<[string, string], PlaceRow>;
  readonly #add: Statement<[Record<string, string | null>], PlaceRow>;

  constructor(db: Db) {
    this.#db = db;
    this.#get = db.prepare('SELECT * FROM place WHERE id = ?');
    this.#called = db.prepare('SELECT * FROM place WHERE account_id = ? AND called = ?');
    this.#add = db.prepare(
      `INSERT INTO place (account_id, account_number, service, region, name, prefix, storage_class)
       VALUES (@accountId, coalesce((SELECT number FROM account WHERE id = @accountId), @accountNumber), @service, @region,
         @name, @prefix, @storageClass)
       RETURNING *`,
    );
  }

  get(id: PlaceId): Place | null {
    const row = this.#get.get(id);
    return row ? toPlace(row) : null;
  }

  /** Of an account, as its lists call it; null when nothing has ever been done with it. */
  called(accountId: AccountId, called: string): Place | null {
    const row = this.#called.get(accountId, called);
    return row ? toPlace(row) : null;
  }

  /** The place of that name, made when it is spoken of for the first time. One that is there stays as it is. */
  getOrCreate(place: NewPlace): Place {
    const known = this.called(place.accountId, calledOf(place));
    if (known) return known;
    const storageClass = place.service === 's3' ? (place.storageClass ?? USUAL_CLASS) : null;
    const accountNumber = place.accountNumber ?? null;
    const { accountId, service, region, name } = place;
    const prefix = place.service === 's3' ? place.prefix : '';
    const row = this.#add.get({ accountId, service, region, name, prefix, accountNumber, storageClass });
    if (!row) throw new Error(`The place ${place.name} was not written down`);
    return toPlace(row);
  }
}

function toPlace(row: PlaceRow): Place {
  const { id, account_id: accountId, account_number: accountNumber, region, storage_class: storageClass } = row;
  return { id, accountId, accountNumber, region, storageClass, ...nameIn(row) };
}

function nameIn({ service, name, prefix }: PlaceRow): PlaceName {
  return service === 's3' ? { service, name, prefix } : { service, name };
}

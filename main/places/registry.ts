import type { Account, AccountId } from '../../shared/account.ts';
import type { Place, PlaceId, PlaceService } from '../../shared/place.ts';
import type { PlaceAdmin } from './ports/place-admin.ts';
import type { PlaceAdapter, PlacePorts } from './ports/place-ports.ts';

/** What serves an account's places, by service. Throws FailureError where it cannot be had for now. */
export type Adapters = Partial<Record<PlaceService, (account: Account) => PlaceAdapter>>;

type Known = { place: (id: PlaceId) => Place | null; account: (id: AccountId) => Account | null };

/** Which adapter serves which place: the only one who knows that there are several. */
export class PlaceRegistry {
  readonly #adapters: Adapters;
  readonly #known: Known;

  constructor(adapters: Adapters, known: Known) {
    this.#adapters = adapters;
    this.#known = known;
  }

  /** Null when the account of the place is gone. @throws when there is no such place: a bug of whoever asks. */
  of(id: PlaceId): PlacePorts | null {
    const place = this.#known.place(id);
    if (!place) throw new Error(`There is no place ${id}`);
    return this.#adapter(place.accountId, place.service)?.ports(place) ?? null;
  }

  /** The places of an account at a service; null when the account is gone. */
  admin(accountId: AccountId, service: PlaceService): PlaceAdmin | null {
    return this.#adapter(accountId, service)?.admin ?? null;
  }

  #adapter(accountId: AccountId, service: PlaceService): PlaceAdapter | null {
    const open = this.#adapters[service];
    if (!open) throw new Error(`Nothing serves ${service}`);
    const account = this.#known.account(accountId);
    return account && open(account);
  }
}

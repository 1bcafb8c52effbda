import type { Account, AccountId } from '../../shared/account.ts';
import type { Place, PlaceService } from '../../shared/place.ts';
import type { PlaceAdapter, ServedPlace } from './ports/place-ports.ts';

/** What serves an account's places, by service. Throws FailureError where it cannot be had for now. */
export type Adapters = Partial<Record<PlaceService, (account: Account) => PlaceAdapter>>;

type Known = {
  account: (id: AccountId) => Account | null;
  /** What an account's lists call so, made when it is spoken of for the first time. */
  called: (account: Account, called: string) => Place;
};

/** Which adapter serves which place: the only one who knows that there are several. */
export class PlaceRegistry {
  readonly #adapters: Adapters;
  readonly #known: Known;

  constructor(adapters: Adapters, known: Known) {
    this.#adapters = adapters;
    this.#known = known;
  }

  /** The place that an account's lists call so; null when the account is gone. */
  called(accountId: AccountId, called: string): ServedPlace | null {
    const account = this.#known.account(accountId);
    if (!account) return null;
    const place = this.#known.called(account, called);
    const open = this.#adapters[place.service];
    if (!open) throw new Error(`Nothing serves ${place.service}`);
    const adapter = open(account);
    return { ...adapter.ports(place), name: place.name, admin: adapter.admin, host: adapter.host };
  }
}

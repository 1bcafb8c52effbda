import type { SeededRandom } from '../random.ts';
import type { Retrieving } from '../retrieving.ts';
import type { ChoreRow, Records } from './records.ts';
import { type Emptied, KEPT, type Stock } from './stock.ts';

/** How far the emptying of a vault has come. `stopped`: something was put into it, and the user has to say what is meant. */
export type State = 'new' | 'open' | 'stopped' | 'over';

export function stateOf({ vault }: Emptied, { chores }: Records): State {
  const chore = chores.findLast((one) => one.vault === vault && one.kind === 'emptying');
  if (!chore) return 'new';
  if (chore.phase === 'done') return 'over';
  return failureOf(chore) === 'vault-in-use' ? 'stopped' : 'open';
}

function failureOf({ failure }: ChoreRow): string | null {
  return failure === null ? null : (JSON.parse(failure) as { kind: string }).kind;
}

/** What Firn is asked to do next. */
export class Errands {
  readonly #random: SeededRandom;
  readonly #stock: Stock;
  readonly #retrieving: Retrieving;

  constructor(random: SeededRandom, stock: Stock, retrieving: Retrieving) {
    this.#random = random;
    this.#stock = stock;
    this.#retrieving = retrieving;
  }

  /** A command line; whatever else is due goes on beside it. */
  next(records: Records): string[] {
    const random = this.#random;
    const emptied = this.unfinished(records);
    const fresh = emptied.find((one) => stateOf(one, records) === 'new');
    if (fresh && random.chance(0.7)) return this.#empty(fresh, records);
    const unasked = this.unasked(records);
    if (unasked.length > 0 && random.chance(0.7)) return deletionOf(unasked);
    const choice = random.next();
    if (choice < 0.5 && emptied.length > 0) return this.#empty(random.pick(emptied), records);
    if (choice < 0.8) return this.#inventory();
    if (choice < 0.9) return this.#retrieving.next();
    return ['run'];
  }

  /** All that has to be said for Firn to come to an end with everything but inventories; none when it has. */
  rest(records: Records): string[][] {
    const emptied = this.unfinished(records).map((one) => this.#empty(one, records, false));
    const unasked = this.unasked(records);
    if (unasked.length > 0) return [...emptied, deletionOf(unasked)];
    if (emptied.length > 0) return emptied;
    const isBusy = records.retrieving > 0 || records.chores.some(({ phase }) => phase !== 'done');
    return isBusy ? [['run']] : [];
  }

  unfinished(records: Records): Emptied[] {
    return this.#stock.emptied.filter((one) => stateOf(one, records) !== 'over');
  }

  /** Doomed archives of which Firn does not know that they are to be deleted. */
  unasked({ left, tombstones }: Records): string[] {
    return [...this.#stock.doomed].filter((id) => !left.has(id) && !tombstones.has(id));
  }

  #empty(emptied: Emptied, records: Records, waits = this.#random.chance(0.4)): string[] {
    const isStopped = stateOf(emptied, records) === 'stopped';
    if (isStopped) emptied.isWidened = emptied.late !== null;
    const options = [
      ...(emptied.closes ? ['--close'] : []),
      ...(isStopped ? ['--also-new'] : []),
      ...(waits ? [] : ['--no-wait']),
    ];
    return ['vault', 'empty', '--yes', ...options, emptied.vault];
  }

  #inventory(): string[] {
    const vaults = this.#random.chance(0.7) ? KEPT : [this.#random.pick(KEPT)];
    return ['inventory', ...(this.#random.chance(0.5) ? ['--wait'] : []), ...vaults];
  }
}

// An archive ID may begin with a minus.
function deletionOf(archiveIds: readonly string[]): string[] {
  return ['delete', '--yes', '--', ...archiveIds];
}

import {
  type ArchiveChoice,
  type ArchiveFilter,
  type ArchiveSum,
  MAX_CHOSEN_IDS,
  tooManyChosen,
} from '../../shared/archive.ts';
import type { Bridge } from '../../shared/bridge.ts';
import type { Failure } from '../../shared/failure.ts';
import type { RowSelection } from '../parts/row-selection.ts';

/** What the selection must know of the list that it chooses from. */
export type ChosenFrom = {
  filter: () => ArchiveFilter;
  /** Null while its row is on the way. */
  idAt: (index: number) => number | null;
  warn: (failure: Failure) => void;
};

const none: ArchiveChoice = { kind: 'ids', ids: [] };

/** The archives that are chosen in the catalogue: one by one, or all that match, without listing them. */
export class ArchiveSelection implements RowSelection {
  readonly #bridge: Bridge;
  readonly #from: ChosenFrom;
  #choice = $state.raw<ArchiveChoice>(none);
  #sum = $state.raw<ArchiveSum | null>(null);
  readonly #listed: ReadonlySet<number> = $derived(
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- made anew, never changed
    new Set(this.#choice.kind === 'ids' ? this.#choice.ids : this.#choice.except),
  );
  /** Where a range begins, and what stays chosen beside it. */
  #anchor: number | null = null;
  #beside: readonly number[] = [];
  /** Answers to an earlier wish are dropped. */
  #wish = 0;

  constructor(bridge: Bridge, from: ChosenFrom) {
    this.#bridge = bridge;
    this.#from = from;
  }

  /** Null when nothing is chosen. */
  get choice(): ArchiveChoice | null {
    return this.#choice.kind === 'ids' && this.#choice.ids.length === 0 ? null : this.#choice;
  }

  /** Null until it is known. */
  get sum(): ArchiveSum | null {
    return this.#sum;
  }

  has(index: number): boolean {
    const id = this.#from.idAt(index);
    return id !== null && this.#listed.has(id) === (this.#choice.kind === 'ids');
  }

  choose(index: number): void {
    const id = this.#from.idAt(index);
    if (id === null) return;
    this.#begin(id, []);
    this.#set({ kind: 'ids', ids: [id] });
  }

  toggle(index: number): void {
    const id = this.#from.idAt(index);
    if (id === null) return;
    const choice = this.#choice;
    const listed = choice.kind === 'ids' ? choice.ids : choice.except;
    const toggled = this.#listed.has(id) ? listed.filter((one) => one !== id) : [...listed, id];
    this.#begin(id, choice.kind === 'ids' ? toggled : []);
    this.#set(choice.kind === 'ids' ? { ...choice, ids: toggled } : { ...choice, except: toggled });
  }

  extend(from: number, to: number): void {
    const begin = this.#from.idAt(from);
    if (this.#anchor === null && begin !== null) this.#begin(begin, []);
    void this.#extend(from, to);
  }

  all(): void {
    this.#forget();
    this.#set({ kind: 'matching', ...this.#from.filter(), except: [] });
  }

  clear(): void {
    this.#forget();
    this.#set(none);
  }

  /** The catalogue has changed: what is chosen may be other archives, or fewer. */
  recount(): void {
    if (this.choice) void this.#count(this.choice, this.#wish);
  }

  #begin(anchor: number, beside: readonly number[]): void {
    this.#anchor = anchor;
    this.#beside = beside;
  }

  #forget(): void {
    this.#anchor = null;
    this.#beside = [];
  }

  async #extend(from: number, to: number): Promise<void> {
    this.#wish += 1;
    const wish = this.#wish;
    const [begin, end] = [this.#anchor ?? (await this.#idAt(from)), await this.#idAt(to)];
    if (begin === null || end === null || wish !== this.#wish) return;
    const reply = await this.#bridge.invoke('archives:between', { ...this.#from.filter(), from: begin, to: end });
    if (wish !== this.#wish) return;
    if (!reply.ok) {
      this.#from.warn(reply.failure);
      return;
    }
    this.#anchor ??= begin;
    const beside = this.#beside.filter((id) => id < Math.min(begin, end) || id > Math.max(begin, end));
    this.#set({ kind: 'ids', ids: [...beside, ...reply.value] });
  }

  /** Also of a row that has not come yet. */
  async #idAt(index: number): Promise<number | null> {
    const known = this.#from.idAt(index);
    if (known !== null) return known;
    const query = { ...this.#from.filter(), offset: index, limit: 1 };
    const reply = await this.#bridge.invoke('archives:search', query);
    if (reply.ok) return reply.value.items[0]?.id ?? null;
    this.#from.warn(reply.failure);
    return null;
  }

  #set(choice: ArchiveChoice): void {
    if ((choice.kind === 'ids' ? choice.ids : choice.except).length > MAX_CHOSEN_IDS) {
      this.#from.warn(tooManyChosen);
      return;
    }
    this.#wish += 1;
    this.#choice = choice;
    if (this.choice) void this.#count(this.choice, this.#wish);
    else this.#sum = null;
  }

  async #count(choice: ArchiveChoice, wish: number): Promise<void> {
    const reply = await this.#bridge.invoke('archives:sum', { choice });
    if (wish !== this.#wish) return;
    if (!reply.ok) this.#from.warn(reply.failure);
    else if (reply.value.count > 0) this.#sum = reply.value;
    else this.clear();
  }
}

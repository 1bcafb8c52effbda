import { SvelteMap } from 'svelte/reactivity';
import { type Archive, type ArchiveFilter, type ShownPage, everyArchive } from '../../shared/archive.ts';
import type { Bridge } from '../../shared/bridge.ts';
import type { Failure } from '../../shared/failure.ts';
import { ArchiveSelection } from './archive-selection.svelte.ts';

const PAGE = 100;
/** Enough for any screen; scrolling through a million archives keeps no more in memory than this. */
const MAX_PAGES = 20;

/** Main's catalogue, read a page at a time as it is scrolled. */
export class Catalogue {
  readonly #bridge: Bridge;
  readonly selection: ArchiveSelection;
  readonly #pages = new SvelteMap<number, ShownPage>();
  // Bookkeeping that nothing on the screen depends on.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #asked = new Set<number>();
  /** Answers to an earlier question are dropped. */
  #question = 0;
  /** Pages that this question still waits for. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #awaited = new Set<number>();
  #range = { first: 0, last: 0 };
  #query = $state.raw<ArchiveFilter>(everyArchive);
  #totals = $state.raw<{ count: number; bytes: number } | null>(null);
  #failure = $state.raw<Failure | null>(null);
  /** Where the archive is that the keys are on; -1 for none. */
  #active = $state(-1);
  #activeId: number | null = null;
  detailsOpen = $state(false);

  constructor(bridge: Bridge, warn: (failure: Failure) => void) {
    this.#bridge = bridge;
    const idAt = (index: number): number | null => this.at(index)?.id ?? null;
    this.selection = new ArchiveSelection(bridge, { filter: () => this.#query, idAt, warn });
  }

  get query(): ArchiveFilter {
    return this.#query;
  }

  /** Null until the first answer came. */
  get totals(): { count: number; bytes: number } | null {
    return this.#totals;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  get active(): number {
    return this.#active;
  }

  set active(index: number) {
    this.#active = index;
    this.#activeId = this.at(index)?.id ?? null;
  }

  /** Null while its page is on the way. */
  at(index: number): Archive | null {
    return this.#pages.get(Math.floor(index / PAGE))?.items[index % PAGE] ?? null;
  }

  /** Whether the archive at this place is about to be deleted. */
  isDoomed(index: number): boolean {
    const page = this.#pages.get(Math.floor(index / PAGE));
    const archive = page?.items[index % PAGE];
    return page !== undefined && archive !== undefined && page.doomed.includes(archive.id);
  }

  /** An archive by its number, as far as it is at hand. */
  find(id: number): Archive | null {
    const index = this.indexOf(id);
    return index === null ? null : this.at(index);
  }

  /** Nothing is chosen or looked at any more. */
  leave(): void {
    this.active = -1;
    this.detailsOpen = false;
    this.selection.clear();
  }

  connect(): void {
    this.#bridge.on('archives:changed', () => {
      this.reload();
      this.selection.recount();
    });
    this.reload();
  }

  ask(query: Partial<ArchiveFilter>): void {
    this.#query = { ...this.#query, ...query };
    this.#range = { first: 0, last: 0 };
    this.leave();
    this.#pages.clear();
    this.reload();
  }

  /** Asks again for what is on the screen; what is shown stays until the answer is there. */
  reload(): void {
    this.#question += 1;
    this.#asked.clear();
    this.#awaited.clear();
    for (const page of this.#pages.keys()) if (!this.#isNear(page)) this.#pages.delete(page);
    this.show(this.#range.first, this.#range.last);
  }

  /** Makes sure that the archives from `first` up to `last` come. */
  show(first: number, last: number): void {
    this.#range = { first, last };
    for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page += 1) {
      if (!this.#asked.has(page)) void this.#load(page);
    }
  }

  async #load(page: number): Promise<void> {
    const question = this.#question;
    this.#asked.add(page);
    this.#awaited.add(page);
    const reply = await this.#bridge.invoke('archives:search', { ...this.#query, offset: page * PAGE, limit: PAGE });
    if (question !== this.#question) return;
    this.#awaited.delete(page);
    this.#failure = reply.ok ? null : reply.failure;
    if (!reply.ok) return;
    this.#totals = { count: reply.value.total, bytes: reply.value.totalBytes };
    this.#pages.set(page, reply.value);
    for (const other of this.#pages.keys()) if (other * PAGE >= reply.value.total) this.#pages.delete(other);
    this.#forgetFar();
    if (this.#awaited.size === 0) this.#follow();
  }

  /** Archives come and go above the one that is looked at. It keeps being looked at, until it is gone itself. */
  #follow(): void {
    const there = this.at(this.#active)?.id ?? null;
    if (this.#activeId === null) this.#activeId = there;
    // What is on a page that was scrolled away from is not known.
    if (there === this.#activeId || !this.#isThere(this.#active)) return;
    const index = this.#activeId === null ? null : this.indexOf(this.#activeId);
    this.active = index ?? -1;
    if (index === null) this.detailsOpen = false;
  }

  /** Whether it is known which archive has this place, if any has. */
  #isThere(index: number): boolean {
    return this.#pages.has(Math.floor(index / PAGE)) || index >= (this.#totals?.count ?? 0);
  }

  /** Where an archive is, as far as it is at hand. */
  indexOf(id: number): number | null {
    for (const [page, { items }] of this.#pages) {
      const index = items.findIndex((archive) => archive.id === id);
      if (index >= 0) return page * PAGE + index;
    }
    return null;
  }

  #forgetFar(): void {
    if (this.#pages.size <= MAX_PAGES) return;
    for (const page of [...this.#pages.keys()]) {
      if (this.#isNear(page)) continue;
      this.#pages.delete(page);
      this.#asked.delete(page);
    }
  }

  #isNear(page: number): boolean {
    return page >= Math.floor(this.#range.first / PAGE) - 2 && page <= Math.floor(this.#range.last / PAGE) + 2;
  }
}

import type { AccountId } from '../../shared/account.ts';
import type { Bridge } from '../../shared/bridge.ts';
import { type ChoreStanding, choreStanding, choreTitle, describeChore } from '../../shared/chore-words.ts';
import { type ChoreView, isOver } from '../../shared/chore.ts';
import type { Failure } from '../../shared/failure.ts';
import type { Result } from '../../shared/result.ts';
import { Announcer } from './announcer.svelte.ts';
import type { Clock } from './clock.svelte.ts';
import { Mirror } from './mirror.svelte.ts';
import { hasWords, searchWords } from './search-words.ts';

export type ChoreFilter = 'all' | Exclude<ChoreStanding, 'cancelled'>;

/** What the chores must know of the rest of the window. */
type Around = {
  clock: Clock;
  problemOf: (accountId: AccountId) => Failure | null;
  /** A vault was deleted. */
  onclosed: (accountId: AccountId, vault: string) => void;
};

/** Main's chores: archives that are being deleted, and vaults that are being emptied. */
export class Chores {
  readonly announcer = new Announcer<ChoreStanding>('deletion', {
    done: 'done',
    'needs-you': 'needs you',
    cancelled: 'cancelled',
  });
  readonly #mirror = new Mirror<ChoreView>((before, after) => {
    this.#hear(before, after);
  });
  readonly #around: Around;
  filter = $state<ChoreFilter>('all');
  search = $state('');
  /** The chore that the arrow keys are on. */
  activeId = $state<string | null>(null);
  detailsOpen = $state(false);

  readonly counts: Readonly<Record<ChoreStanding | 'all', number>> = $derived.by(() => {
    const counts = { all: this.#mirror.all.length, running: 0, waiting: 0, 'needs-you': 0, done: 0, cancelled: 0 };
    for (const chore of this.#mirror.all) counts[this.standing(chore)] += 1;
    return counts;
  });

  /** The newest first. */
  readonly shown: readonly ChoreView[] = $derived.by(() => {
    const words = searchWords(this.search);
    const { filter } = this;
    return this.#mirror.all
      .filter((chore) => filter === 'all' || this.standing(chore) === filter)
      .filter((chore) => hasWords(choreTitle(chore), words))
      .toSorted((a, b) => b.addedAt - a.addedAt);
  });

  /** Those that are not over. */
  readonly running: readonly ChoreView[] = $derived.by(() => this.#mirror.all.filter((chore) => !isOver(chore)));

  constructor(around: Around) {
    this.#around = around;
  }

  get ready(): boolean {
    return this.#mirror.ready;
  }

  /** Those that are not over, and those of which something was refused. */
  get open(): number {
    const { running, waiting, 'needs-you': needing } = this.counts;
    return running + waiting + needing;
  }

  get active(): ChoreView | null {
    return this.activeId === null ? null : (this.#mirror.get(this.activeId) ?? null);
  }

  connect(bridge: Bridge): Promise<Result<() => void>> {
    return this.#mirror.connect(
      (listener) => bridge.on('chores:changed', listener),
      () => bridge.invoke('chores:list', {}),
    );
  }

  showAll(): void {
    this.filter = 'all';
    this.search = '';
  }

  /** Shows the details of one. */
  look(id: ChoreView['id']): void {
    this.showAll();
    this.activeId = id;
    this.detailsOpen = true;
  }

  standing(chore: ChoreView): ChoreStanding {
    return choreStanding(chore, this.#around.problemOf(chore.accountId));
  }

  /** Phase and hold in words. The clock is read only where the words depend on it. */
  status(chore: ChoreView): string {
    const now = chore.hold === null ? 0 : this.#around.clock.now;
    return describeChore(chore, now, this.#around.problemOf(chore.accountId));
  }

  /** The emptying of the vault that is not over; null when there is none. */
  emptyingOf(accountId: AccountId, vault: string): ChoreView | null {
    const isOfVault = (one: ChoreView): boolean => one.accountId === accountId && one.vault === vault;
    return this.running.find((chore) => chore.kind === 'emptying' && isOfVault(chore)) ?? null;
  }

  idsThat(has: (chore: ChoreView) => boolean): ChoreView['id'][] {
    return this.#mirror.all.filter(has).map(({ id }) => id);
  }

  #hear(before: ChoreView | undefined, after: ChoreView): void {
    const now = choreStanding(after);
    if (before && choreStanding(before) === now) return;
    if (before) this.announcer.hear(choreTitle(after), now);
    if (after.kind === 'emptying' && after.closes && after.phase === 'done')
      this.#around.onclosed(after.accountId, after.vault);
  }
}

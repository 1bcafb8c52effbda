import type { Bridge } from '../../shared/bridge.ts';
import type { Failure } from '../../shared/failure.ts';
import type { RetrievalsProgress } from '../../shared/contract.ts';
import type { Result } from '../../shared/result.ts';
import type { LiveRetrieval, RetrievalView } from '../../shared/retrieval.ts';
import {
  type RetrievalStanding,
  describeDeadline,
  describeRetrieval,
  retrievalStanding,
} from '../../shared/retrieval-words.ts';
import type { AccountId } from '../../shared/account.ts';
import { fileName } from '../parts/path.ts';
import { Announcer } from './announcer.svelte.ts';
import type { Clock } from './clock.svelte.ts';
import { Mirror } from './mirror.svelte.ts';
import { hasWords, searchWords } from './search-words.ts';
import { onceEach } from './tally.ts';
import type { Waits } from './waits.svelte.ts';

export type RetrievalFilter = 'all' | Exclude<RetrievalStanding, 'cancelled'>;
type Problems = (accountId: AccountId) => Failure | null;
type Pace = Omit<RetrievalsProgress, 'retrievals'>;

const still: Pace = { rate: null, remainingMs: null };

/** Main's retrievals, filtered and counted for the window. */
export class Retrievals {
  readonly announcer = new Announcer<RetrievalStanding>('retrieval', {
    retrieved: 'retrieved',
    'needs-you': 'needs you',
    cancelled: 'cancelled',
  });
  readonly #mirror = new Mirror<RetrievalView>((before, after) => {
    const now = retrievalStanding(after);
    if (before && retrievalStanding(before) !== now) this.announcer.hear(fileName(after.relativePath), now);
  });
  readonly #clock: Clock;
  readonly #waits: Waits;
  readonly #problemOf: Problems;
  #live = $state.raw<Readonly<Record<string, LiveRetrieval>>>({});
  #pace = $state.raw<Pace>(still);
  filter = $state<RetrievalFilter>('all');
  search = $state('');
  /** The retrieval that the arrow keys are on. */
  activeId = $state<string | null>(null);
  detailsOpen = $state(false);

  /** Each with what it waits for together with others as its own hold. */
  readonly #all: readonly RetrievalView[] = $derived.by(() =>
    this.#waits.isEmpty ? this.#mirror.all : this.#mirror.all.map((one) => this.#waits.shown(one)),
  );

  /** All that is counted, in one pass: it runs at each change, over 100,000 retrievals too. */
  readonly #tally = $derived.by(() => {
    const counts = { all: this.#all.length, running: 0, waiting: 0, 'needs-you': 0, retrieved: 0, cancelled: 0 };
    let bytesLeft = 0;
    let firstEnd: number | null = null;
    const problemOf = onceEach(this.#problemOf);
    for (const one of this.#all) {
      const standing = retrievalStanding(one, { accountProblem: problemOf(one.accountId) });
      counts[standing] += 1;
      if (standing !== 'retrieved' && standing !== 'cancelled') bytesLeft += one.size - one.receivedBytes;
      if (one.phase.kind !== 'downloading' || one.receivedBytes === one.size) continue;
      firstEnd = Math.min(firstEnd ?? Infinity, one.phase.outputEndsAt);
    }
    return { counts, bytesLeft, firstEnd };
  });

  readonly shown: readonly RetrievalView[] = $derived.by(() => {
    const words = searchWords(this.search);
    const { filter } = this;
    if (filter === 'all' && words.length === 0) return this.#all;
    const problemOf = onceEach(this.#problemOf);
    const standingOf = (one: RetrievalView) => retrievalStanding(one, { accountProblem: problemOf(one.accountId) });
    return this.#all.filter(
      (one) => (filter === 'all' || standingOf(one) === filter) && hasWords(`${one.relativePath} ${one.vault}`, words),
    );
  });

  constructor(clock: Clock, waits: Waits, problemOf: Problems) {
    this.#clock = clock;
    this.#waits = waits;
    this.#problemOf = problemOf;
  }

  get ready(): boolean {
    return this.#mirror.ready;
  }

  get counts(): Record<RetrievalStanding | 'all', number> {
    return this.#tally.counts;
  }

  /** Those that are not over. */
  get open(): number {
    const { running, waiting, 'needs-you': needing } = this.counts;
    return running + waiting + needing;
  }

  get bytesLeft(): number {
    return this.#tally.bytesLeft;
  }

  get pace(): Pace {
    return this.counts.running > 0 ? this.#pace : still;
  }

  /** When Glacier gives up the first output of which not all is here; null when there is none. */
  get firstEnd(): number | null {
    return this.#tally.firstEnd;
  }

  showAll(): void {
    this.filter = 'all';
    this.search = '';
  }

  get active(): RetrievalView | null {
    return this.activeId === null ? null : this.#shown(this.#mirror.get(this.activeId));
  }

  #shown(one: RetrievalView | undefined): RetrievalView | null {
    return one ? this.#waits.shown(one) : null;
  }

  connect(bridge: Bridge): Promise<Result<() => void>> {
    bridge.on('retrievals:progress', ({ retrievals, ...pace }) => {
      this.#live = Object.fromEntries(retrievals.map((live) => [live.id, live]));
      this.#pace = pace;
    });
    return this.#mirror.connect(
      (listener) => bridge.on('retrievals:changed', listener),
      (after) => bridge.invoke('retrievals:list', { after }),
    );
  }

  /** What is on the wire of a retrieval; null when nothing is. */
  live({ id, phase, hold }: RetrievalView): LiveRetrieval | null {
    return phase.kind === 'downloading' && hold === null ? (this.#live[id] ?? null) : null;
  }

  standing(one: RetrievalView): RetrievalStanding {
    return retrievalStanding(one, { accountProblem: this.#problemOf(one.accountId) });
  }

  /** Phase and hold in words. The clock is read only where the words depend on it. */
  status(one: RetrievalView): string {
    const now = one.hold === null ? 0 : this.#clock.now;
    return describeRetrieval(one, this.live(one), now, { accountProblem: this.#problemOf(one.accountId) });
  }

  deadline(one: RetrievalView): { words: string; isUrgent: boolean } | null {
    return one.phase.kind === 'downloading' ? describeDeadline(one, this.#clock.now) : null;
  }

  idsThat(has: (one: RetrievalView) => boolean): RetrievalView['id'][] {
    return this.#all.filter(has).map(({ id }) => id);
  }
}

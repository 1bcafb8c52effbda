import type { Bridge } from '../../shared/bridge.ts';
import type { TotalProgress } from '../../shared/contract.ts';
import type { Result } from '../../shared/result.ts';
import type { LiveProgress, UploadView } from '../../shared/upload.ts';
import { standing, type Standing, type Surroundings } from '../../shared/words.ts';
import { fileName } from '../parts/path.ts';
import { Announcer } from './announcer.svelte.ts';
import { Mirror } from './mirror.svelte.ts';
import { hasWords, searchWords } from './search-words.ts';
import { type Around, inOrder, onceEach, type Tally, tally } from './tally.ts';

export type Filter = 'all' | Exclude<Standing, 'cancelled'>;
/** The pace of all uploads together; `slowedDown` as in TotalProgress. */
export type Pace = Omit<TotalProgress, 'uploads'>;
export type Totals = Pace & { bytesLeft: number };

const still: Pace = { rate: null, remainingMs: null, slowedDown: false };

/** The uploads of main's queue, filtered and counted for the window. */
export class Queue {
  readonly announcer = new Announcer<Standing>('upload', {
    stored: 'stored',
    'needs-you': 'needs you',
    cancelled: 'cancelled',
  });
  readonly #mirror: Mirror<UploadView>;
  readonly #around: Around;
  #live = $state.raw<Readonly<Record<string, LiveProgress>>>({});
  #pace = $state.raw<Pace>(still);
  filter = $state<Filter>('all');
  search = $state('');
  /** The upload that the arrow keys are on. */
  activeId = $state<string | null>(null);
  detailsOpen = $state(false);

  readonly #ordered: readonly UploadView[] = $derived.by(() => inOrder(this.#mirror.all));
  readonly #tally: Tally = $derived.by(() => tally(this.#ordered, onceEach(this.#around)));

  readonly shown: readonly UploadView[] = $derived.by(() => {
    const words = searchWords(this.search);
    if (this.filter === 'all' && words.length === 0) return this.#ordered;
    const { filter } = this;
    const around = onceEach(this.#around);
    return this.#ordered.filter(
      (upload) =>
        (filter === 'all' || standing(upload, around(upload.accountId)) === filter) &&
        hasWords(`${upload.path} ${upload.vault}`, words),
    );
  });

  readonly totals: Totals = $derived.by(() => {
    let { bytesLeft } = this.#tally;
    for (const { id, sentBytes } of Object.values(this.#live)) {
      const upload = this.#mirror.get(id);
      if (upload && this.live(upload)) bytesLeft -= sentBytes - upload.uploadedBytes;
    }
    return { bytesLeft: Math.max(0, bytesLeft), ...(this.counts.running > 0 ? this.#pace : still) };
  });

  constructor(around: Around) {
    this.#around = around;
    this.#mirror = new Mirror((before, after) => {
      this.#hear(before, after);
    });
  }

  get ready(): boolean {
    return this.#mirror.ready;
  }

  get counts(): Tally['counts'] {
    return this.#tally.counts;
  }

  /** When the first unfinished multipart upload starts over unless it goes on before; null when none will. */
  get firstExpiry(): number | null {
    return this.#tally.firstExpiry;
  }

  get empty(): boolean {
    return this.#ordered.length === 0;
  }

  showAll(): void {
    this.filter = 'all';
    this.search = '';
  }

  get active(): UploadView | null {
    return this.activeId === null ? null : (this.#mirror.get(this.activeId) ?? null);
  }

  connect(bridge: Bridge): Promise<Result<() => void>> {
    bridge.on('uploads:progress', ({ uploads, ...pace }) => {
      this.#live = Object.fromEntries(uploads.map((live) => [live.id, live]));
      this.#pace = pace;
    });
    return this.#mirror.connect(
      (listener) => bridge.on('uploads:changed', listener),
      (after) => bridge.invoke('uploads:list', { after }),
    );
  }

  /** What is on the wire of an upload; null when nothing is. */
  live({ id, phase, hold }: UploadView): LiveProgress | null {
    return phase.kind === 'uploading' && hold === null ? (this.#live[id] ?? null) : null;
  }

  surroundings({ accountId }: UploadView): Surroundings {
    return this.#around(accountId);
  }

  standing(upload: UploadView): Standing {
    return standing(upload, this.surroundings(upload));
  }

  idsThat(has: Standing): UploadView['id'][] {
    return this.#ordered.filter((upload) => this.standing(upload) === has).map(({ id }) => id);
  }

  get pausedIds(): UploadView['id'][] {
    return this.#ordered.filter(({ hold }) => hold?.kind === 'paused').map(({ id }) => id);
  }

  #hear(before: UploadView | undefined, after: UploadView): void {
    const now = standing(after);
    if (before && standing(before) !== now) this.announcer.hear(fileName(after.path), now);
  }
}

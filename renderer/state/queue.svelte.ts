import type { AccountId } from '../../shared/account.ts';
import type { Bridge } from '../../shared/bridge.ts';
import type { Result } from '../../shared/result.ts';
import type { LiveProgress, UploadView } from '../../shared/upload.ts';
import { standing, type Standing, type Surroundings } from '../../shared/words.ts';
import { fileName } from '../parts/path.ts';
import { Announcer } from './announcer.svelte.ts';
import { Mirror } from './mirror.svelte.ts';

export type Filter = 'all' | Exclude<Standing, 'cancelled'>;
export type Totals = { bytesLeft: number; rate: number | null; remainingMs: number | null };
type Around = (accountId: AccountId) => Surroundings;

/** The uploads of main's queue, filtered and counted for the window. */
export class Queue {
  readonly announcer = new Announcer();
  readonly #mirror: Mirror<UploadView>;
  readonly #around: Around;
  #live = $state.raw<Readonly<Record<string, LiveProgress>>>({});
  #pace = $state.raw<{ rate: number | null; remainingMs: number | null }>({ rate: null, remainingMs: null });
  filter = $state<Filter>('all');
  search = $state('');
  /** The upload that the arrow keys are on. */
  activeId = $state<string | null>(null);
  detailsOpen = $state(false);

  readonly #ordered: readonly UploadView[] = $derived.by(() =>
    [...this.#mirror.all].sort((a, b) => a.position - b.position),
  );

  readonly counts: Record<Standing | 'all', number> = $derived.by(() => {
    const counts = { all: this.#ordered.length, running: 0, waiting: 0, 'needs-you': 0, stored: 0, cancelled: 0 };
    for (const upload of this.#ordered) counts[this.standing(upload)] += 1;
    return counts;
  });

  readonly shown: readonly UploadView[] = $derived.by(() => {
    const words = this.search.toLowerCase().split(/\s+/).filter(Boolean);
    if (this.filter === 'all' && words.length === 0) return this.#ordered;
    return this.#ordered.filter((upload) => this.#isShown(upload, words));
  });

  readonly totals: Totals = $derived.by(() => {
    let bytesLeft = 0;
    for (const { phase, size, uploadedBytes } of this.#ordered) {
      if (phase.kind === 'queued' || phase.kind === 'uploading') bytesLeft += size - uploadedBytes;
    }
    for (const { id, sentBytes } of Object.values(this.#live)) {
      const upload = this.#mirror.get(id);
      if (upload && this.live(upload)) bytesLeft -= sentBytes - upload.uploadedBytes;
    }
    return {
      bytesLeft: Math.max(0, bytesLeft),
      ...(this.counts.running > 0 ? this.#pace : { rate: null, remainingMs: null }),
    };
  });

  /** When the first of the paused multipart uploads starts over unless it goes on before; null when none will. */
  readonly firstExpiry: number | null = $derived.by(() => {
    const times = this.#ordered.flatMap(({ phase, expiresAt }) =>
      phase.kind === 'uploading' && expiresAt !== null ? [expiresAt] : [],
    );
    return times.length > 0 ? times.reduce((a, b) => Math.min(a, b)) : null;
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

  get empty(): boolean {
    return this.#ordered.length === 0;
  }

  get active(): UploadView | null {
    return this.activeId === null ? null : (this.#mirror.get(this.activeId) ?? null);
  }

  connect(bridge: Bridge): Promise<Result<() => void>> {
    bridge.on('uploads:progress', ({ uploads, rate, remainingMs }) => {
      this.#live = Object.fromEntries(uploads.map((live) => [live.id, live]));
      this.#pace = { rate, remainingMs };
    });
    return this.#mirror.connect(
      (listener) => bridge.on('uploads:changed', listener),
      () => bridge.invoke('uploads:list', {}),
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

  #isShown(upload: UploadView, words: readonly string[]): boolean {
    if (this.filter !== 'all' && this.standing(upload) !== this.filter) return false;
    if (words.length === 0) return true;
    const text = `${upload.path} ${upload.vault}`.toLowerCase();
    return words.every((word) => text.includes(word));
  }

  #hear(before: UploadView | undefined, after: UploadView): void {
    const now = standing(after);
    if (before && standing(before) !== now) this.announcer.hear(fileName(after.path), now);
  }
}

import type { Notice, NoticeBody } from '../../shared/notice.ts';
import type { NoticeStore } from '../store/notices.ts';

const meanwhileIds = {
  'records-wait': -2,
  'uploads-expiring': -3,
  'work-stopped': -4,
  'catalogue-not-archived': -5,
  'files-elsewhere': -6,
} as const;

/** What the user is to be told, about Firn's records above all. */
export class NoticeBoard {
  readonly #store: NoticeStore;
  readonly #changed: (all: Notice[]) => void;
  /** What cannot be written down, because the database is what is wrong. Numbers below zero, so that none is taken. */
  #passing: Notice[] = [];
  readonly #meanwhile = new Map<NoticeBody['kind'], Notice>();

  constructor(store: NoticeStore, changed: (all: Notice[]) => void) {
    this.#store = store;
    this.#changed = changed;
  }

  /** The oldest first. */
  list(): Notice[] {
    return this.#passing.length > 0 ? this.#passing : [...this.#meanwhile.values(), ...this.#store.list()];
  }

  /** Until Firn ends, this is all there is to tell. */
  tellInstead(notice: NoticeBody, now: number): void {
    this.#passing = [{ ...notice, id: -1, at: now }];
    this.#changed(this.list());
  }

  /** Beside everything else, until it is told that it is over (null). */
  tellMeanwhile<K extends keyof typeof meanwhileIds>(
    kind: K,
    notice: Extract<NoticeBody, { kind: K }> | null,
    now: number,
  ): void {
    if (notice) this.#meanwhile.set(kind, { ...(notice as NoticeBody), id: meanwhileIds[kind], at: now });
    else this.#meanwhile.delete(kind);
    this.#changed(this.list());
  }

  /** Others have written something down. */
  look(): void {
    this.#changed(this.list());
  }

  dismiss(id: number): void {
    if (id > 0) this.#store.dismiss(id);
    for (const [kind, notice] of this.#meanwhile) if (notice.id === id) this.#meanwhile.delete(kind);
    this.#changed(this.list());
  }
}

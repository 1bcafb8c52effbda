import type { Notice, NoticeBody } from '../shared/notice.ts';
import type { NoticeStore } from './store/notices.ts';

/** What the user is to be told about Firn's records. */
export class NoticeBoard {
  readonly #store: NoticeStore;
  readonly #changed: (all: Notice[]) => void;
  /** What cannot be written down, because the database is what is wrong. Numbers below zero, so that none is taken. */
  #passing: Notice[] = [];
  #meanwhile: Notice[] = [];

  constructor(store: NoticeStore, changed: (all: Notice[]) => void) {
    this.#store = store;
    this.#changed = changed;
  }

  /** The oldest first. */
  list(): Notice[] {
    return this.#passing.length > 0 ? this.#passing : [...this.#meanwhile, ...this.#store.list()];
  }

  /** Until Firn ends, this is all there is to tell. */
  tellInstead(notice: NoticeBody, now: number): void {
    this.#passing = [{ ...notice, id: -1, at: now }];
    this.#changed(this.list());
  }

  /** Beside everything else, until it is told that it is over (null). */
  tellMeanwhile(notice: NoticeBody | null, now: number): void {
    this.#meanwhile = notice ? [{ ...notice, id: -2, at: now }] : [];
    this.#changed(this.list());
  }

  dismiss(id: number): void {
    if (id > 0) this.#store.dismiss(id);
    this.#changed(this.list());
  }
}

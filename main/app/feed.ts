import type { Changes, Snapshot } from '../../shared/contract.ts';

const GATHER_MS = 100;
/** Enough to fill a window, so that it need not wait for the rest. */
const FIRST_PIECE = 200;
/** Reading so many keeps main for some hundredths of a second. */
const PIECE = 5000;

/** Runs what nobody waits for, and takes care of what it throws. */
export type Guard = (act: () => void) => void;

/** A collection in the store. Listeners hear after each commit which items are others than before and which are gone. */
type Collection<Id, View> = {
  views(ids: readonly Id[]): View[];
  onChange(listener: (changed: readonly Id[], removed: readonly Id[]) => void): () => void;
};

/** Reads a piece of a collection: `after` null for the first, then the `next` of the last one. */
type Read<View> = (after: number | null) => Pick<Snapshot<View>, 'items' | 'next'>;

/** For collections that are always small. */
export function inOnePiece<View>(collection: { list(): View[] }): Read<View> {
  return () => ({ items: collection.list(), next: null });
}

/** For collections that may be of any size; they are read by position. */
export function inPieces<View extends { position: number }>(collection: {
  page(after: number, limit: number): View[];
}): Read<View> {
  return (after) => {
    const limit = after === null ? FIRST_PIECE : PIECE;
    const items = collection.page(after ?? Number.MIN_SAFE_INTEGER, limit);
    return { items, next: items.length < limit ? null : (items.at(-1)?.position ?? null) };
  };
}

/** Tells the window what changed in a collection, gathered, so that a busy queue does not flood it. */
export class Feed<Id extends string, View> {
  readonly #collection: Collection<Id, View>;
  readonly #read: Read<View>;
  readonly #emit: (changes: Changes<View>) => void;
  readonly #changed = new Set<Id>();
  readonly #removed = new Set<Id>();
  readonly #guard: Guard;
  readonly #unsubscribe: () => void;
  #version = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(
    collection: Collection<Id, View>,
    read: Read<View>,
    emit: (changes: Changes<View>) => void,
    guard: Guard,
  ) {
    this.#collection = collection;
    this.#read = read;
    this.#emit = emit;
    this.#guard = guard;
    this.#unsubscribe = collection.onChange((changed, removed) => {
      this.#gather(changed, removed);
    });
  }

  /** Items as they are now; changes that are sent later have a later version. */
  snapshot(after: number | null = null): Snapshot<View> {
    return { version: this.#version, ...this.#read(after) };
  }

  /** These are others than before for a reason that no row tells. */
  tell(changed: readonly Id[]): void {
    this.#gather(changed, []);
  }

  close(): void {
    this.#unsubscribe();
    if (this.#timer) clearTimeout(this.#timer);
  }

  #gather(changed: readonly Id[], removed: readonly Id[]): void {
    for (const id of changed) this.#changed.add(id);
    for (const id of removed) this.#removed.add(id);
    this.#timer ??= setTimeout(() => {
      this.#guard(() => {
        this.#flush();
      });
    }, GATHER_MS).unref();
  }

  #flush(): void {
    this.#timer = null;
    // Read before anything is forgotten: when that fails, what has changed is told with the next change.
    const items = this.#collection.views([...this.#changed]);
    this.#version += 1;
    const changes = { version: this.#version, items, removed: [...this.#removed] };
    this.#changed.clear();
    this.#removed.clear();
    this.#emit(changes);
  }
}

import type { Changes, Snapshot } from '../shared/contract.ts';

const GATHER_MS = 100;

/** Runs what nobody waits for, and takes care of what it throws. */
export type Guard = (act: () => void) => void;

/** A collection in the store. Listeners hear after each commit which items are others than before and which are gone. */
type Collection<Id, View> = {
  list(): View[];
  views(ids: readonly Id[]): View[];
  onChange(listener: (changed: readonly Id[], removed: readonly Id[]) => void): () => void;
};

/** Tells the window what changed in a collection, gathered, so that a busy queue does not flood it. */
export class Feed<Id extends string, View> {
  readonly #collection: Collection<Id, View>;
  readonly #emit: (changes: Changes<View>) => void;
  readonly #changed = new Set<Id>();
  readonly #removed = new Set<Id>();
  readonly #guard: Guard;
  readonly #unsubscribe: () => void;
  #version = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(collection: Collection<Id, View>, emit: (changes: Changes<View>) => void, guard: Guard) {
    this.#collection = collection;
    this.#emit = emit;
    this.#guard = guard;
    this.#unsubscribe = collection.onChange((changed, removed) => {
      this.#gather(changed, removed);
    });
  }

  /** All items as they are now; changes that are sent later have a later version. */
  snapshot(): Snapshot<View> {
    return { version: this.#version, items: this.#collection.list() };
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
    this.#version += 1;
    const changes = {
      version: this.#version,
      items: this.#collection.views([...this.#changed]),
      removed: [...this.#removed],
    };
    this.#changed.clear();
    this.#removed.clear();
    this.#emit(changes);
  }
}

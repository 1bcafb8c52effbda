import type { Reply } from '../../shared/bridge.ts';
import type { Changes, Snapshot } from '../../shared/contract.ts';

type Subscribe<T> = (listener: (changes: Changes<T>) => void) => () => void;
type Heard<T> = (before: T | undefined, after: T) => void;

/**
 * A read-only copy of one of main's collections: a snapshot, then changes. Changes may arrive before the snapshot they
 * follow; those that the snapshot already holds are dropped.
 */
export class Mirror<T extends { id: string }> {
  // One signal for the whole collection: a signal for each of 100,000 items costs more than it saves.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #items: Map<string, T> = new Map<string, T>();
  #version = -1;
  #view = $state.raw<{ items: ReadonlyMap<string, T> }>({ items: this.#items });
  #ready = $state(false);
  readonly #heard: Heard<T>;

  /** Every item, in the order in which they came to be known. */
  readonly all: readonly T[] = $derived.by(() => [...this.#view.items.values()]);

  /** `heard` learns of each later change of an item, not of the snapshot. */
  constructor(heard: Heard<T> = () => undefined) {
    this.#heard = heard;
  }

  get ready(): boolean {
    return this.#ready;
  }

  get(id: string): T | undefined {
    return this.#view.items.get(id);
  }

  /** Resolves to the failure of the listing, or to a function that ends the subscription. */
  async connect(subscribe: Subscribe<T>, list: () => Promise<Reply<Snapshot<T>>>): Promise<Reply<() => void>> {
    const early: Changes<T>[] = [];
    const stop = subscribe((changes) => {
      if (this.#ready) this.#merge(changes);
      else early.push(changes);
    });
    const reply = await list();
    if (!reply.ok) {
      stop();
      return reply;
    }
    for (const item of reply.value.items) this.#items.set(item.id, item);
    this.#version = reply.value.version;
    for (const changes of early) this.#merge(changes);
    this.#ready = true;
    this.#view = { items: this.#items };
    return { ok: true, value: stop };
  }

  #merge({ version, items, removed }: Changes<T>): void {
    if (version <= this.#version) return;
    this.#version = version;
    for (const id of removed) this.#items.delete(id);
    for (const item of items) {
      this.#heard(this.#items.get(item.id), item);
      this.#items.set(item.id, item);
    }
    this.#view = { items: this.#items };
  }
}

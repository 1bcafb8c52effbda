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
  #all = $state.raw<readonly T[]>([]);
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #indexes = new Map<string, number>();
  #version = -1;
  #ready = $state(false);
  readonly #heard: Heard<T>;

  /** `heard` learns of each later change of an item, not of the snapshot. */
  constructor(heard: Heard<T> = () => undefined) {
    this.#heard = heard;
  }

  /** Every item, in the order in which they came to be known. */
  get all(): readonly T[] {
    return this.#all;
  }

  get ready(): boolean {
    return this.#ready;
  }

  get(id: string): T | undefined {
    const all = this.#all;
    const index = this.#indexes.get(id);
    return index === undefined ? undefined : all[index];
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
    this.#version = reply.value.version;
    this.#put(reply.value.items);
    for (const changes of early) this.#merge(changes);
    this.#ready = true;
    return { ok: true, value: stop };
  }

  #merge({ version, items, removed }: Changes<T>): void {
    if (version <= this.#version) return;
    this.#version = version;
    if (removed.length > 0) this.#remove(removed);
    for (const item of items) this.#heard(this.get(item.id), item);
    this.#put(items);
  }

  #put(items: readonly T[]): void {
    const all = [...this.#all];
    for (const item of items) {
      const index = this.#indexes.get(item.id) ?? all.length;
      this.#indexes.set(item.id, index);
      all[index] = item;
    }
    this.#all = all;
  }

  #remove(ids: readonly string[]): void {
    for (const id of ids) this.#indexes.delete(id);
    this.#all = this.#all.filter(({ id }) => this.#indexes.has(id));
    for (const [index, { id }] of this.#all.entries()) this.#indexes.set(id, index);
  }
}

import type { Reply } from '../../shared/bridge.ts';
import type { Changes, Snapshot } from '../../shared/contract.ts';

type Subscribe<T> = (listener: (changes: Changes<T>) => void) => () => void;
type List<T> = (after: number | null) => Promise<Reply<Snapshot<T>>>;
type Heard<T> = (before: T | undefined, after: T) => void;

/**
 * A read-only copy of one of main's collections: a snapshot in one or more pieces, then changes. Changes may arrive before
 * the piece they follow; those that the piece already holds are dropped.
 */
export class Mirror<T extends { id: string }> {
  // One signal for the whole collection: a signal for each of 100,000 items costs more than it saves.
  #all = $state.raw<readonly T[]>([]);
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #indexes = new Map<string, number>();
  #version = -1;
  /** While the snapshot is not whole: which version last changed or removed an item. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #touched = new Map<string, number>();
  #whole = false;
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

  /** Whether the first piece is there. */
  get ready(): boolean {
    return this.#ready;
  }

  get(id: string): T | undefined {
    const all = this.#all;
    const index = this.#indexes.get(id);
    return index === undefined ? undefined : all[index];
  }

  /** Resolves, once all pieces are there, to a function that ends the subscription, or to the failure of the listing. */
  async connect(subscribe: Subscribe<T>, list: List<T>): Promise<Reply<() => void>> {
    const early: Changes<T>[] = [];
    const stop = subscribe((changes) => {
      if (this.#ready) this.#merge(changes);
      else early.push(changes);
    });
    for (let after: number | null = null; !this.#whole;) {
      const reply: Reply<Snapshot<T>> = await list(after);
      if (!reply.ok) {
        stop();
        return reply;
      }
      this.#add(reply.value);
      for (const changes of early.splice(0)) this.#merge(changes);
      this.#ready = true;
      after = reply.value.next;
    }
    return { ok: true, value: stop };
  }

  #add({ version, items, next }: Snapshot<T>): void {
    if (!this.#ready) this.#version = version;
    this.#put(items.filter(({ id }) => (this.#touched.get(id) ?? -1) <= version));
    if (next !== null) return;
    this.#whole = true;
    this.#touched.clear();
  }

  #merge({ version, items, removed }: Changes<T>): void {
    if (version <= this.#version) return;
    this.#version = version;
    if (!this.#whole) for (const id of [...removed, ...items.map((item) => item.id)]) this.#touched.set(id, version);
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

import type { Events } from '../../shared/contract.ts';

/** Who wants to hear of what. */
export class Listeners {
  readonly #all = new Map<keyof Events, Set<(payload: never) => void>>();

  on<E extends keyof Events>(event: E, listener: (payload: Events[E]) => void): () => void {
    const set = this.#all.get(event) ?? new Set();
    this.#all.set(event, set.add(listener));
    return () => set.delete(listener);
  }

  /** Emits the event with whatever it is called with. */
  teller<E extends keyof Events>(event: E): (payload: Events[E]) => void {
    return (payload) => {
      this.emit(event, payload);
    };
  }

  emit<E extends keyof Events>(event: E, payload: Events[E]): void {
    for (const listener of this.#all.get(event) ?? []) (listener as (payload: Events[E]) => void)(payload);
  }
}

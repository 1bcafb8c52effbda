/** Counts what happens to each of several things; in memory, so a restart begins anew. */
export class Tally<Id> {
  readonly #counts = new Map<Id, number>();

  /** How often it has happened now. */
  add(id: Id): number {
    const count = (this.#counts.get(id) ?? 0) + 1;
    this.#counts.set(id, count);
    return count;
  }

  clear(id: Id): void {
    this.#counts.delete(id);
  }
}

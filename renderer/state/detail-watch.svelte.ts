import type { Reply } from '../../shared/bridge.ts';
import type { Failure } from '../../shared/failure.ts';
import { SECOND } from '../../shared/units.ts';

/** An upload of 10,000 parts has a long detail, so it is asked for no oftener than this. */
const REST_MS = 1 * SECOND;

/** The details of what is looked at, asked for again when it changes. */
export class DetailWatch<Id extends string, Detail> {
  readonly #ask: (id: Id) => Promise<Reply<Detail>>;
  #known = $state.raw<{ id: Id; detail: Detail } | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #wanted: Id | null = null;
  #resting: ReturnType<typeof setTimeout> | null = null;
  #stale = false;

  constructor(ask: (id: Id) => Promise<Reply<Detail>>) {
    this.#ask = ask;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  /** Null until they are known. */
  of(id: Id): Detail | null {
    return this.#known?.id === id ? this.#known.detail : null;
  }

  /** To be told of each new view of it. */
  follow({ id }: { id: Id }): void {
    const another = this.#wanted !== id;
    this.#wanted = id;
    if (another) this.stop();
    if (this.#resting === null) void this.#load(id);
    else this.#stale = true;
  }

  stop(): void {
    if (this.#resting !== null) clearTimeout(this.#resting);
    this.#resting = null;
    this.#stale = false;
  }

  async #load(id: Id): Promise<void> {
    this.#stale = false;
    this.#resting = setTimeout(() => {
      this.#resting = null;
      if (this.#stale && this.#wanted === id) void this.#load(id);
    }, REST_MS);
    const reply = await this.#ask(id);
    if (this.#wanted !== id) return;
    this.#failure = reply.ok ? null : reply.failure;
    if (reply.ok) this.#known = { id, detail: reply.value };
  }
}

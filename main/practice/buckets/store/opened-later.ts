import { BucketStore } from './store.ts';

/** The records of the buckets, which cost nothing until somebody asks for a bucket. */
export class OpenedLater {
  readonly #folder: string;
  #store: BucketStore | null = null;
  #sweeping: Promise<void> | null = null;

  /** Opens what is there already, so that it is swept, and so that what is wrong with it is told at the start. */
  constructor(folder: string) {
    this.#folder = folder;
    if (BucketStore.isIn(folder)) this.open();
  }

  get opened(): BucketStore | null {
    return this.#store;
  }

  open(): BucketStore {
    if (this.#store) return this.#store;
    this.#store = new BucketStore(this.#folder);
    this.#sweeping = this.#store.sweepFiles().catch(() => undefined);
    return this.#store;
  }

  async close(): Promise<void> {
    await this.#sweeping;
    this.#store?.close();
  }
}

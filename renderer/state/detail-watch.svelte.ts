import type { Bridge } from '../../shared/bridge.ts';
import type { Failure } from '../../shared/failure.ts';
import { SECOND } from '../../shared/units.ts';
import type { UploadDetail, UploadId, UploadView } from '../../shared/upload.ts';

/** An upload of 10,000 parts has a long detail, so it is asked for no oftener than this. */
const REST_MS = 1 * SECOND;

/** The details of the upload that is looked at, asked for again when it changes. */
export class DetailWatch {
  readonly #bridge: Bridge;
  #detail = $state.raw<UploadDetail | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #wanted: UploadId | null = null;
  #resting: ReturnType<typeof setTimeout> | null = null;
  #stale = false;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  /** Null until they are known. */
  of(id: UploadId): UploadDetail | null {
    return this.#detail?.upload.id === id ? this.#detail : null;
  }

  /** To be told of each new view of the upload. */
  follow({ id }: UploadView): void {
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

  async #load(id: UploadId): Promise<void> {
    this.#stale = false;
    this.#resting = setTimeout(() => {
      this.#resting = null;
      if (this.#stale && this.#wanted === id) void this.#load(id);
    }, REST_MS);
    const reply = await this.#bridge.invoke('uploads:detail', { id });
    if (this.#wanted !== id) return;
    this.#failure = reply.ok ? null : reply.failure;
    if (reply.ok) this.#detail = reply.value;
  }
}

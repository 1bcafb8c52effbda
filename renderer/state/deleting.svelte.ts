import type { ArchiveChoice, ArchiveSum } from '../../shared/archive.ts';
import type { Bridge } from '../../shared/bridge.ts';
import type { ChoreId } from '../../shared/chore.ts';
import type { DeletionPreview } from '../../shared/deletion-preview.ts';
import type { Failure } from '../../shared/failure.ts';
import type { Result } from '../../shared/result.ts';
import { deliberateText, howTyped } from './deliberate.ts';

/** Chosen archives that are about to be deleted: what would be lost, and whether that is meant. */
export class Deleting {
  readonly choice: ArchiveChoice;
  readonly sum: ArchiveSum;
  /** Of a single archive, when it is known. */
  readonly name: string | null;
  readonly #bridge: Bridge;
  typed = $state('');
  #preview = $state.raw<DeletionPreview | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #starting = $state(false);

  constructor(bridge: Bridge, choice: ArchiveChoice, sum: ArchiveSum, name: string | null) {
    this.#bridge = bridge;
    this.choice = choice;
    this.sum = sum;
    this.name = name;
    void this.look();
  }

  /** Null while it is worked out. */
  get preview(): DeletionPreview | null {
    return this.#preview;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  get starting(): boolean {
    return this.#starting;
  }

  /** What the user has to type; null when a button is enough. */
  get toType(): string | null {
    return this.#preview && deliberateText(this.#preview);
  }

  get canStart(): boolean {
    const { preview, toType } = this;
    if (preview === null || preview.count === 0 || this.#starting) return false;
    return toType === null || howTyped(this.typed, toType) === 'typed';
  }

  /** Works out what would be deleted, with what is known now. */
  async look(): Promise<void> {
    this.#preview = null;
    this.#failure = null;
    this.typed = '';
    const reply = await this.#bridge.invoke('deletion:preview', { choice: this.choice });
    if (reply.ok) this.#preview = reply.value;
    else this.#failure = reply.failure;
  }

  /** Null when it cannot be started yet. */
  async start(): Promise<Result<ChoreId[]> | null> {
    const { preview } = this;
    if (!this.canStart || preview === null) return null;
    this.#starting = true;
    const reply = await this.#bridge.invoke('deletion:start', { token: preview.token });
    this.#starting = false;
    if (!reply.ok) this.#failure = reply.failure;
    return reply;
  }
}

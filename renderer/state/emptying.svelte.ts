import type { AccountId } from '../../shared/account.ts';
import type { Bridge } from '../../shared/bridge.ts';
import type { ChoreId } from '../../shared/chore.ts';
import type { EmptyingPreview } from '../../shared/deletion-preview.ts';
import type { Failure } from '../../shared/failure.ts';
import type { Result } from '../../shared/result.ts';
import { howTyped } from './deliberate.ts';

type Place = { accountId: AccountId; vault: string };

/** A vault that is about to be emptied: what would be lost, and whether that is meant. */
export class Emptying {
  readonly place: Place;
  /** Whether the vault is deleted at the end. */
  readonly closes: boolean;
  readonly #bridge: Bridge;
  typed = $state('');
  #preview = $state.raw<EmptyingPreview | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #starting = $state(false);

  constructor(bridge: Bridge, place: Place, closes: boolean) {
    this.#bridge = bridge;
    this.place = place;
    this.closes = closes;
    void this.look();
  }

  /** Null until Glacier has answered. */
  get preview(): EmptyingPreview | null {
    return this.#preview;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  get starting(): boolean {
    return this.#starting;
  }

  /** Whether Firn's own uploads stand in the way. */
  get isAwaited(): boolean {
    return (this.#preview?.queued ?? 0) > 0;
  }

  get canStart(): boolean {
    return (
      this.#preview !== null && !this.isAwaited && !this.#starting && howTyped(this.typed, this.place.vault) === 'typed'
    );
  }

  /** Asks Glacier, and the catalogue, what is in the vault. */
  async look(): Promise<void> {
    this.#failure = null;
    const reply = await this.#bridge.invoke('emptying:preview', this.place);
    if (reply.ok) this.#preview = reply.value;
    else this.#failure = reply.failure;
  }

  /** Null when it cannot be started yet. */
  async start(): Promise<Result<ChoreId> | null> {
    const preview = this.#preview;
    if (!this.canStart || preview === null) return null;
    this.#starting = true;
    const reply = await this.#bridge.invoke('emptying:start', {
      ...this.place,
      closes: this.closes,
      until: preview.until,
    });
    this.#starting = false;
    this.#failure = reply.ok ? null : reply.failure;
    return reply;
  }
}

import { SECOND } from '../../shared/units.ts';
import type { Clock } from './ports.ts';

const LOOK_MS = 15 * SECOND;

export type DiskWatchPorts = {
  clock: Clock;
  /** Whether there is room again. */
  hasRoom: () => boolean;
  /** Told when the disk is full, and when it no longer is. */
  onFull: (isFull: boolean) => void;
};

/** While nothing can be written down, nothing may be done: whoever runs something asks here, and is told when it may go on. */
export class DiskWatch {
  readonly #ports: DiskWatchPorts;
  readonly #listeners = new Set<() => void>();
  #stopLooking: (() => void) | null = null;

  constructor(ports: DiskWatchPorts) {
    this.#ports = ports;
  }

  get isWaiting(): boolean {
    return this.#stopLooking !== null;
  }

  /** Called after each change of `isWaiting`. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Something could not be written. `isFull`: because the disk is full, which the user is told. */
  wait(isFull: boolean): void {
    if (this.isWaiting) return;
    if (isFull) this.#ports.onFull(true);
    this.#look();
    this.#announce();
  }

  close(): void {
    this.#stopLooking?.();
  }

  #look(): void {
    this.#stopLooking = this.#ports.clock.after(LOOK_MS, () => {
      if (!this.#ports.hasRoom()) {
        this.#look();
        return;
      }
      this.#stopLooking = null;
      this.#ports.onFull(false);
      this.#announce();
    });
  }

  #announce(): void {
    for (const listener of this.#listeners) listener();
  }
}

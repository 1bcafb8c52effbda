import type { Failure } from '../../shared/failure.ts';
import { SECOND } from '../../shared/units.ts';
import type { Clock } from './clock.ts';

const LOOK_MS = 15 * SECOND;

export type DiskWatchPorts = {
  clock: Clock;
  /** Whether the records can be read and written again. */
  isUsable: () => boolean;
  /** Told why they cannot, for the user, and when they can again (null). */
  onTrouble: (failure: Failure | null) => void;
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

  /** Something could not be written or read; `failure` tells the user why. */
  wait(failure: Failure): void {
    if (this.isWaiting) return;
    this.#ports.onTrouble(failure);
    this.#look();
    this.#announce();
  }

  close(): void {
    this.#stopLooking?.();
  }

  #look(): void {
    this.#stopLooking = this.#ports.clock.after(LOOK_MS, () => {
      if (!this.#ports.isUsable()) {
        this.#look();
        return;
      }
      this.#stopLooking = null;
      this.#ports.onTrouble(null);
      this.#announce();
    });
  }

  #announce(): void {
    for (const listener of this.#listeners) listener();
  }
}

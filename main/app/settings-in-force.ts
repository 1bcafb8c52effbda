import { type Effort, type Power, effortOf } from '../../shared/cpu-use.ts';
import type { Settings } from '../../shared/settings.ts';
import type { SettingsStore } from '../store/settings.ts';

/** The settings that count now: those that are kept, and above them those of this process alone. */
export class SettingsInForce {
  readonly #store: SettingsStore;
  readonly #own: Partial<Settings>;
  #settings: Settings;
  #power: Power = { onBattery: false };

  constructor(store: SettingsStore, own: Partial<Settings> = {}) {
    this.#store = store;
    this.#own = own;
    this.#settings = { ...store.get(), ...own };
  }

  get(): Settings {
    return this.#settings;
  }

  /** Kept before it returns. */
  change(changes: Partial<Settings>): Settings {
    this.#settings = { ...this.#store.set(changes), ...this.#own };
    return this.#settings;
  }

  get power(): Power {
    return this.#power;
  }

  /** False when nothing is other than before. */
  setPower(power: Power): boolean {
    const isNew = power.onBattery !== this.#power.onBattery;
    this.#power = power;
    return isNew;
  }

  /** How much of the processor sending may take. */
  effort(): Effort {
    return effortOf(this.#settings.cpuUse, this.#power);
  }
}

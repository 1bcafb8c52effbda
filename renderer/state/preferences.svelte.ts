import type { Bridge } from '../../shared/bridge.ts';
import type { Failure } from '../../shared/failure.ts';
import type { Power } from '../../shared/cpu-use.ts';
import type { Settings } from '../../shared/settings.ts';

/** The settings as main keeps them. */
export class Preferences {
  #settings = $state.raw<Settings | null>(null);
  #power = $state.raw<Power | null>(null);

  /** Null until main told them. */
  get settings(): Settings | null {
    return this.#settings;
  }

  /** Where the computer's power comes from; null until main told it. */
  get power(): Power | null {
    return this.#power;
  }

  get queuePaused(): boolean {
    return this.#settings?.queuePaused ?? false;
  }

  /** Resolves to the failure of the command, or to null. */
  async connect(bridge: Bridge): Promise<Failure | null> {
    bridge.on('settings:changed', (settings) => {
      this.#settings = settings;
    });
    bridge.on('power:changed', (power) => {
      this.#power = power;
    });
    const [settings, power] = await Promise.all([bridge.invoke('settings:get', {}), bridge.invoke('power:get', {})]);
    if (!settings.ok) return settings.failure;
    if (!power.ok) return power.failure;
    this.#settings ??= settings.value;
    this.#power ??= power.value;
    return null;
  }

  async change(bridge: Bridge, patch: Partial<Settings>): Promise<Failure | null> {
    const reply = await bridge.invoke('settings:set', patch);
    if (!reply.ok) return reply.failure;
    this.#settings = reply.value;
    return null;
  }
}

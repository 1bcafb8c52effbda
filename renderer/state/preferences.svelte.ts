import type { Bridge } from '../../shared/bridge.ts';
import type { Failure } from '../../shared/failure.ts';
import type { Settings } from '../../shared/settings.ts';

/** The settings as main keeps them. */
export class Preferences {
  #settings = $state.raw<Settings | null>(null);

  /** Null until main told them. */
  get settings(): Settings | null {
    return this.#settings;
  }

  get queuePaused(): boolean {
    return this.#settings?.queuePaused ?? false;
  }

  /** Resolves to the failure of the command, or to null. */
  async connect(bridge: Bridge): Promise<Failure | null> {
    bridge.on('settings:changed', (settings) => {
      this.#settings = settings;
    });
    const reply = await bridge.invoke('settings:get', {});
    if (!reply.ok) return reply.failure;
    this.#settings ??= reply.value;
    return null;
  }

  async change(bridge: Bridge, patch: Partial<Settings>): Promise<Failure | null> {
    const reply = await bridge.invoke('settings:set', patch);
    if (!reply.ok) return reply.failure;
    this.#settings = reply.value;
    return null;
  }
}

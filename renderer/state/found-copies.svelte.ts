import type { Bridge } from '../../shared/bridge.ts';
import type { FoundCopy } from '../../shared/catalogue-copy.ts';
import type { Failure } from '../../shared/failure.ts';

/** Copies of the catalogue that inventories found in vaults, as main tells of them. */
export class FoundCopies {
  #all = $state.raw<readonly FoundCopy[] | null>(null);

  get all(): readonly FoundCopy[] {
    return this.#all ?? [];
  }

  /** Resolves to the failure of the listing, or to null. */
  async connect(bridge: Bridge): Promise<Failure | null> {
    bridge.on('copies:changed', (copies) => {
      this.#all = copies;
    });
    const reply = await bridge.invoke('copies:list', {});
    if (!reply.ok) return reply.failure;
    this.#all ??= reply.value;
    return null;
  }
}

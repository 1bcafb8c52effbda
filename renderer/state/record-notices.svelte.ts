import type { Bridge } from '../../shared/bridge.ts';
import type { Failure } from '../../shared/failure.ts';
import type { Notice } from '../../shared/notice.ts';

/** What main has to tell, whatever is looked at; it stays until it is over or the user dismisses it. */
export class RecordNotices {
  #all = $state.raw<readonly Notice[] | null>(null);

  get all(): readonly Notice[] {
    return this.#all ?? [];
  }

  /** Resolves to the failure of the listing, or to null. */
  async connect(bridge: Bridge): Promise<Failure | null> {
    bridge.on('notices:changed', (notices) => {
      this.#all = notices;
    });
    const reply = await bridge.invoke('notices:list', {});
    if (!reply.ok) return reply.failure;
    this.#all ??= reply.value;
    return null;
  }
}

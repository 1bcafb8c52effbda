import type { Bridge } from '../../shared/bridge.ts';
import type { Failure } from '../../shared/failure.ts';
import type { Hold } from '../../shared/hold.ts';
import { type Wait, type WaitKey, shownHold } from '../../shared/wait.ts';

/** What tasks wait for together: told once, however many they are. */
export class Waits {
  #all = $state.raw<readonly Wait[]>([]);
  #heard = false;

  /** Why the task does not run: its own hold, or what it waits for with others. */
  holdOf(task: Parameters<typeof shownHold>[0]): Hold | null {
    return shownHold(task, this.#all);
  }

  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  /** The task with that hold; the very same one where it has it already. */
  shown<T extends { hold: Hold | null; waitKeys: readonly WaitKey[] }>(task: T): T {
    const hold = this.holdOf(task);
    return hold === task.hold ? task : { ...task, hold };
  }

  /** Resolves to the failure of the listing, or to null. */
  async connect(bridge: Bridge): Promise<Failure | null> {
    bridge.on('waits:changed', (waits) => {
      this.#all = waits;
      this.#heard = true;
    });
    const reply = await bridge.invoke('waits:list', {});
    if (!reply.ok) return reply.failure;
    if (!this.#heard) this.#all = reply.value;
    return null;
  }
}

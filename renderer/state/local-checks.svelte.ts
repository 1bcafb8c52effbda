import type { Bridge } from '../../shared/bridge.ts';
import type { Failure } from '../../shared/failure.ts';
import { type CheckProgress, type CheckTally, noChecks } from '../../shared/local-check.ts';

const atRest: CheckProgress = { waiting: { count: 0, bytes: 0 }, current: null, found: noChecks };

/** How the checks against local files stand, as main tells it. */
export class LocalChecks {
  #progress = $state.raw<CheckProgress | null>(null);
  /** What was found is shown until somebody has taken note. */
  #isNoted = $state(false);

  get progress(): CheckProgress {
    return this.#progress ?? atRest;
  }

  get isRunning(): boolean {
    return this.progress.waiting.count > 0;
  }

  /** What the checks found that are over, and nobody has taken note of. */
  get news(): CheckTally | null {
    const { found } = this.progress;
    const isSomething = Object.values(found).some((count) => count > 0);
    return this.isRunning || this.#isNoted || !isSomething ? null : found;
  }

  takeNote(): void {
    this.#isNoted = true;
  }

  /** Resolves to the failure of the question, or to null. */
  async connect(bridge: Bridge): Promise<Failure | null> {
    bridge.on('checks:changed', (progress) => {
      this.#progress = progress;
      this.#isNoted = false;
    });
    const reply = await bridge.invoke('checks:progress', {});
    if (!reply.ok) return reply.failure;
    this.#progress ??= reply.value;
    return null;
  }
}

import type { Events } from '../shared/contract.ts';
import { SECOND } from '../shared/units.ts';
import type { Clock } from './core/ports.ts';
import type { Runner } from './core/runner.ts';
import type { Guard } from './feed.ts';
import type { UploadStore } from './store/uploads.ts';

const TICK_MS = SECOND / 4;

/** Tells four times a second what is on the wire, while something is. */
export class ProgressTicker {
  readonly #timer: NodeJS.Timeout;
  #wasEmpty = true;

  constructor(
    { live, parallelism }: Pick<Runner, 'live' | 'parallelism'>,
    uploads: UploadStore,
    clock: Pick<Clock, 'now'>,
    emit: (progress: Events['uploads:progress']) => void,
    guard: Guard,
  ) {
    const tick = (): void => {
      const progress = live.tick(clock.now(), (id) => uploads.get(id));
      const isEmpty = progress.uploads.length === 0;
      // The last look, with nothing in it, clears what was shown.
      if (!isEmpty || !this.#wasEmpty) {
        const bytesLeft = isEmpty ? 0 : uploads.bytesLeft();
        const remainingMs = progress.rate === null || progress.rate < 1 ? null : (bytesLeft / progress.rate) * SECOND;
        emit({ ...progress, remainingMs, slowedDown: !isEmpty && parallelism.isLowered() });
      }
      this.#wasEmpty = isEmpty;
    };
    this.#timer = setInterval(() => {
      guard(tick);
    }, TICK_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

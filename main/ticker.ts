import type { RetrievalsProgress, TotalProgress } from '../shared/contract.ts';
import type { RetrievalId } from '../shared/retrieval.ts';
import { SECOND } from '../shared/units.ts';
import type { Live } from './core/live.ts';
import type { Clock } from './core/ports.ts';
import type { Runner } from './core/runner.ts';
import type { Guard } from './feed.ts';
import type { RetrievalStore } from './store/retrievals.ts';
import type { UploadStore } from './store/uploads.ts';

const TICK_MS = SECOND / 4;

/** Tells four times a second what is on the wire, while something is. */
export class ProgressTicker<Progress> {
  readonly #timer: NodeJS.Timeout;
  #wasEmpty = true;

  constructor(look: () => { progress: Progress; isEmpty: boolean }, emit: (progress: Progress) => void, guard: Guard) {
    const tick = (): void => {
      const { progress, isEmpty } = look();
      // The last look, with nothing in it, clears what was shown.
      if (!isEmpty || !this.#wasEmpty) emit(progress);
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

export function lookAtUploads(
  { live, parallelism }: Pick<Runner, 'live' | 'parallelism'>,
  uploads: UploadStore,
  clock: Pick<Clock, 'now'>,
): { progress: TotalProgress; isEmpty: boolean } {
  const { items, rate } = live.tick(clock.now(), (id) => {
    const upload = uploads.get(id);
    return upload && { size: upload.size, settledBytes: upload.uploadedBytes };
  });
  const isEmpty = items.length === 0;
  const remainingMs = isEmpty ? null : timeFor(uploads.bytesLeft(), rate);
  const slowedDown = !isEmpty && parallelism.isLowered();
  const moving = items.map(({ bytes, ...item }) => ({ ...item, sentBytes: bytes }));
  return { progress: { uploads: moving, rate, remainingMs, slowedDown }, isEmpty };
}

export function lookAtRetrievals(
  live: Live<RetrievalId>,
  retrievals: RetrievalStore,
  clock: Pick<Clock, 'now'>,
): { progress: RetrievalsProgress; isEmpty: boolean } {
  const { items, rate } = live.tick(clock.now(), (id) => {
    const retrieval = retrievals.get(id);
    return retrieval && { size: retrieval.size, settledBytes: retrieval.receivedBytes };
  });
  const isEmpty = items.length === 0;
  const remainingMs = isEmpty ? null : timeFor(retrievals.bytesLeft(), rate);
  const moving = items.map(({ bytes, ...item }) => ({ ...item, receivedBytes: bytes }));
  return { progress: { retrievals: moving, rate, remainingMs }, isEmpty };
}

function timeFor(bytesLeft: number, rate: number | null): number | null {
  return rate === null || rate < 1 ? null : (bytesLeft / rate) * SECOND;
}

import type { RetrievalsProgress, TotalProgress } from '../../shared/contract.ts';
import type { RetrievalId } from '../../shared/retrieval.ts';
import { SECOND } from '../../shared/units.ts';
import type { Left, Live } from '../core/live.ts';
import type { Clock } from '../core/ports.ts';
import type { UploadWorker } from '../uploads/worker.ts';
import type { Guard } from './feed.ts';
import type { RetrievalStore } from '../store/retrievals.ts';
import type { UploadStore } from '../store/uploads.ts';

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
  { live, parallelism }: Pick<UploadWorker, 'live' | 'parallelism'>,
  uploads: Pick<UploadStore, 'get' | 'left'>,
  clock: Pick<Clock, 'now'>,
): { progress: TotalProgress; isEmpty: boolean } {
  const { items, rate, finishedRate } = live.tick(clock.now(), (id) => {
    const upload = uploads.get(id);
    return upload && { size: upload.size, settledBytes: upload.uploadedBytes };
  });
  const isEmpty = items.length === 0;
  const remainingMs = isEmpty ? null : timeFor(uploads.left(), rate, finishedRate);
  const slowedDown = !isEmpty && parallelism.isLowered();
  const moving = items.map(({ bytes, ...item }) => ({ ...item, sentBytes: bytes }));
  return { progress: { uploads: moving, rate, remainingMs, slowedDown }, isEmpty };
}

export function lookAtRetrievals(
  live: Live<RetrievalId>,
  retrievals: Pick<RetrievalStore, 'get' | 'left'>,
  clock: Pick<Clock, 'now'>,
): { progress: RetrievalsProgress; isEmpty: boolean } {
  const { items, rate, finishedRate } = live.tick(clock.now(), (id) => {
    const retrieval = retrievals.get(id);
    return retrieval && { size: retrieval.size, settledBytes: retrieval.receivedBytes };
  });
  const isEmpty = items.length === 0;
  const remainingMs = isEmpty ? null : timeFor(retrievals.left(), rate, finishedRate);
  const moving = items.map(({ bytes, ...item }) => ({ ...item, receivedBytes: bytes }));
  return { progress: { retrievals: moving, rate, remainingMs }, isEmpty };
}

/** Small files take their time whatever their bytes are, large ones by their bytes: the slower of both counts. */
function timeFor(left: Left, rate: number | null, finishedRate: number | null): number | null {
  if (rate === null || rate < 1) return null;
  const byFiles = finishedRate === null ? 0 : left.files / finishedRate;
  return Math.max(left.bytes / rate, byFiles) * SECOND;
}

import type { UploadId } from '../../shared/upload.ts';
import type { Upload } from '../core/store-ports.ts';

/**
 * When the last unanswered initiate of each upload ended, by this computer's clock: from then on no asker is left, and
 * soon what was asked for is either listed or will never be.
 */
export class LostInitiates {
  readonly #begunAt: number;
  readonly #ends = new Map<UploadId, number>();

  constructor(now: number) {
    this.#begunAt = now;
  }

  ended(id: UploadId, now: number): void {
    this.#ends.set(id, now);
  }

  /** It is known by now what became of it. */
  clear(id: UploadId): void {
    this.#ends.delete(id);
  }

  /** Of an earlier life: at the latest when its back-off was over, or when this life began. */
  endOf({ id, hold }: Pick<Upload, 'id' | 'hold'>): number {
    const end = this.#ends.get(id) ?? (hold?.kind === 'backoff' ? hold.until : this.#begunAt);
    this.#ends.set(id, end);
    return end;
  }
}

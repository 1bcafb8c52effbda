import type { UploadId } from '../../shared/upload.ts';

/**
 * When the last unanswered initiate of each upload ended, by this computer's clock: from then on no asker is left, and
 * soon what was asked for is either listed or will never be. Those of an earlier life ended at the latest when this one began.
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

  endOf(id: UploadId): number {
    return this.#ends.get(id) ?? this.#begunAt;
  }
}

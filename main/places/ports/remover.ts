import type { Result } from '../../../shared/result.ts';
import type { ArchiveId } from '../../../shared/upload.ts';

export type Removal = { archiveId: ArchiveId; result: Result<null> };

/** Deletes for good. */
export interface Remover {
  /** How many one request takes. */
  readonly mostAtOnce: number;
  /** An archive that is younger is billed for the rest of this time. */
  readonly leastBilledMs: number;
  /** The service's time, milliseconds since 1970. */
  now(): number;
  /**
   * Exactly these and no others, each with its own answer. Idempotent: what is gone, or never was in this place, counts as
   * deleted. A failure of the whole says nothing about any.
   */
  remove(archives: readonly ArchiveId[], signal: AbortSignal): Promise<Result<Removal[]>>;
}

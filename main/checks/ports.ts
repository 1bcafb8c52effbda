import type { Archive } from '../../shared/archive.ts';
import type { LocalCheck } from '../../shared/local-check.ts';

/** Archives that are to be checked against their local files, in order; on disk when a method returns. */
export interface CheckQueue {
  /** What comes next. */
  due(limit: number): string[];
  isWaiting(id: string): boolean;
  /** The archive as the catalogue knows it now; null when it is gone. */
  archiveOf(id: string): Archive | null;
  /** Keeps what was found and takes the check off the queue. */
  record(id: string, check: LocalCheck): void;
  /** Takes it off without an answer. */
  drop(id: string): void;
}

import type { Archive } from '../../shared/archive.ts';
import type { HoldEvent } from '../../shared/hold.ts';
import type { LocalCheck } from '../../shared/local-check.ts';
import type { SourceFiles } from '../core/ports.ts';
import type { TaskContext, TaskKind } from '../core/task-runner.ts';
import { checkFile } from './check-file.ts';
import type { CheckQueue } from './ports.ts';

export type CheckPorts = {
  checks: CheckQueue;
  files: SourceFiles;
  /** Hears how far the reading of a file has come. */
  onHashed: (archive: Archive, bytes: number) => void;
  /** Hears of each answer after its commit. */
  onChecked: (archive: Archive, check: LocalCheck) => void;
};

/**
 * Reads files again, one after the other, and keeps what was found. Whatever keeps a file from being read is an answer, so
 * nothing is ever held; a check that was interrupted begins its file anew.
 */
export function checkKind({ checks, files, onHashed, onChecked }: CheckPorts): TaskKind {
  const record = (id: string, archive: Archive, check: LocalCheck): void => {
    checks.record(id, check);
    onChecked(archive, check);
  };
  return {
    name: 'check',
    // One file at a time is the quickest way to read a disk.
    parallel: () => 1,
    due: (_now, limit) => checks.due(limit),
    nextDue: () => null,
    state: (id) => (checks.isWaiting(id) ? { accountId: null, hold: null } : null),
    async advance(id, { clock, softSignal }: TaskContext) {
      const archive = checks.archiveOf(id);
      if (archive === null) {
        checks.drop(id);
        return null;
      }
      onHashed(archive, 0);
      const outcome = await checkFile(archive, {
        files,
        signal: softSignal,
        onHashed: (bytes) => {
          onHashed(archive, bytes);
        },
      });
      record(id, archive, { checkedAt: clock.now(), outcome });
      return null;
    },
    hold(id, event: HoldEvent & { at: number }) {
      const archive = event.kind === 'rejected' ? checks.archiveOf(id) : null;
      if (event.kind !== 'rejected' || archive === null) return;
      record(id, archive, { checkedAt: event.at, outcome: { kind: 'unreadable', failure: event.failure } });
    },
  };
}

import type { Archive } from '../../shared/archive.ts';
import type { CheckOutcome, LocalCheck } from '../../shared/local-check.ts';
import { isAbort } from '../engine/abort.ts';
import type { Clock } from '../engine/clock.ts';
import type { Worker } from '../engine/worker.ts';
import { toFailure } from '../core/failure.ts';
import type { SourceFiles } from '../core/ports.ts';
import { checkFile } from './check-file.ts';
import { fileCheckKind } from './file-check-kind.ts';
import type { FileCheckStore } from './file-check-store.ts';

export type FileCheckPorts = {
  store: FileCheckStore;
  files: SourceFiles;
  clock: Clock;
  /** Hears how far the reading of a file has come. */
  onHashed: (archive: Archive, bytes: number) => void;
  /** Hears of each answer after its commit. */
  onChecked: (archive: Archive, check: LocalCheck) => void;
  /** Hears when nothing is left to check. */
  onEnd: () => void;
};

/**
 * Reads files again, one after the other, and keeps what was found. Whatever keeps a file from being read is an answer, so
 * nothing is ever held; a check that was interrupted begins its file anew.
 */
export function fileCheckWorker({ store, files, clock, onHashed, onChecked, onEnd }: FileCheckPorts): Worker {
  const outcomeOf = async (archive: Archive, signal: AbortSignal): Promise<CheckOutcome> => {
    const hashed = (bytes: number): void => {
      onHashed(archive, bytes);
    };
    hashed(0);
    try {
      return await checkFile(archive, { files, signal, onHashed: hashed });
    } catch (error) {
      if (isAbort(error, signal)) throw error;
      return { kind: 'unreadable', failure: toFailure(error) };
    }
  };
  return {
    kind: fileCheckKind.name,
    async step(id, { softSignal }) {
      const waiting = store.next(id);
      if (!waiting) {
        store.end(id, clock.now());
        onEnd();
        return null;
      }
      const archive = store.archiveOf(waiting);
      const outcome = archive && (await outcomeOf(archive, softSignal));
      const check = outcome && { checkedAt: clock.now(), outcome };
      store.record(id, waiting, check);
      if (archive && check) onChecked(archive, check);
      return null;
    },
  };
}

import { isAccountFailure, isTransient } from '../../shared/failure.ts';
import { type Progress, type UploadId, canCancel, isFinal } from '../../shared/upload.ts';
import type { Clock } from '../core/ports.ts';
import type { Runner } from '../engine/runner.ts';
import type { UploadStore } from '../store/uploads.ts';
import type { UploadWorker } from './worker.ts';

export type CancelPorts = {
  uploads: UploadStore;
  runner: Pick<Runner, 'suspend'>;
  worker: Pick<UploadWorker, 'sweep' | 'lookAt'>;
  clock: Pick<Clock, 'now'>;
  /** Firn ends. */
  signal: AbortSignal;
};

/**
 * Cancels an upload, which goes on only while its last request has no answer. Hears out what runs first and asks about
 * an unanswered initiate: it would leave a multipart upload that nobody aborts. What only waits for a service that does not
 * let the account in is given up, with whatever it has left at Glacier; so is an abort that the service cannot be told of.
 * Nothing of the upload begins meanwhile.
 */
export async function cancelOne(id: UploadId, ports: CancelPorts): Promise<'over' | 'goes on'> {
  const { uploads, worker, clock, signal } = ports;
  const letGoOn = await ports.runner.suspend((task) => task.id === id);
  try {
    const unswept = await worker.sweep(id, signal);
    const isStuck = await cannotBeHeardOut(id, ports);
    const upload = uploads.get(id);
    if (!upload || isFinal(upload.phase)) return 'over';
    if (isStuck) {
      uploads.apply(id, { kind: 'given-up', at: clock.now() });
      return 'over';
    }
    if (upload.phase.kind === 'aborting') return 'over';
    if (!canCancel(upload) || (unswept !== null && isTransient(unswept))) return 'goes on';
    uploads.apply(id, { kind: 'cancelled', at: clock.now() });
    return 'over';
  } finally {
    letGoOn();
  }
}

/**
 * Whether the last answer does not come, as far as anybody knows. It is asked for, because the account may not have been used
 * since Firn was started: a command that cancels has just begun, and in a paused queue nothing runs.
 */
async function cannotBeHeardOut(id: UploadId, { uploads, worker, signal }: CancelPorts): Promise<boolean> {
  const phase = uploads.get(id)?.phase.kind;
  if (phase !== 'completing' && phase !== 'aborting') return false;
  const problem = await worker.lookAt(id, signal);
  return problem !== null && (isAccountFailure(problem) || (phase === 'aborting' && problem.kind === 'offline'));
}

/** Whether a multipart upload was asked for and nobody knows whether there is one. */
export function hasUnansweredInitiate({ phase }: Progress): boolean {
  return phase.kind === 'queued' && phase.initiateAskedAt !== null;
}

import { isAccountFailure, isTransient } from '../../shared/failure.ts';
import { type Progress, type UploadId, canCancel, isFinal } from '../../shared/upload.ts';
import type { Clock } from '../core/ports.ts';
import type { Runner } from './runner.ts';
import type { UploadStore } from '../store/uploads.ts';

type Ports = { uploads: UploadStore; runner: Runner; clock: Pick<Clock, 'now'> };

/**
 * Cancels an upload, which goes on only while its last request has no answer. Hears out what runs first and asks about
 * an unanswered initiate: it would leave a multipart upload that nobody aborts. What only waits for a service that does not
 * let the account in is given up, with whatever it has left at Glacier; so is an abort that the service cannot be told of.
 */
export async function cancelOne(id: UploadId, ports: Ports): Promise<'over' | 'goes on'> {
  const { uploads, runner, clock } = ports;
  const isPausedForIt = pauseIfBusy(id, ports);
  await runner.settle(id);
  const unswept = await runner.sweep(id);
  const isStuck = await cannotBeHeardOut(id, ports);
  if (isStuck) await runner.settle(id);
  const upload = uploads.get(id);
  if (!upload || isFinal(upload.phase)) return 'over';
  if (isStuck && !runner.isRunning(id)) {
    uploads.apply(id, { kind: 'given-up', at: clock.now() });
    return 'over';
  }
  if (upload.phase.kind === 'aborting') return 'over';
  if (canCancel(upload) && (unswept === null || !isTransient(unswept))) {
    uploads.apply(id, { kind: 'cancelled', at: clock.now() });
    return 'over';
  }
  if (isPausedForIt && upload.hold?.kind === 'paused') uploads.apply(id, { kind: 'resumed', at: clock.now() });
  return 'goes on';
}

/**
 * Whether the last answer does not come, as far as anybody knows. It is asked for, because the account may not have been used
 * since Firn was started: a command that cancels has just begun, and in a paused queue nothing runs.
 */
async function cannotBeHeardOut(id: UploadId, { uploads, runner }: Ports): Promise<boolean> {
  const phase = uploads.get(id)?.phase.kind;
  if (phase !== 'completing' && phase !== 'aborting') return false;
  const problem = await runner.lookAt(id);
  return problem !== null && (isAccountFailure(problem) || (phase === 'aborting' && problem.kind === 'offline'));
}

/** Whether a multipart upload was asked for and nobody knows whether there is one. */
export function hasUnansweredInitiate({ phase }: Progress): boolean {
  return phase.kind === 'queued' && phase.initiateAskedAt !== null;
}

/** So that it does not begin again before its last request is heard out. False when there was nothing to pause. */
function pauseIfBusy(id: UploadId, { uploads, runner, clock }: Ports): boolean {
  const upload = uploads.get(id);
  if (!upload || isFinal(upload.phase)) return false;
  if (upload.phase.kind === 'aborting' || upload.hold?.kind === 'paused') return false;
  const mayBegin = runner.isStarted && hasUnansweredInitiate(upload);
  if (!mayBegin && !runner.isRunning(id)) return false;
  uploads.apply(id, { kind: 'paused', at: clock.now() });
  return true;
}

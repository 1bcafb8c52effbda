import { isTransient } from '../../shared/failure.ts';
import { type Progress, type UploadId, canCancel, isFinal } from '../../shared/upload.ts';
import type { Clock } from '../core/ports.ts';
import type { Runner } from './runner.ts';
import type { Upload } from '../core/store-ports.ts';
import type { UploadStore } from '../store/uploads.ts';

type Ports = { uploads: UploadStore; runner: Runner; clock: Pick<Clock, 'now'> };

/**
 * Cancels an upload, which goes on only while its last request has no answer. Hears out what runs first and asks about
 * an unanswered initiate: it would leave a multipart upload that nobody aborts. What only waits for an account that cannot
 * sign in is given up, with whatever it has left at Glacier.
 */
export async function cancelOne(id: UploadId, ports: Ports): Promise<'over' | 'goes on'> {
  const { uploads, runner, clock } = ports;
  const isPausedForIt = pauseIfBusy(id, ports);
  await runner.settle(id);
  const unswept = await runner.sweep(id);
  const upload = uploads.get(id);
  if (!upload || isFinal(upload.phase)) return 'over';
  if (isStuck(upload, runner)) {
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

/** Whether the last answer can never come, as far as anybody knows: the credentials of the account do not work. */
function isStuck({ phase, accountId }: Upload, { accounts }: Runner): boolean {
  return (phase.kind === 'completing' || phase.kind === 'aborting') && accounts.isWaiting(accountId);
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

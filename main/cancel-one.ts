import { type UploadId, canCancel, isFinal } from '../shared/upload.ts';
import type { Clock } from './core/ports.ts';
import type { Runner } from './core/runner.ts';
import type { UploadStore } from './store/uploads.ts';

type Ports = { uploads: UploadStore; runner: Runner; clock: Pick<Clock, 'now'> };

/**
 * Cancels an upload, which goes on only while Glacier's answer to complete is open. Hears out what runs first: an
 * initiate on its way would leave a multipart upload that nobody aborts.
 */
export async function cancelOne(id: UploadId, ports: Ports): Promise<'over' | 'goes on'> {
  const { uploads, runner, clock } = ports;
  const isPausedForIt = pauseIfRunning(id, ports);
  await runner.settle(id);
  const upload = uploads.get(id);
  if (!upload || isFinal(upload.phase) || upload.phase.kind === 'aborting') return 'over';
  if (canCancel(upload)) {
    uploads.apply(id, { kind: 'cancelled', at: clock.now() });
    return 'over';
  }
  if (isPausedForIt && upload.hold?.kind === 'paused') uploads.apply(id, { kind: 'resumed', at: clock.now() });
  return 'goes on';
}

/** So that it does not begin again once it has been heard out. False when there was nothing to pause. */
function pauseIfRunning(id: UploadId, { uploads, runner, clock }: Ports): boolean {
  const upload = uploads.get(id);
  if (!upload || !runner.isRunning(id) || isFinal(upload.phase)) return false;
  if (upload.phase.kind === 'aborting' || upload.hold?.kind === 'paused') return false;
  uploads.apply(id, { kind: 'paused', at: clock.now() });
  return true;
}

import { printable } from '../../shared/failure.ts';
import type { ChoreId } from '../../shared/chore.ts';
import type { RetrievalId } from '../../shared/retrieval.ts';
import { type UploadId, type UploadView, isFinal, mayBeStored } from '../../shared/upload.ts';
import { describeLoss } from '../../shared/words.ts';
import type { App } from '../open.ts';
import { changeChore } from './change-chore.ts';
import { changeRetrieval } from './change-retrieval.ts';
import type { ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';
import { watchUntilSettled } from './watch.ts';

type Change = 'pause' | 'resume' | 'cancel';

/** Pauses, resumes or cancels whatever has this ID. */
export async function changeOne(app: App, kind: Change, id: string, output: Output): Promise<ExitCode> {
  const upload = app.uploads.get(id as UploadId);
  if (upload) return changeUpload(app, kind, upload, output);
  if (app.retrievalStore.get(id as RetrievalId)) return changeRetrieval(app, kind, id as RetrievalId, output);
  const chore = app.deleting.detail(id as ChoreId);
  if (chore.ok) return changeChore(app, kind, chore.value.chore, output);
  output.failure({ kind: 'not-found', what: `The upload, retrieval or deletion ${printable(id)}` });
  return 1;
}

async function changeUpload(app: App, kind: Change, upload: UploadView, output: Output): Promise<ExitCode> {
  const { id, path, phase } = upload;
  if (isFinal(phase)) {
    output.problem(`${printable(path)}: it is over already.`);
    return 1;
  }
  if (kind === 'cancel') return cancelUpload(app, upload, output);
  if (kind === 'pause' && phase.kind === 'aborting') {
    output.problem(`${printable(path)} is being cancelled; that cannot be paused.`);
    return 1;
  }
  if (kind === 'pause') await app.queue.pause([id]);
  else await app.queue.resume([id]);
  output.event({ event: `${kind}d`, id, path }, `${kind === 'pause' ? 'Paused' : 'Resumed'} ${printable(path)}`);
  return 0;
}

/** Runs until the multipart upload is aborted at Glacier, too. */
async function cancelUpload(app: App, upload: UploadView, output: Output): Promise<ExitCode> {
  const { id } = upload;
  const { waiting } = await app.queue.cancel([id]);
  if (waiting > 0) {
    output.problem('It cannot be cancelled now: the answer to its last request is still open. "firn run" settles it.');
    return 1;
  }
  const isCancelled = await watchUntilSettled(app, [id], output);
  if (isCancelled && mayBeStored(upload)) output.note(describeLoss(upload));
  return isCancelled ? 0 : 1;
}

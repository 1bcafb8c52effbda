import { canCancel, isFinal, type UploadView } from '../../shared/upload.ts';
import { describeLoss } from '../../shared/words.ts';
import { fileName } from '../parts/path.ts';
import { findFile } from './find-file.ts';
import type { Model } from './model.svelte.ts';

export type UploadAction = 'find' | 'pause' | 'resume' | 'try-now' | 'retry' | 'start-over' | 'reveal' | 'cancel';

/** What can be done with an upload in its state, the most likely first. `waits`: its account cannot sign in. */
export function actionsFor(upload: UploadView, waits: boolean): UploadAction[] {
  const actions: UploadAction[] = [];
  const { phase, hold } = upload;
  if (!isFinal(phase)) {
    if (hold?.kind === 'backoff' && hold.failure.kind === 'source-missing') actions.push('find');
    if (hold?.kind === 'failed') actions.push('retry');
    else if (hold?.kind === 'paused') actions.push('resume');
    else if (hold?.kind === 'backoff')
      actions.push('try-now', ...(phase.kind === 'aborting' ? [] : ['pause' as const]));
    else if (phase.kind === 'queued' || phase.kind === 'uploading' || phase.kind === 'unconfirmed')
      actions.push('pause');
    if (hold?.kind === 'failed' && canCancel(upload)) actions.push('start-over');
  }
  actions.push('reveal');
  const canGiveUp =
    phase.kind === 'aborting' ? waits || hold?.kind === 'backoff' : waits && phase.kind === 'completing';
  if (canCancel(upload) || canGiveUp) actions.push('cancel');
  return actions;
}

export const actionNames: Record<UploadAction, string> = {
  find: 'Find…',
  pause: 'Pause',
  resume: 'Resume',
  'try-now': 'Try now',
  retry: 'Retry',
  'start-over': 'Start over',
  reveal: 'Show in folder',
  cancel: 'Cancel upload',
};

/** P pauses or goes on, Delete cancels; null for other keys and for what the upload cannot do. */
export function actionForKey(
  { key, ctrlKey, metaKey, altKey }: KeyboardEvent,
  upload: UploadView,
  waits: boolean,
): UploadAction | null {
  if (ctrlKey || metaKey || altKey) return null;
  const can = actionsFor(upload, waits);
  if (key === 'Delete' || key === 'Backspace') return can.includes('cancel') ? 'cancel' : null;
  if (key.toLowerCase() !== 'p') return null;
  return can.find((action) => action === 'pause' || action === 'resume' || action === 'retry') ?? null;
}

export async function act(model: Model, action: UploadAction, upload: UploadView): Promise<void> {
  const { id } = upload;
  switch (action) {
    case 'pause':
      await model.run('uploads:pause', { which: [id] });
      return;
    case 'resume':
    case 'try-now':
    case 'retry':
      await model.run('uploads:resume', { which: [id] });
      return;
    case 'find':
      return findFile(model, { upload: id });
    case 'reveal':
      await model.run('file:reveal', { id });
      return;
    case 'start-over':
      return startOver(model, upload);
    case 'cancel':
      return cancel(model, upload);
  }
}

async function cancel(model: Model, upload: UploadView): Promise<void> {
  const yes = await model.confirmation.ask({
    title: `Cancel the upload of ${fileName(upload.path)}?`,
    text: `${describeLoss(upload)} The file on your disk stays as it is.`,
    action: 'Cancel upload',
    keep: 'Keep it',
  });
  if (!yes) return;
  const answer = await model.run('uploads:cancel', { which: [upload.id] });
  if (answer && answer.waiting > 0) {
    model.messages.tell(
      'It could not be cancelled.',
      'Amazon has not answered its last request yet. Cancel it again when it has.',
    );
  }
}

async function startOver(model: Model, upload: UploadView): Promise<void> {
  const yes = await model.confirmation.ask({
    title: `Start over with ${fileName(upload.path)}?`,
    text: `${describeLoss(upload)} The file is then added again as it is now.`,
    action: 'Start over',
    keep: 'Keep it',
  });
  if (!yes) return;
  const answer = await model.run('uploads:start-over', { id: upload.id });
  const [leftOut] = answer?.leftOut ?? [];
  if (leftOut) model.messages.warn(leftOut.failure);
}

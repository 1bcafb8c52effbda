import { type RetrievalView, asksAnew, isOver, mayHaveName } from '../../shared/retrieval.ts';
import { formatBytes } from '../../shared/units.ts';
import { fileName } from '../parts/path.ts';
import type { Model } from './model.svelte.ts';

export type RetrievalAction =
  'keep-both' | 'replace' | 'retry' | 'try-now' | 'relocate' | 'resume' | 'pause' | 'reveal' | 'cancel';

/** What can be done with a retrieval in its state, the most likely first. */
export function retrievalActions(retrieval: RetrievalView): RetrievalAction[] {
  const actions: RetrievalAction[] = [];
  const { phase, hold } = retrieval;
  if (!isOver(phase)) {
    if (hold?.kind === 'failed') actions.push(...answers(hold.failure.kind));
    else if (hold?.kind === 'paused') actions.push('resume');
    else if (hold?.kind === 'backoff' && hold.failure.kind === 'target-missing')
      actions.push('try-now', 'relocate', 'pause');
    else if (hold?.kind === 'backoff') actions.push('try-now', 'pause');
    else actions.push('pause');
  }
  actions.push('reveal');
  if (!isOver(phase)) actions.push('cancel');
  return actions;
}

function answers(failure: string): RetrievalAction[] {
  return failure === 'target-exists' ? ['keep-both', 'replace'] : ['retry'];
}

export const retrievalActionNames: Record<RetrievalAction, string> = {
  'keep-both': 'Keep both',
  replace: 'Replace',
  retry: 'Retry',
  'try-now': 'Look now',
  relocate: 'Show where it is…',
  resume: 'Resume',
  pause: 'Pause',
  reveal: 'Show in folder',
  cancel: 'Cancel retrieval',
};

/** P pauses or goes on, Delete cancels; null for other keys and for what the retrieval cannot do. */
export function retrievalActionForKey(event: KeyboardEvent, retrieval: RetrievalView): RetrievalAction | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const can = retrievalActions(retrieval);
  if (event.key === 'Delete' || event.key === 'Backspace') return can.includes('cancel') ? 'cancel' : null;
  if (event.key.toLowerCase() !== 'p') return null;
  return can.find((action) => action === 'pause' || action === 'resume' || action === 'retry') ?? null;
}

export async function actOnRetrieval(model: Model, action: RetrievalAction, retrieval: RetrievalView): Promise<void> {
  const { id } = retrieval;
  switch (action) {
    case 'pause':
      await model.run('retrievals:pause', { which: [id] });
      return;
    case 'resume':
    case 'try-now':
    case 'retry':
      await model.run('retrievals:resume', { which: [id] });
      return;
    case 'relocate':
      return relocate(model, id);
    case 'keep-both':
      await model.run('retrievals:answer-existing', { which: [id], answer: 'keep-both' });
      return;
    case 'replace':
      return replace(model, retrieval);
    case 'reveal':
      await model.run('retrievals:reveal', { id });
      return;
    case 'cancel':
      return cancel(model, retrieval);
  }
}

/** All retrievals into the same folder go on in the one that is chosen. */
async function relocate(model: Model, id: RetrievalView['id']): Promise<void> {
  const folder = await model.run('retrievals:choose-folder', {});
  if (folder) await model.run('retrievals:relocate', { which: [id], folderId: folder.id });
}

async function replace(model: Model, { id, relativePath, folder }: RetrievalView): Promise<void> {
  const yes = await model.confirmation.ask({
    title: `Replace ${fileName(relativePath)}?`,
    text: `The file that has this name in ${folder} is lost; the archive takes its place.`,
    action: 'Replace',
    keep: 'Leave it',
  });
  if (yes) await model.run('retrievals:answer-existing', { which: [id], answer: 'replace' });
}

async function cancel(model: Model, retrieval: RetrievalView): Promise<void> {
  const yes = await model.confirmation.ask({
    title: `Cancel the retrieval of ${fileName(retrieval.relativePath)}?`,
    text: `${lossOf(retrieval)} The archive stays in its vault.`,
    action: 'Cancel retrieval',
    keep: 'Keep it',
  });
  if (!yes) return;
  await model.run('retrievals:cancel', { which: [retrieval.id] });
}

function lossOf(retrieval: RetrievalView): string {
  const { receivedBytes, size } = retrieval;
  if (mayHaveName(retrieval))
    return `${askedOf(retrieval)} The file was about to get its name: it may be in its folder, and stays there.`;
  if (receivedBytes === 0) return askedOf(retrieval);
  return `${askedOf(retrieval)} What is here, ${formatBytes(receivedBytes)} of ${formatBytes(size)}, is removed.`;
}

/** What was asked for before, and came to nothing, is queued again. */
function askedOf(retrieval: RetrievalView): string {
  const { phase, receivedBytes } = retrieval;
  if (phase.kind !== 'queued' || phase.asked !== null) return 'What Glacier was asked for is billed all the same.';
  return receivedBytes > 0 || asksAnew(retrieval)
    ? 'Glacier is not preparing it now.'
    : 'Nothing was asked of Glacier yet.';
}

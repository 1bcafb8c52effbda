import { type ChoreView, isOver } from '../../shared/chore.ts';
import type { Failure } from '../../shared/failure.ts';
import { formatCount, plural } from '../../shared/words.ts';
import { formatDateTime } from '../parts/dates.ts';
import type { Model } from './model.svelte.ts';

export type ChoreAction = 'widen' | 'retry' | 'try-now' | 'resume' | 'pause' | 'cancel' | 'clear';

/** What can be done with a chore in its state, the most likely first. */
export function choreActions(chore: ChoreView): ChoreAction[] {
  const { hold, failed, phase } = chore;
  if (isOver(chore)) return failed > 0 && phase === 'done' ? ['retry', 'clear'] : ['clear'];
  switch (hold?.kind) {
    case 'failed':
      return hold.failure.kind === 'vault-in-use' ? ['widen', 'retry', 'cancel'] : ['retry', 'cancel'];
    case 'paused':
      return ['resume', 'cancel'];
    case 'backoff':
      return ['try-now', 'pause', 'cancel'];
    case undefined:
      return ['pause', 'cancel'];
  }
}

export const choreActionNames: Record<ChoreAction, string> = {
  widen: 'Delete also what came since',
  retry: 'Retry',
  'try-now': 'Look now',
  resume: 'Resume',
  pause: 'Pause',
  cancel: 'Cancel deletion',
  clear: 'Clear',
};

/** P pauses or goes on, Delete cancels, or clears what is over; null for other keys and for what cannot be done. */
export function choreActionForKey(event: KeyboardEvent, chore: ChoreView): ChoreAction | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const wanted: readonly ChoreAction[] =
    event.key === 'Delete' || event.key === 'Backspace'
      ? ['cancel', 'clear']
      : event.key.toLowerCase() === 'p'
        ? ['pause', 'resume', 'retry']
        : [];
  return choreActions(chore).find((action) => wanted.includes(action)) ?? null;
}

export async function actOnChore(model: Model, action: ChoreAction, chore: ChoreView): Promise<void> {
  const { id } = chore;
  switch (action) {
    case 'pause':
      await model.run('chores:pause', { id });
      return;
    case 'resume':
    case 'try-now':
    case 'retry':
      await model.run('chores:resume', { id });
      return;
    case 'clear':
      await model.run('chores:clear', { ids: [id] });
      return;
    case 'widen':
      return widen(model, chore);
    case 'cancel':
      return cancel(model, chore);
  }
}

async function widen(model: Model, { id, vault, hold }: ChoreView): Promise<void> {
  const failure = hold?.kind === 'failed' ? hold.failure : null;
  if (failure?.kind !== 'vault-in-use') return;
  const yes = await model.confirmation.ask({
    title: `Delete also what was put into ${vault} since?`,
    text: `${sinceThen(failure)} They are deleted as well; what comes later is not. Nobody can bring it back.`,
    action: 'Delete it as well',
    keep: 'Keep it',
  });
  if (yes) await model.run('emptying:widen', { id, newestAt: failure.newestAt });
}

function sinceThen(failure: Extract<Failure, { kind: 'vault-in-use' }>): string {
  return `${plural(failure.archives, 'archive')} came since Firn began to empty it, the last one on ${formatDateTime(failure.newestAt)}.`;
}

async function cancel(model: Model, chore: ChoreView): Promise<void> {
  const { id, deleted, total, kind, vault } = chore;
  const gone =
    deleted === 0
      ? 'Nothing is deleted yet.'
      : `What is deleted stays deleted: ${plural(deleted, 'archive')} of ${formatCount(Math.max(total, deleted))}.`;
  const yes = await model.confirmation.ask({
    title: kind === 'emptying' ? `Stop emptying ${vault}?` : `Stop deleting archives from ${vault}?`,
    text: `${gone} ${kind === 'emptying' ? 'The vault and the rest of it stay.' : 'The rest stays in the vault.'}`,
    action: 'Cancel deletion',
    keep: 'Go on deleting',
  });
  if (yes) await model.run('chores:cancel', { id });
}

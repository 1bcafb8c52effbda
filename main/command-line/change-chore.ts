import { choreTitle } from '../../shared/chore-words.ts';
import { type ChoreView, isOver } from '../../shared/chore.ts';
import type { App } from '../open.ts';
import type { ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';

/** Pauses, resumes or cancels a deletion or an emptying, without letting anything run. */
export async function changeChore(
  { deleting }: App,
  kind: 'pause' | 'resume' | 'cancel',
  chore: ChoreView,
  output: Output,
): Promise<ExitCode> {
  const { id } = chore;
  if (isOver(chore) && !(kind === 'resume' && chore.failed > 0)) {
    output.problem(`${choreTitle(chore)}: it is over already.`);
    return 1;
  }
  if (kind === 'pause') await deleting.pause(id);
  else if (kind === 'cancel') await deleting.cancel(id);
  else deleting.resume(id);
  const event = ({ pause: 'paused', resume: 'resumed', cancel: 'cancelled' } as const)[kind];
  const note = kind === 'cancel' ? '. What was deleted stays deleted.' : '';
  output.event({ event, id, kind: chore.kind, vault: chore.vault }, `${choreTitle(chore)}: ${event}${note}`);
  return 0;
}

import { printable } from '../../shared/failure.ts';
import { type RetrievalId, isOver } from '../../shared/retrieval.ts';
import type { App } from '../open.ts';
import type { ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';

/** Pauses, resumes or cancels one retrieval, without letting anything run. */
export async function changeRetrieval(
  { retrievals, retrievalStore }: App,
  kind: 'pause' | 'resume' | 'cancel',
  id: RetrievalId,
  output: Output,
): Promise<ExitCode> {
  const retrieval = retrievalStore.get(id);
  const name = printable(retrieval?.relativePath ?? id);
  if (!retrieval || isOver(retrieval.phase)) {
    output.problem(`${name}: it is over already.`);
    return 1;
  }
  if (kind === 'cancel') {
    const { waiting } = await retrievals.cancel([id]);
    if (waiting > 0) {
      output.problem('It cannot be cancelled now: its file is about to get its name. "firn run" settles it.');
      return 1;
    }
    output.event({ event: 'cancelled', id }, `Cancelled ${name}`);
    return 0;
  }
  if (kind === 'pause') await retrievals.pause([id]);
  else retrievals.resume([id]);
  output.event({ event: `${kind}d`, id }, `${kind === 'pause' ? 'Paused' : 'Resumed'} ${name}`);
  return 0;
}

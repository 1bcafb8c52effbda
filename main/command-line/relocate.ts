import { printable } from '../../shared/failure.ts';
import { isOver } from '../../shared/retrieval.ts';
import { plural } from '../../shared/words.ts';
import type { App } from '../open.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';

/** Retrievals into a folder that is at another path now, as of a drive that came back under another name, go on there. */
export async function relocate(
  { retrievals, retrievalStore }: App,
  { from, to }: { from: string; to: string },
  output: Output,
): Promise<ExitCode> {
  const ids = retrievalStore
    .inFolder(from)
    .filter(({ phase }) => !isOver(phase))
    .map(({ id }) => id);
  if (ids.length === 0) return output.refusal(EXIT.failed, `Nothing is being retrieved into ${printable(from)}.`);
  const moved = await retrievals.relocate(ids, to);
  if (!moved.ok) return output.failure(moved.failure);
  const words = `${plural(moved.value.moved, 'retrieval goes', 'retrievals go')} on in ${printable(to)}.`;
  output.event({ event: 'relocated', from, to, moved: moved.value.moved }, words);
  return EXIT.done;
}

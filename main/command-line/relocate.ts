import { printable } from '../../shared/failure.ts';
import { type Relocated, describeRelocated } from '../../shared/relocation.ts';
import { type Result, ok } from '../../shared/result.ts';
import { isOver } from '../../shared/retrieval.ts';
import { describeAmount, plural } from '../../shared/words.ts';
import type { App } from '../app/app.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';

type Move = { from: string; to: string };

/**
 * A folder is at another path now, as of a drive that came back under another name: its uploads, its archives in the
 * catalogue, and the retrievals into it go on there.
 */
export async function relocate(app: App, move: Move, output: Output): Promise<ExitCode> {
  const retrievals = await moveRetrievals(app, move);
  if (!retrievals.ok) return output.failure(retrievals.failure);
  const files = await moveFiles(app, move, output);
  if (!files.ok) return output.failure(files.failure);
  const { uploads, archives, missing, differing, twice } = files.value;
  const moved = retrievals.value;
  const found = uploads + archives + missing + differing + twice;
  if (moved + found === 0) {
    return output.refusal(
      EXIT.failed,
      `Firn knows of no file in ${printable(move.from)}, and retrieves nothing into it.`,
    );
  }
  const words = found > 0 ? describeRelocated(files.value) : [];
  if (moved > 0) words.push(`${plural(moved, 'retrieval goes', 'retrievals go')} on in ${printable(move.to)}.`);
  output.event({ event: 'relocated', ...move, retrievals: moved, ...files.value }, words.join('\n'));
  return missing + differing + twice === 0 ? EXIT.done : EXIT.failed;
}

/** How many go on in the new folder. */
async function moveRetrievals({ retrievals, retrievalStore }: App, { from, to }: Move): Promise<Result<number>> {
  const ids = retrievalStore
    .inFolder(from)
    .filter(({ phase }) => !isOver(phase))
    .map(({ id }) => id);
  if (ids.length === 0) return ok(0);
  const moved = await retrievals.relocate(ids, to);
  return moved.ok ? ok(moved.value.moved) : moved;
}

async function moveFiles(app: App, { from, to }: Move, output: Output): Promise<Result<Relocated>> {
  const stopTelling = app.on('adding:comparing', ({ path, size, hashed }) => {
    output.progress(`Comparing ${printable(path)}: ${describeAmount(hashed, size)}`);
  });
  try {
    return await app.relocation.move(from, to);
  } finally {
    stopTelling();
  }
}

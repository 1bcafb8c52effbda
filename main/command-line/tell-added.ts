import { printable } from '../../shared/failure.ts';
import type { Enqueued } from '../../shared/selection.ts';
import { formatBytes } from '../../shared/units.ts';
import { type Output, explainHere } from './output.ts';

/** Says what was queued and what was not. `known`: where what had been queued before is. */
export function tellAdded(enqueued: Enqueued, { what, known }: { what: string; known: string }, output: Output): void {
  const { added, bytes, alreadyThere, leftOutCount } = enqueued;
  tellLeftOut(enqueued, output);
  const before = alreadyThere > 0 ? `; ${alreadyThere} ${known}` : '';
  output.event(
    { event: 'added', added, bytes, alreadyThere, leftOut: leftOutCount },
    `Added ${what}, ${formatBytes(bytes)}${before}`,
  );
}

export function tellLeftOut(
  { leftOut, leftOutCount }: Pick<Enqueued, 'leftOut' | 'leftOutCount'>,
  output: Output,
): void {
  for (const { path, failure } of leftOut) {
    const message = explainHere(failure, null);
    output.event({ event: 'left-out', path, failure, message }, null);
    output.problem(`Left out ${printable(path)}: ${message}`);
  }
  if (leftOutCount > leftOut.length) output.problem(`… and ${leftOutCount - leftOut.length} more were left out.`);
}

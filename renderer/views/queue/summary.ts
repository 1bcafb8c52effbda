import { assertNever } from '../../../shared/assert.ts';
import { formatBytes, formatDuration } from '../../../shared/units.ts';
import { describeMinute, describeRate, describeRemaining, plural, type Standing } from '../../../shared/words.ts';
import type { Totals } from '../../state/queue.svelte.ts';

/** Why the whole queue waits. `expiry`: when the first upload loses what it sent, if any will. */
export type QueueWait = { kind: 'paused'; expiry: number | null; now: number } | { kind: 'scheduled'; opensAt: number };

/** The whole queue in one line. */
export function queueSummary(counts: Record<Standing | 'all', number>, totals: Totals, wait: QueueWait | null): string {
  const unfinished = counts.running + counts.waiting + counts['needs-you'];
  if (unfinished === 0) {
    return counts.stored > 0 ? `${plural(counts.stored, 'file')} stored, nothing left to do` : 'Nothing left to do';
  }
  const needing = counts['needs-you'];
  const words = [
    wait ? describeWait(wait) : null,
    totals.bytesLeft > 0 ? `${formatBytes(totals.bytesLeft)} to go` : null,
    ...(wait ? [] : describePace(totals)),
    needing > 0 ? `${plural(needing, 'upload')} ${needing === 1 ? 'needs' : 'need'} you` : null,
  ].filter((word) => word !== null);
  return words.length > 0 ? words.join(' · ') : `${plural(unfinished, 'upload')} in the queue`;
}

function describePace({ rate, remainingMs, slowedDown }: Totals): (string | null)[] {
  return [
    rate === null ? null : describeRate(rate),
    describeRemaining(remainingMs),
    slowedDown ? 'fewer parts at once, to suit the line; the part size cannot change' : null,
  ];
}

function describeWait(wait: QueueWait): string {
  switch (wait.kind) {
    case 'scheduled':
      return `Waiting until ${describeMinute(wait.opensAt)}, by your schedule`;
    case 'paused':
      if (wait.expiry === null || wait.expiry <= wait.now) return 'All uploads are paused';
      return `All uploads are paused; resume within ${formatDuration(wait.expiry - wait.now)} or the first starts over`;
    default:
      return assertNever(wait);
  }
}

import { formatBytes, formatDuration } from '../../../shared/units.ts';
import { describeRate, describeRemaining, plural, type Standing } from '../../../shared/words.ts';
import type { Totals } from '../../state/queue.svelte.ts';

/** When the queue is paused: the time at which the first upload loses what it sent, if any will. */
export type QueuePause = { expiry: number | null; now: number };

/** The whole queue in one line. */
export function queueSummary(
  counts: Record<Standing | 'all', number>,
  totals: Totals,
  pause: QueuePause | null,
): string {
  const unfinished = counts.running + counts.waiting + counts['needs-you'];
  if (unfinished === 0)
    return counts.stored > 0 ? `${plural(counts.stored, 'file')} stored, nothing left to do` : 'Nothing left to do';
  const words = [
    pause ? describeQueuePause(pause) : null,
    totals.bytesLeft > 0 ? `${formatBytes(totals.bytesLeft)} to go` : null,
    totals.rate === null || pause ? null : describeRate(totals.rate),
    pause ? null : describeRemaining(totals.remainingMs),
    counts.running === 0 && counts['needs-you'] > 0
      ? `${plural(counts['needs-you'], 'upload')} ${counts['needs-you'] === 1 ? 'needs' : 'need'} you`
      : null,
  ].filter((word) => word !== null);
  return words.length > 0 ? words.join(' · ') : `${plural(unfinished, 'upload')} in the queue`;
}

function describeQueuePause({ expiry, now }: QueuePause): string {
  if (expiry === null || expiry <= now) return 'All uploads are paused';
  return `All uploads are paused; resume within ${formatDuration(expiry - now)} or the first starts over`;
}

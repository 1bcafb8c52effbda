import { type Result, ok } from '../../../shared/result.ts';
import { DAY } from '../../../shared/units.ts';
import type { Remover } from '../../places/ports/remover.ts';
import { deleteArchive } from '../archives.ts';
import type { Client } from '../client.ts';

/** Younger archives are billed for the rest of it (Glacier's pricing page). */
const LEAST_BILLED_MS = 90 * DAY;

export function vaultRemover(client: Client, vault: string): Remover {
  return {
    mostAtOnce: 1,
    leastBilledMs: LEAST_BILLED_MS,
    now: () => client.now(),
    async remove(archives, signal) {
      const removals = [];
      for (const archiveId of archives) {
        const answer = await deleteArchive(client, { vault, archiveId }, signal);
        removals.push({ archiveId, result: isGone(answer) ? ok(null) : answer });
      }
      return ok(removals);
    },
  };
}

/** What is not there any more is deleted, and so is what never was in this vault: Glacier has touched nothing. */
function isGone(answer: Result<null>): boolean {
  return answer.ok || answer.failure.kind === 'not-found' || answer.failure.kind === 'archive-elsewhere';
}

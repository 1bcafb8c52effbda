import { describeAccountWait } from './account-wait-words.ts';
import { assertNever } from './assert.ts';
import type { ChoreEvent, ChoreView } from './chore.ts';
import { type Failure, titleOf } from './failure.ts';
import { describeHoldEvent } from './hold-words.ts';
import { SECOND, formatBytes, formatDuration } from './units.ts';
import { formatCount, plural } from './words.ts';

/** What a chore is about, as a title. */
export function choreTitle({ kind, vault, ...chore }: ChoreView): string {
  const { phase, total, deleted } = chore;
  if (kind === 'deletion') {
    if (phase === 'done') return `Deleted ${plural(deleted, 'archive')} from ${vault}`;
    return `${phase === 'cancelled' ? 'Deletion of' : 'Deleting'} ${plural(total, 'archive')} from ${vault}`;
  }
  const closes = 'closes' in chore && chore.closes;
  if (phase === 'done') return closes ? `Emptied and deleted ${vault}` : `Emptied ${vault}`;
  const doing = phase === 'cancelled' ? 'Emptying of' : 'Emptying';
  return closes && phase !== 'cancelled' ? `Emptying and closing ${vault}` : `${doing} ${vault}`;
}

/** Where it stands and what happens next. `accountProblem`: why its account waits for the user. */
export function describeChore(chore: ChoreView, now: number, accountProblem: Failure | null = null): string {
  const { phase, hold } = chore;
  if (phase === 'done') return describeEnd(chore);
  if (phase === 'cancelled') return `Cancelled; ${deletedOf(chore)}, and what was deleted stays deleted`;
  if (hold?.kind === 'paused') return `Paused; ${deletedOf(chore)}`;
  if (hold?.kind === 'failed') return `Needs you: ${titleOf(hold.failure)}`;
  if (accountProblem) return describeAccountWait(accountProblem);
  if (hold?.kind === 'backoff') {
    const wait = hold.until - now >= SECOND ? `looks again in ${formatDuration(hold.until - now)}` : 'looks again now';
    return `${describePhase(chore)} — ${wait}: ${titleOf(hold.failure)}`;
  }
  return describePhase(chore);
}

function describePhase(chore: ChoreView): string {
  switch (chore.phase) {
    case 'listing':
      return "Taking the vault's inventory";
    case 'deleting':
      return `Deleting: ${deletedOf(chore)}`;
    case 'confirming':
      return `${deletedOf(chore)}; waiting for an inventory that shows the vault empty`;
    case 'closing':
      return `${deletedOf(chore)}; deleting the vault`;
    case 'done':
      return describeEnd(chore);
    case 'cancelled':
      return 'Cancelled';
    default:
      return assertNever(chore);
  }
}

function deletedOf({ deleted, total, failed }: ChoreView): string {
  const refused = failed > 0 ? `, ${formatCount(failed)} refused` : '';
  return `${formatCount(deleted)} of ${formatCount(Math.max(total, deleted))} deleted${refused}`;
}

function describeEnd(chore: ChoreView): string {
  const { deleted, deletedBytes, failed, addedAt, endedAt } = chore;
  const took = endedAt === null ? '' : ` in ${formatDuration(endedAt - addedAt)}`;
  const sum = `${plural(deleted, 'archive')}, ${formatBytes(deletedBytes)}, deleted${took}`;
  if (chore.kind === 'emptying') return `${sum}; ${chore.closes ? 'the vault is deleted' : 'the vault is empty'}`;
  return failed > 0 ? `${sum}; Glacier refused ${formatCount(failed)}` : sum;
}

/** Where a chore stands, for counting and filtering. */
export type ChoreStanding = 'running' | 'waiting' | 'needs-you' | 'done' | 'cancelled';

/** What was refused needs the user also when all the rest is done. */
export function choreStanding(chore: ChoreView, accountProblem: Failure | null = null): ChoreStanding {
  const { phase, hold, failed } = chore;
  if (phase === 'cancelled') return phase;
  if (phase === 'done') return failed > 0 ? 'needs-you' : phase;
  if (hold?.kind === 'failed') return 'needs-you';
  return hold !== null || accountProblem !== null ? 'waiting' : 'running';
}

/** How much of it is deleted, from 0 to 1. */
export function choreShare({ kind, phase, total, deleted }: ChoreView): number {
  if (phase === 'done') return 1;
  if (kind === 'emptying' && total === 0) return phase === 'listing' ? 0 : 1;
  return deleted / Math.max(total, deleted, 1);
}

/** One line of a chore's journal. */
export function describeChoreEvent(event: ChoreEvent): string {
  switch (event.kind) {
    case 'inventory-wanted':
      return 'Takes an inventory of the vault';
    case 'inventory-unusable':
      return 'Not to be deleted by this inventory; the next try takes another one';
    case 'listed':
      return event.archives === null
        ? 'The vault never had an inventory'
        : `The inventory lists ${plural(event.archives, 'archive')}`;
    case 'worked-off':
      return 'Nothing is left to delete';
    case 'found-empty':
      return 'An inventory shows the vault empty';
    case 'still-listed':
      return `An inventory shows ${plural(event.archives, 'archive')}; taking it anew`;
    case 'vault-deleted':
      return 'Glacier deleted the vault';
    case 'widened':
      return 'You let Firn delete also what came since';
    case 'tried-again':
      return 'What was refused is tried again';
    case 'cancelled':
      return 'Cancelled by you';
    case 'attempt-failed':
      return titleOf(event.failure);
    case 'recovered':
    case 'rejected':
    case 'paused':
    case 'resumed':
      return describeHoldEvent(event);
    default:
      return assertNever(event);
  }
}

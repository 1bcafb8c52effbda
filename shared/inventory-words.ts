import type { Standing } from './archive.ts';
import { describeAccountWait } from './account-wait-words.ts';
import { assertNever } from './assert.ts';
import { type Failure, titleOf } from './failure.ts';
import type { InventoryFindings, InventoryOutcome, InventoryView } from './inventory.ts';
import { formatBytes, formatDuration } from './units.ts';
import { formatCount, percentage, plural } from './words.ts';

/** A standing in a word or two, and what it means. */
export const standingWords: Readonly<Record<Standing, { name: string; meaning: string }>> = {
  confirmed: { name: 'Confirmed', meaning: 'An inventory of the vault lists it as the catalogue knows it.' },
  'awaiting-inventory': {
    name: 'Awaiting inventory',
    meaning: 'Stored, and not yet seen in an inventory: inventories lag by up to a day or two.',
  },
  'only-in-vault': {
    name: 'Only in the vault',
    meaning: 'Firn knows it from an inventory alone: another program stored it, or another Firn.',
  },
  missing: {
    name: 'Missing from the vault',
    meaning: 'An inventory that is new enough no longer lists it. The catalogue keeps it nevertheless.',
  },
  differs: { name: 'Differs', meaning: 'The inventory tells another size or tree hash than the catalogue.' },
};

/**
 * How far the taking of an inventory has come. `done`: bytes or archives, when something moves. `accountProblem`: why
 * its account waits for the user.
 */
export function describeInventory(
  { phase, hold }: InventoryView,
  done: number | null,
  now: number,
  accountProblem: Failure | null = null,
): string {
  if (phase.kind === 'idle') return 'No inventory is under way';
  if (hold?.kind === 'paused') return 'Paused';
  if (hold?.kind === 'failed') return `Needs you: ${titleOf(hold.failure)}`;
  if (accountProblem) return describeAccountWait(accountProblem);
  if (hold?.kind === 'backoff') {
    const { kind } = hold.failure;
    if (kind === 'awaiting-job' || kind === 'no-inventory-yet') return titleOf(hold.failure);
    const wait = hold.until > now ? `Waiting ${formatDuration(hold.until - now)}` : 'Trying again';
    return `${wait}: ${titleOf(hold.failure)}`;
  }
  switch (phase.kind) {
    case 'wanted':
      return 'Asking Glacier for an inventory';
    case 'requested':
      return 'Looking whether Glacier is ready';
    case 'downloading': {
      const received = done ?? phase.received;
      return phase.size === null
        ? `Downloading the inventory: ${formatBytes(received)}`
        : `Downloading the inventory: ${percentage(received, phase.size)}% of ${formatBytes(phase.size)}`;
    }
    case 'reconciling': {
      const compared = done ?? phase.reconciled;
      return `Comparing with the catalogue: ${percentage(compared, phase.archives)}% of ${plural(phase.archives, 'archive')}`;
    }
    default:
      return assertNever(phase);
  }
}

/** How an inventory ended: `1,204 confirmed, 3 new, 1 missing, 2 differing`. */
export function describeOutcome(outcome: InventoryOutcome): string {
  switch (outcome.kind) {
    case 'reconciled':
      return describeFindings(outcome.findings);
    case 'outdated':
      return 'A newer inventory was compared before; nothing was changed';
    case 'none':
      return 'There is no inventory: nothing was stored in this vault, or only in the last days';
    default:
      return assertNever(outcome);
  }
}

function describeFindings(found: InventoryFindings): string {
  const { confirmed, added, missing, differing, deleted, unreadable } = found;
  return [
    `${formatCount(confirmed)} confirmed`,
    `${formatCount(added)} new`,
    `${formatCount(missing)} missing`,
    `${formatCount(differing)} differing`,
    deleted > 0 ? `${formatCount(deleted)} deleted by you and still listed` : null,
    unreadable > 0 ? `${plural(unreadable, 'entry', 'entries')} that cannot be read` : null,
  ]
    .filter((words) => words !== null)
    .join(', ');
}

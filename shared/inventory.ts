import type { AccountId } from './account.ts';
import { assertNever } from './assert.ts';
import { type Hold, type HoldEvent, holdAfter, isHoldEvent, withoutWait } from './hold.ts';

export type InventoryId = string & { readonly __brand: 'InventoryId' };

/** How far the taking of an inventory has come. Written before the request, or the work, that leaves it. */
export type InventoryPhase =
  /** Nobody wants one now. */
  | { kind: 'idle' }
  /** `requestedAt`: a job was asked for and no answer was recorded, so one may be at work. */
  | { kind: 'wanted'; requestedAt: number | null }
  /** `askedAt`: when the job was asked for, by the service's clock. */
  | { kind: 'requested'; jobId: string; askedAt: number }
  /** `received`: bytes that are on this disk. `size`: of the output; null when Glacier does not tell it. */
  | { kind: 'downloading'; jobId: string; size: number | null; received: number }
  /** `reconciled`: as many of the inventory's archives are compared with the catalogue. */
  | { kind: 'reconciling'; jobId: string; inventoryAt: number; archives: number; reconciled: number };

export type InventoryProgress = { phase: InventoryPhase; hold: Hold | null };

/** What an inventory and the catalogue said to each other. Counts of archives; `bytes` are their sizes together. */
export type InventoryFindings = {
  /** In the inventory. */
  listed: number;
  bytes: number;
  /** Listed as the catalogue knew them. */
  confirmed: number;
  /** Listed, and not known before. */
  added: number;
  /** Listed with another size or tree hash. */
  differing: number;
  /** Listed still, though Firn deleted them: inventories lag. */
  deleted: number;
  /** Entries that nobody can read. When there are any, nothing is counted as missing. */
  unreadable: number;
  /** The archive IDs of some of these, where they have one. */
  unreadableIds?: string[];
  /** In the catalogue, and not listed although the inventory is new enough. */
  missing: number;
};

/** How the last taking ended. `inventoryAt`: the date of the inventory. */
export type InventoryOutcome =
  | { kind: 'reconciled'; inventoryAt: number; findings: InventoryFindings }
  /** A newer one was reconciled before, so nothing was changed. */
  | { kind: 'outdated'; inventoryAt: number }
  /** The vault has no inventory: nothing was ever stored in it, as far as Glacier has noticed. */
  | { kind: 'none' };

/** `at` is the time of the event, milliseconds since 1970. */
export type InventoryEvent = { at: number } & (
  | { kind: 'wanted' }
  | { kind: 'asked' }
  /** The unanswered request has made no job. */
  | { kind: 'request-settled' }
  | { kind: 'requested'; jobId: string; askedAt: number }
  | { kind: 'ready'; size: number | null }
  | { kind: 'received'; bytes: number }
  /** What is on this disk is not what was received. */
  | { kind: 'download-lost' }
  | { kind: 'downloaded'; inventoryAt: number; archives: number }
  | { kind: 'reconciled'; archives: number }
  /** The job, or its output, is there no longer: outputs live for about a day. */
  | { kind: 'output-gone' }
  | { kind: 'ended'; outcome: InventoryOutcome['kind'] }
  | HoldEvent
  | { kind: 'cancelled' }
);

export class IllegalInventoryTransition extends Error {
  override name = 'IllegalInventoryTransition';
  constructor(from: InventoryPhase, event: InventoryEvent) {
    super(`${event.kind} in phase ${from.kind}`);
  }
}

/**
 * The whole life of a vault's inventories. Pure: the store persists what it returns.
 * @throws IllegalInventoryTransition when the event cannot happen in this phase.
 */
export function inventoryTransition({ phase, hold }: InventoryProgress, event: InventoryEvent): InventoryProgress {
  const illegal = (): never => {
    throw new IllegalInventoryTransition(phase, event);
  };
  if (phase.kind === 'idle') return event.kind === 'wanted' ? { phase: wanted, hold: null } : illegal();
  if (isHoldEvent(event)) return { phase, hold: holdAfter(hold, event) };
  switch (event.kind) {
    case 'wanted':
      return illegal();
    case 'asked':
      return phase.kind === 'wanted' ? { phase: { kind: 'wanted', requestedAt: event.at }, hold } : illegal();
    case 'request-settled':
      return phase.kind === 'wanted' ? { phase: wanted, hold } : illegal();
    case 'requested':
      if (phase.kind !== 'wanted') return illegal();
      return { phase: { kind: 'requested', jobId: event.jobId, askedAt: event.askedAt }, hold };
    case 'ready':
      if (phase.kind !== 'requested') return illegal();
      return {
        phase: { kind: 'downloading', jobId: phase.jobId, size: event.size, received: 0 },
        hold: withoutWait(hold),
      };
    case 'received':
      if (phase.kind !== 'downloading') return illegal();
      return { phase: { ...phase, received: phase.received + event.bytes }, hold };
    case 'download-lost':
      if (phase.kind === 'downloading') return { phase: { ...phase, received: 0 }, hold };
      return phase.kind === 'reconciling' ? { phase: wanted, hold } : illegal();
    case 'downloaded':
      return phase.kind === 'downloading' ? { phase: reconcilingOf(phase.jobId, event), hold } : illegal();
    case 'reconciled':
      if (phase.kind !== 'reconciling') return illegal();
      return { phase: { ...phase, reconciled: phase.reconciled + event.archives }, hold };
    case 'output-gone':
      return phase.kind === 'requested' || phase.kind === 'downloading' ? { phase: wanted, hold } : illegal();
    case 'ended':
    case 'cancelled':
      return { phase: { kind: 'idle' }, hold: null };
    default:
      return assertNever(event);
  }
}

const wanted: InventoryPhase = { kind: 'wanted', requestedAt: null };

function reconcilingOf(
  jobId: string,
  { inventoryAt, archives }: Extract<InventoryEvent, { kind: 'downloaded' }>,
): InventoryPhase {
  return { kind: 'reconciling', jobId, inventoryAt, archives, reconciled: 0 };
}

/** What the window and the command line see of a vault's inventories. Times in milliseconds since 1970. */
export type InventoryView = InventoryProgress & {
  id: InventoryId;
  accountId: AccountId;
  vault: string;
  /** When somebody wanted one last. */
  wantedAt: number;
  /** How the last one ended, and when; null before the first. */
  last: (InventoryOutcome & { endedAt: number }) | null;
};

/** What moves while an inventory is downloaded or reconciled: bytes or archives, as its phase says. Never stored. */
export type LiveInventory = { id: InventoryId; done: number };

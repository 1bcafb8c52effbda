import type { AccountId } from './account.ts';
import { assertNever } from './assert.ts';
import type { Hold } from './hold.ts';
import type { TaskId } from './task.ts';
import type { WaitKey } from './wait.ts';

/** Of a vault: each further inventory of it keeps the number. */
export type InventoryId = TaskId;

/** How far the taking of an inventory has come. Written before the request, or the work, that leaves it. */
export type InventoryPhase =
  /** Nobody wants one now. */
  | { kind: 'idle' }
  /** `requestedAt`: a job was asked for and no answer was recorded, so one may be at work. */
  | { kind: 'wanted'; requestedAt: number | null }
  /** `askedAt`: when the job was asked for, by the service's clock. */
  | { kind: 'requested'; jobId: string; askedAt: number }
  /** `received`: bytes that are on this disk. `size`: of the output; null when Glacier does not tell it. */
  | { kind: 'downloading'; jobId: string; askedAt: number; size: number | null; received: number }
  /** `reconciled`: as many of the inventory's archives are compared with the catalogue. */
  | {
      kind: 'reconciling';
      jobId: string;
      askedAt: number;
      inventoryAt: number;
      archives: number;
      reconciled: number;
    };

/** A vault's inventories as a task: what the present one is at, and what the ones before it came to. */
export type InventoryState = {
  /** When somebody wanted one last. */
  wantedAt: number;
  /** Only a job that was asked for after this time serves; null for any. By the service's clock. */
  notBefore: number | null;
  phase: InventoryPhase;
  /** What the present one has found so far, `InventoryFindings` as JSON; null before the first archive is compared. */
  findings: string | null;
  /** How the last one ended, and when; null before the first. Its date is null when the vault has none. */
  lastOutcome: InventoryOutcome['kind'] | null;
  lastEndedAt: number | null;
  lastInventoryAt: number | null;
  /** As JSON; null unless it was reconciled. */
  lastFindings: string | null;
  /** When its job was asked for, or when Glacier said that there is none, by the service's clock. */
  lastAskedAt: number | null;
  /** The last job that served; it has nothing new to tell. */
  lastJobId: string | null;
  /** The date of the newest inventory that was reconciled. */
  newestAt: number | null;
};

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

/** What happens to a vault's inventories, beside holds and cancelling, which are the same for all tasks. */
export type InventoryEvent =
  | { kind: 'wanted'; notBefore: number | null }
  | { kind: 'asked' }
  /** The unanswered request has made no job. */
  | { kind: 'request-settled' }
  | { kind: 'requested'; jobId: string; askedAt: number }
  | { kind: 'ready'; size: number | null }
  | { kind: 'received'; bytes: number }
  /** What is on this disk is not what was received. */
  | { kind: 'download-lost' }
  | { kind: 'downloaded'; inventoryAt: number; archives: number }
  /** The job, or its output, is there no longer: outputs live for about a day. */
  | { kind: 'output-gone' }
  | { kind: 'reconciled'; findings: InventoryFindings }
  | { kind: 'outdated' }
  /** `askedAt`: when Glacier said so, by the service's clock. */
  | { kind: 'none'; askedAt: number };

/** The whole life of a vault's inventories; null when the event cannot happen in this phase. Pure. */
export function inventoryTransition(
  state: InventoryState,
  event: InventoryEvent & { at: number },
): InventoryState | null {
  const { phase } = state;
  const to = (next: InventoryPhase): InventoryState => ({ ...state, phase: next, findings: null });
  switch (event.kind) {
    case 'wanted':
      return phase.kind === 'idle' ? { ...to(wanted), wantedAt: event.at, notBefore: event.notBefore } : null;
    case 'asked':
      return phase.kind === 'wanted' ? to({ kind: 'wanted', requestedAt: event.at }) : null;
    case 'request-settled':
      return phase.kind === 'wanted' ? to(wanted) : null;
    case 'requested':
      return phase.kind === 'wanted' ? to({ kind: 'requested', jobId: event.jobId, askedAt: event.askedAt }) : null;
    case 'ready':
      return phase.kind === 'requested' ? to({ ...phase, kind: 'downloading', size: event.size, received: 0 }) : null;
    case 'received':
      return phase.kind === 'downloading' ? to({ ...phase, received: phase.received + event.bytes }) : null;
    case 'download-lost':
      if (phase.kind === 'downloading') return to({ ...phase, received: 0 });
      return phase.kind === 'reconciling' ? to(wanted) : null;
    case 'downloaded':
      return phase.kind === 'downloading' ? to(reconcilingOf(phase, event)) : null;
    case 'output-gone':
      return phase.kind === 'requested' || phase.kind === 'downloading' ? to(wanted) : null;
    case 'reconciled':
    case 'outdated':
      return phase.kind === 'reconciling' ? ended(state, phase, event) : null;
    case 'none':
      return phase.kind === 'wanted' ? ended(state, { ...nothing, askedAt: event.askedAt }, event) : null;
    default:
      return assertNever(event);
  }
}

const wanted: InventoryPhase = { kind: 'wanted', requestedAt: null };

function reconcilingOf(
  { jobId, askedAt }: Extract<InventoryPhase, { kind: 'downloading' }>,
  { inventoryAt, archives }: Extract<InventoryEvent, { kind: 'downloaded' }>,
): InventoryPhase {
  return { kind: 'reconciling', jobId, askedAt, inventoryAt, archives, reconciled: 0 };
}

type Taken = { jobId: string | null; askedAt: number; inventoryAt: number | null };
const nothing = { jobId: null, inventoryAt: null };

function ended(
  state: InventoryState,
  { jobId, askedAt, inventoryAt }: Taken,
  event: { at: number } & Extract<InventoryEvent, { kind: InventoryOutcome['kind'] }>,
): InventoryState {
  const { kind, at } = event;
  return {
    ...state,
    phase: { kind: 'idle' },
    findings: null,
    lastOutcome: kind,
    lastEndedAt: at,
    lastInventoryAt: inventoryAt,
    lastFindings: event.kind === 'reconciled' ? JSON.stringify(event.findings) : null,
    lastAskedAt: askedAt,
    lastJobId: jobId ?? state.lastJobId,
    newestAt: kind === 'reconciled' ? Math.max(state.newestAt ?? 0, inventoryAt ?? 0) : state.newestAt,
  };
}

/** What the window and the command line see of a vault's inventories. Times in milliseconds since 1970. */
export type InventoryView = {
  phase: InventoryPhase;
  hold: Hold | null;
  waitKeys: readonly WaitKey[];
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

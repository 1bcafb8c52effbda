import { describeAccountWait } from './account-wait-words.ts';
import { assertNever } from './assert.ts';
import { type Failure, printable, titleOf } from './failure.ts';
import { describeHoldEvent } from './hold-words.ts';
import type { Hold } from './hold.ts';
import { formatDollars } from './prices.ts';
import type {
  LiveRetrieval,
  RetrievalEvent,
  RetrievalPhase,
  RetrievalProgress,
  RetrievalView,
  Undone,
} from './retrieval.ts';
import { rangeLength } from './part-plan.ts';
import { HOUR, formatBytes, formatDuration } from './units.ts';
import { plural } from './words.ts';

/** What else keeps a retrieval waiting although nothing is wrong with it. */
type Surroundings = {
  /** Why its account waits; null when all is well with it. */
  accountProblem: Failure | null;
};

/** Phase and hold in words, with what happens next. `live` is null when nothing of it is on the wire. */
export function describeRetrieval(
  { phase, hold, receivedBytes }: RetrievalView,
  live: LiveRetrieval | null,
  now: number,
  { accountProblem }: Surroundings = { accountProblem: null },
): string {
  if (phase.kind === 'retrieved') return 'Retrieved';
  if (phase.kind === 'cancelled') return 'Cancelled';
  if (hold?.kind === 'paused') return 'Paused';
  if (hold?.kind === 'failed') return `Needs you: ${titleOf(hold.failure)}`;
  if (accountProblem) return describeAccountWait(accountProblem);
  if (hold) return describeWait(hold, now);
  return describePhase(phase, receivedBytes, live);
}

function describePhase(phase: RetrievalPhase, receivedBytes: number, live: LiveRetrieval | null): string {
  switch (phase.kind) {
    case 'queued':
      return phase.asked === null ? 'Waiting for its turn' : 'Asking Glacier';
    case 'requested':
      return 'Glacier is preparing the data';
    case 'downloading':
      if (live) return 'Downloading';
      return receivedBytes > 0 ? 'About to go on' : 'Ready, about to download';
    case 'finishing':
      return 'Giving the file its name';
    case 'retrieved':
      return 'Retrieved';
    case 'cancelled':
      return 'Cancelled';
    default:
      return assertNever(phase);
  }
}

function describeWait({ until, attempt, failure }: Extract<Hold, { kind: 'backoff' }>, now: number): string {
  const again = until > now ? `looks again in ${formatDuration(until - now)}` : 'looks again now';
  switch (failure.kind) {
    case 'awaiting-job':
      return `Glacier is preparing the data, usually for up to ${formatDuration(failure.usualMs)} — ${again}`;
    case 'request-unanswered':
      return `Checking with Glacier whether it has begun — ${again}`;
    case 'retrieval-limit':
      return `Waiting for your limit of ${failure.limit} — goes on ${failure.until > now ? `in ${formatDuration(failure.until - now)}` : 'now'}`;
    case 'retrieval-policy':
      return `Waiting for the account's data retrieval policy — ${again}`;
    case 'line-busy':
      return 'Waiting until the line is free for more';
    case 'target-missing':
      if (failure.isAnother === true) return 'Waiting for the folder — another one is in its place; connect its drive';
      return 'Waiting for the folder — connect its drive or make it again';
    case 'target-full':
      return `Waiting for room in the folder — ${again}`;
    default: {
      const next = `try ${attempt + 1}`;
      const wait = until > now ? `Waiting ${formatDuration(until - now)}, then ${next}` : `Now ${next}`;
      return `${wait}: ${titleOf(failure)}`;
    }
  }
}

/** How long before the end of an output the user is warned. */
const WARN_MS = 4 * HOUR;

/**
 * Until when Glacier keeps the output, in words; null where there is none. `isUrgent`: it ends soon and not all of it is
 * here. Afterwards it must be asked for, and paid for, once more; what is here stays.
 */
export function describeDeadline(
  { phase, size, receivedBytes }: RetrievalView,
  now: number,
): { words: string; isUrgent: boolean } | null {
  if (phase.kind !== 'downloading' || receivedBytes === size) return null;
  const leftMs = phase.outputEndsAt - now;
  if (leftMs <= 0)
    return {
      words: 'Glacier may give the output up any moment; Firn asks you before it is paid for again',
      isUrgent: true,
    };
  const left = formatDuration(leftMs);
  if (leftMs >= WARN_MS) return { words: `Glacier keeps the output for ${left}`, isUrgent: false };
  return {
    words: `Glacier keeps the output for only ${left}; Firn asks you before it is paid for again`,
    isUrgent: true,
  };
}

/** Where a retrieval stands, for counting and filtering. */
export type RetrievalStanding = 'running' | 'waiting' | 'needs-you' | 'retrieved' | 'cancelled';

export function retrievalStanding(
  { phase, hold }: RetrievalProgress,
  { accountProblem }: Surroundings = { accountProblem: null },
): RetrievalStanding {
  if (phase.kind === 'retrieved' || phase.kind === 'cancelled') return phase.kind;
  if (hold?.kind === 'failed') return 'needs-you';
  if (hold !== null || accountProblem) return 'waiting';
  return phase.kind === 'downloading' || phase.kind === 'finishing' ? 'running' : 'waiting';
}

/** One line of a retrieval's journal. */
export function describeRetrievalEvent(event: RetrievalEvent): string {
  switch (event.kind) {
    case 'asked':
      return `Asked Glacier for ${formatBytes(rangeLength(event))} (${event.tier}, about ${formatDollars(event.cost)})`;
    case 'request-settled':
      return 'Glacier has not begun: the request never arrived, and nothing is to be paid for it';
    case 'requested':
      return event.adopted
        ? 'Glacier has the data ready already; nothing was asked for'
        : 'Glacier has begun to prepare the data';
    case 'all-asked':
      return 'Asked for as much as the line can fetch in time';
    case 'outputs-fetched':
      return 'What Glacier had ready is here; there is more to ask for';
    case 'ready':
      return 'The data is ready for download';
    case 'job-failed':
      return `Glacier could not prepare the data: ${event.message}`;
    case 'output-gone':
      return 'Glacier no longer has the data ready; what is here is kept';
    case 'job-lost':
      return 'Glacier no longer knows what it was asked for';
    case 'agreed':
      return 'You agreed that it is asked for anew';
    case 'damaged':
      return event.ranges === 'all'
        ? `Begins anew: ${event.what}`
        : `${plural(event.ranges.length, 'range')} will be fetched again: ${event.what}`;
    case 'downloaded':
      return 'All bytes are here, and they have the right tree hash';
    case 'path-chosen':
      return `Its name will be ${printable(event.path)}`;
    case 'path-taken':
      return 'Another file has got the name in the meantime';
    case 'in-place':
      return `The file has its name; the archive is retrieved${(event.undone ?? []).map(withoutWords).join('')}`;
    case 'existing-answered':
      return event.answer === 'replace' ? 'You let it replace the file' : 'You let it be kept beside the file';
    case 'attempt-failed':
      return `${isWaiting(event.failure) ? 'Waiting' : `Try ${event.attempt} failed`}: ${titleOf(event.failure)}`;
    case 'recovered':
    case 'rejected':
    case 'paused':
    case 'resumed':
      return describeHoldEvent(event);
    case 'relocated':
      return `You showed where its folder is now: ${printable(event.folder)}`;
    case 'cancelled':
      return 'Cancelled by you';
    default:
      return assertNever(event);
  }
}

function withoutWords(undone: Undone): string {
  switch (undone) {
    case 'time':
      return '; its drive does not let Firn set its time';
    case 'folder-sync':
      return '; its drive does not say when the name is safe from a power cut';
    default:
      return assertNever(undone);
  }
}

/** Not everything that is waited for is a failed try. */
function isWaiting({ kind }: Failure): boolean {
  return [
    'awaiting-job',
    'request-unanswered',
    'retrieval-limit',
    'line-busy',
    'target-missing',
    'target-full',
  ].includes(kind);
}

/** `3 to 5 h`. */
export function describeUsualWait({ fromMs, toMs }: { fromMs: number; toMs: number }): string {
  const [from = '', unit] = formatDuration(fromMs).split(' ');
  const to = formatDuration(toMs);
  return to.endsWith(` ${unit ?? ''}`) ? `${from} to ${to}` : `${formatDuration(fromMs)} to ${to}`;
}

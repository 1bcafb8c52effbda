import type { AccountId } from './account.ts';
import type { Hold, HoldEvent } from './hold.ts';
import type { ByteRange } from './part-plan.ts';
import { HOUR } from './units.ts';
import type { TaskId } from './task.ts';
import type { Tier } from './tier.ts';
import type { ArchiveId, TreeHash } from './upload.ts';
import type { WaitKey } from './wait.ts';

export type RetrievalId = TaskId;

/** How far the retrieval has come. Written before the request, or the change of name, that leaves it. */
export type RetrievalPhase =
  /** Bytes are missing that Glacier was not asked for. `asked`: it was, and no answer was recorded: a job may be at work, and paid for. */
  | { kind: 'queued'; asked: Asked | null }
  /** `requestedAt`: when the last of its jobs was asked for. */
  | { kind: 'requested'; requestedAt: number }
  /** `outputEndsAt`: when Glacier may give up the first of the outputs. */
  | { kind: 'downloading'; outputEndsAt: number }
  /** The temporary file is whole and right. `path`: the name that it is about to get. */
  | { kind: 'finishing'; path: string | null }
  | { kind: 'retrieved'; path: string }
  | { kind: 'cancelled' };

/** Bytes of the archive that are asked for with one request. `at`: the moment, which also tells the job in a list. */
export type Asked = ByteRange & { at: number };

export type RetrievalProgress = { phase: RetrievalPhase; hold: Hold | null };

/** What to do about a file that has the name already; `ask` is to ask the user when it comes to that. */
export const EXISTING_ANSWERS = ['ask', 'keep-both', 'replace'] as const;
export type OnExisting = (typeof EXISTING_ANSWERS)[number];

/** What a drive may refuse a file that is whole: to set its time, or to make its name durable at once. */
export type Undone = 'time' | 'folder-sync';

/** What happens to a retrieval, beside holds and cancelling, which are the same for all tasks. */
export type RetrievalStep =
  /** About to ask Glacier for a job on these bytes of the archive. `cost` in US dollars, as far as the price table knows. */
  | ({ kind: 'asked'; tier: Tier; cost: number } & ByteRange)
  /** The unanswered request has made no job, so nothing was paid for. */
  | { kind: 'request-settled' }
  /** `adopted`: the job was there already, and nothing was asked for. */
  | ({ kind: 'requested'; jobId: string; adopted: boolean } & ByteRange)
  /** As much is asked for as the line can fetch in time. */
  | { kind: 'all-asked' }
  /** `outputs`: all that still have something to fetch. */
  | { kind: 'ready'; outputs: RetrievalOutput[] }
  | { kind: 'job-failed'; jobId: string; message: string }
  /** Glacier gives up outputs about a day after they were ready. */
  | { kind: 'output-gone'; jobIds: string[] }
  /** Glacier does not know a job that it must know: asking again may cost again, so the user is asked. */
  | { kind: 'job-lost'; jobId: string }
  /** What was asked for is here; there is more to ask for. */
  | { kind: 'outputs-fetched' }
  /** The user agrees that what Glacier gave up is asked for, and paid for, anew. */
  | { kind: 'agreed' }
  /** The temporary file, or these ranges of it (by their first bytes), are not what was written. */
  | { kind: 'damaged'; ranges: number[] | 'all'; what: string }
  | { kind: 'downloaded' }
  | { kind: 'path-chosen'; path: string }
  /** Another file has got the name in the meantime. */
  | { kind: 'path-taken' }
  /** `undone`: what the drive refused; left out when nothing was. */
  | { kind: 'in-place'; undone?: Undone[] }
  | { kind: 'existing-answered'; answer: Exclude<OnExisting, 'ask'> }
  /** The user showed where the folder is now. */
  | { kind: 'relocated'; folder: string };

/** `at` is the time of the event, milliseconds since 1970. */
export type RetrievalEvent = { at: number } & (RetrievalStep | HoldEvent | { kind: 'cancelled' });

export function isOver(phase: RetrievalPhase): phase is Extract<RetrievalPhase, { kind: 'retrieved' | 'cancelled' }> {
  return phase.kind === 'retrieved' || phase.kind === 'cancelled';
}

/** Whether Glacier was asked in vain, and going on asks, which may be billed, once more. */
export function asksAnew({ phase, hold }: RetrievalProgress): boolean {
  if (phase.kind !== 'queued' || hold?.kind !== 'failed') return false;
  return ['job-failed', 'job-lost', 'output-ended'].includes(hold.failure.kind);
}

/** Whether the file is about to get its name: whoever cancels it then may find it there. */
export function mayHaveName({ phase }: Pick<RetrievalProgress, 'phase'>): boolean {
  return phase.kind === 'finishing' && phase.path !== null;
}

/** What the window and the command line see of a retrieval. Sizes in bytes, times in milliseconds since 1970. */
export type RetrievalView = RetrievalProgress & {
  id: RetrievalId;
  waitKeys: readonly WaitKey[];
  accountId: AccountId;
  vault: string;
  archiveId: ArchiveId;
  /** As the catalogue tells it, untrusted; null when nobody can read the archive's description. */
  path: string | null;
  archiveSize: number;
  /** The bytes of the archive that are retrieved. */
  range: ByteRange;
  /** Of the range. */
  size: number;
  /** Bytes on disk whose tree hash is right. */
  receivedBytes: number;
  tier: Tier;
  /** Absolute. */
  folder: string;
  /** Where in the folder the file goes when the name is free; safe on every system. */
  relativePath: string;
  onExisting: OnExisting;
  position: number;
  addedAt: number;
};

/** Glacier keeps the output of a job, and its ID, for at least so long (developer guide, "Downloading an archive"). */
export const OUTPUT_LIFE_MS = 24 * HOUR;

/** What Glacier has ready of a job. `treeHash`: of the whole output; null when its range is no node of the archive's tree. */
export type RetrievalOutput = { jobId: string; endsAt: number; treeHash: TreeHash | null };

/** A job for these bytes of the archive. `output` is null until Glacier has them ready. */
export type RetrievalJob = ByteRange & {
  jobId: string;
  requestedAt: number;
  output: Omit<RetrievalOutput, 'jobId'> | null;
  /** Glacier has given the output up: whatever of it is missing would be paid for once more. */
  hasEnded: boolean;
};

/** `confirmed`: Glacier told the same tree hash; otherwise only the hash of the whole decides. */
export type VerifiedRange = ByteRange & { treeHash: TreeHash; confirmed: boolean; at: number };

export type RetrievalDetail = {
  retrieval: RetrievalView;
  /** Of the whole archive, as the catalogue knows it. */
  treeHash: TreeHash;
  modifiedAt: number | null;
  rangeSize: number;
  ranges: VerifiedRange[];
  jobs: RetrievalJob[];
  /** Where the bytes are until the file gets its name; null when there are none yet. */
  temporaryFile: string | null;
  /** The newest last; at most 200. */
  events: RetrievalEvent[];
};

/** Bytes that arrive and nothing has verified yet, and what follows from them. Never stored. */
export type LiveRetrieval = {
  id: RetrievalId;
  /** Verified bytes and bytes of ranges under way. */
  receivedBytes: number;
  /** Bytes per second, smoothed; null until it means something. */
  rate: number | null;
  remainingMs: number | null;
};

import type { Failure } from '../../../shared/failure.ts';
import type { RetrievalLimits } from '../../../shared/retrieval-limits.ts';
import type { Allowance } from '../../../shared/schedule.ts';
import type { RetrievalId } from '../../../shared/retrieval.ts';
import type { Live } from '../../core/live.ts';
import type { Parallelism } from '../../core/parallelism.ts';
import type { Slots } from '../../core/slots.ts';
import type { Tally } from '../../core/tally.ts';
import type { Account } from '../../../shared/account.ts';
import type { Clock } from '../../engine/clock.ts';
import type { StepContext } from '../../engine/worker.ts';
import type { ArchiveService } from '../../places/ports/archive-service.ts';
import type { JobWatch } from '../job-watch.ts';
import type { Line } from '../line.ts';
import type { Retrieval, RetrievalQueue, TargetFiles } from '../ports.ts';

export type RetrievalPorts = {
  retrievals: RetrievalQueue;
  files: TargetFiles;
  jobs: JobWatch;
  limits: () => RetrievalLimits;
  /** What a request for so many bytes of it costs in US dollars, by the price table. */
  costOf: (retrieval: Retrieval, bytes: number) => number;
  /** How much may be asked for at once. */
  line: Line;
  /** What the user's limit and schedule allow now, which hold for what comes in as well. */
  allowance: () => Allowance;
  /** Resolves when so many bytes more may come in, or when the signal is aborted. */
  pace: (bytes: number, signal: AbortSignal) => Promise<void>;
  /** One place: what the limits still allow is shared out in order, however long it takes to look at a folder. */
  turns: Slots;
  /** Places on the wire for ranges, shared by all retrievals. */
  slots: Slots;
  /** Learns from every range how many the line carries. */
  parallelism: Parallelism;
  /** The time of change of each temporary file after Firn's own last write in this life: such a file is in no doubt. */
  written: Map<RetrievalId, string>;
  /** How often the whole of each retrieval was wrong: a bound. */
  wrongs: Tally<RetrievalId>;
  /** Bytes of ranges under way. */
  live: Live<RetrievalId>;
  clock: Clock;
  /** What all wait for whose turn comes later: one before them waits for a limit. */
  limitWait: () => Failure | null;
};

/** All that a step needs of the world. */
export type RetrievalContext = RetrievalPorts & StepContext & { account: Account; service: ArchiveService };

/** Whose jobs are looked at together. */
export function placeOf({ accountId, vault }: Retrieval, { service }: RetrievalContext) {
  return { service, accountId, vault };
}

/** What a step comes to: null when it went well and all that follows is committed. */
export type Outcome = Promise<Failure | null>;

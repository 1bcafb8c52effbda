import { assertNever } from '../../shared/assert.ts';
import type { AccountId } from '../../shared/account.ts';
import type { HoldEvent } from '../../shared/hold.ts';
import { type RetrievalId, type RetrievalPhase, isOver } from '../../shared/retrieval.ts';
import type { TaskContext, TaskKind } from '../core/task-runner.ts';
import { askForJob } from './steps/ask.ts';
import { awaitJobs } from './steps/await-jobs.ts';
import type { Outcome, RetrievalContext, RetrievalPorts } from './steps/context.ts';
import { download } from './steps/download.ts';
import { finish } from './steps/finish.ts';
import type { Retrieval, RetrievalQueue } from './ports.ts';

/** What is due, which the steps do not need to know. */
export interface DueRetrievals extends RetrievalQueue {
  /** `isLineFull`: nothing new is asked for. */
  due(what: Work, options: DueOptions & { isLineFull: boolean }): RetrievalId[];
  nextDue(now: number): number | null;
  hasOpen(): boolean;
}

type DueOptions = { now: number; limit: number; waiting: readonly AccountId[] };

/** Asking is quick and must not wait until others have fetched: outputs take hours to get ready. */
type Work = 'asking' | 'fetching';

const workOf: Readonly<Record<RetrievalPhase['kind'], Work | null>> = {
  queued: 'asking',
  requested: 'asking',
  downloading: 'fetching',
  finishing: 'fetching',
  retrieved: null,
  cancelled: null,
};

/** Retrievals as the runner sees them: two kinds of tasks over the same rows, told apart by phase. */
export class RetrievalKind implements TaskKind {
  readonly name: string;
  readonly #work: Work;
  readonly #retrievals: DueRetrievals;
  readonly #ports: RetrievalPorts;
  readonly #parallel: () => number;

  constructor(work: Work, retrievals: DueRetrievals, ports: RetrievalPorts, parallel: () => number) {
    this.name = `retrievals ${work}`;
    this.#work = work;
    this.#retrievals = retrievals;
    this.#ports = ports;
    this.#parallel = parallel;
  }

  /** Outside of the user's hours nothing is fetched. */
  parallel(): number {
    return this.#work === 'fetching' && this.#ports.allowance() === 'paused' ? 0 : this.#parallel();
  }

  due(now: number, limit: number, waiting: readonly AccountId[]): string[] {
    const isLineFull = this.#work === 'asking' && this.#ports.line.isFull();
    return this.#retrievals.due(this.#work, { now, limit, waiting, isLineFull });
  }

  /** By the clock alone the user's hours change, and so does what keeps the line busy. */
  nextDue(now: number): number | null {
    return this.#retrievals.nextDue(now) ?? (this.#retrievals.hasOpen() ? Infinity : null);
  }

  state(id: string): ReturnType<TaskKind['state']> {
    const retrieval = this.#retrievals.get(id as RetrievalId);
    return retrieval && workOf[retrieval.phase.kind] === this.#work ? retrieval : null;
  }

  advance(id: string, context: TaskContext): Outcome {
    const retrieval = this.#retrievals.get(id as RetrievalId);
    return retrieval ? advance(retrieval, { ...context, ...this.#ports }) : Promise.resolve(null);
  }

  hold(id: string, event: HoldEvent & { at: number }): void {
    const retrieval = this.#retrievals.get(id as RetrievalId);
    if (retrieval && !isOver(retrieval.phase)) this.#retrievals.apply(retrieval.id, event);
  }
}

function advance(retrieval: Retrieval, context: RetrievalContext): Outcome {
  const { phase } = retrieval;
  switch (phase.kind) {
    case 'queued':
      return askForJob(retrieval, phase.asked, context);
    case 'requested':
      return awaitJobs(retrieval, phase, context);
    case 'downloading':
      return download(retrieval, context);
    case 'finishing':
      return finish(retrieval, phase, context);
    case 'retrieved':
    case 'cancelled':
      return Promise.resolve(null);
    default:
      return assertNever(phase);
  }
}

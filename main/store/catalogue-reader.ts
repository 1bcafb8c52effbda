import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type {
  Archive,
  ArchiveChoice,
  ArchiveFilter,
  ArchivePage,
  ArchiveQuery,
  ArchiveSum,
} from '../../shared/archive.ts';
import type { ChoiceToken } from '../../shared/archive.ts';
import type { ChoreId } from '../../shared/chore.ts';
import type { Result } from '../../shared/result.ts';
import type { ArchiveRow } from './archive-row.ts';
import type { FrozenChoices } from './frozen-choices.ts';

/** What people ask of a catalogue while they look at it; each takes as long as there are archives that match. */
export type Questions = Pick<FrozenChoices, 'freeze' | 'frozen' | 'frozenRows' | 'deletionFacts' | 'overlaps'> & {
  search(query: ArchiveQuery): ArchivePage;
  sum(choice: ArchiveChoice): ArchiveSum;
  between(filter: ArchiveFilter, from: Archive['id'], to: Archive['id']): Result<number[]>;
};

type Name = keyof Questions;
export type Question = { id: number; name: Name; args: unknown[] };
/** `code`: SQLite's, by which damage is told from other errors. */
export type Answer = { id: number } & ({ value: unknown } | { error: { message: string; code: string } });

/** Few enough that handling them holds nothing up. */
const ROWS_AT_ONCE = 500;

type Waiting = { resolve: (value: never) => void; reject: (error: Error) => void };

/**
 * Answers questions about the catalogue in a thread that only reads, so that nothing waits for them: of a million archives
 * that match, the sum alone takes most of a second. What was committed before a question counts for it. Starts the thread
 * when it is needed, and another one when it died.
 */
export class CatalogueReader {
  readonly #threadFile: string;
  readonly #databaseFile: string;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #last = 0;

  /** `threadFile` is the built `reader-thread.ts`. */
  constructor(threadFile: string, databaseFile: string) {
    this.#threadFile = threadFile;
    this.#databaseFile = databaseFile;
  }

  /** @throws what the database throws, with its code. */
  ask<N extends Name>(name: N, ...args: Parameters<Questions[N]>): Promise<ReturnType<Questions[N]>> {
    const id = (this.#last += 1);
    return new Promise<ReturnType<Questions[N]>>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#thread().postMessage({ id, name, args } satisfies Question);
    });
  }

  /**
   * The archives of a frozen choice that are still there, newest first; everything else gets its turn between some. `but`:
   * what these deletions have still to do is left out.
   */
  async *chosen(token: ChoiceToken, but: readonly ChoreId[] = []): AsyncGenerator<ArchiveRow> {
    let before: number | null = null;
    for (;;) {
      const rows: ArchiveRow[] = await this.ask('frozenRows', token, before, ROWS_AT_ONCE, but);
      yield* rows;
      before = rows.at(-1)?.id ?? null;
      if (before === null) return;
    }
  }

  /** Resolves when the database is no longer read. */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    const exited = once(worker, 'exit');
    worker.postMessage(null);
    await exited;
  }

  #thread(): Worker {
    return (this.#worker ??= this.#start());
  }

  #start(): Worker {
    const worker = new Worker(this.#threadFile, { workerData: this.#databaseFile });
    let problem = 'the thread that reads the catalogue ended';
    worker.on('message', (answer: Answer) => {
      this.#settle(answer);
    });
    worker.on('error', ({ message }) => {
      problem = message;
    });
    worker.on('exit', () => {
      this.#worker = null;
      for (const { reject } of this.#waiting.values()) reject(new Error(problem));
      this.#waiting.clear();
    });
    worker.unref();
    return worker;
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('value' in answer) waiting?.resolve(answer.value as never);
    else waiting?.reject(Object.assign(new Error(answer.error.message), { code: answer.error.code }));
  }
}

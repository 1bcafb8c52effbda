import { setMaxListeners } from 'node:events';
import type { Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { countOnce } from '../aws/count-once.ts';
import type { HttpRequestHead } from '../aws/connections.ts';
import type { PartToSend, SendPartOptions, SentHashes, SentPart } from '../aws/part-sender.ts';
import type { Carriage, PartWorker } from './part-worker.ts';

type Outcome = Result<SentPart>;
/** A part that has killed so many threads would kill the next one, too. */
const MOST_DEATHS = 3;

type Prepare = (hashes: SentHashes) => Promise<Result<HttpRequestHead>>;

/** One part on its way: it waits for a worker, is carried, and ends once, as an outcome or as the signal's reason. */
export class Delivery {
  readonly outcome: Promise<Outcome>;
  readonly #part: PartToSend;
  readonly #prepare: Prepare;
  readonly #options: SendPartOptions;
  /** Another thread sends the part from its beginning. */
  readonly #newCount: () => (bytes: number) => void;
  #resolve: (outcome: Outcome) => void = () => undefined;
  #reject: (reason: Error) => void = () => undefined;
  #carriage: Carriage | null = null;
  #hashes: SentHashes | null = null;
  #ended = false;
  #deaths = 0;

  constructor(part: PartToSend, prepare: Prepare, options: SendPartOptions) {
    this.#part = part;
    this.#prepare = prepare;
    this.#options = options;
    this.#newCount = countOnce(options.onSent);
    this.outcome = new Promise<Outcome>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Many parts share the signal of their upload; Node would take more than ten listeners for a leak.
    setMaxListeners(0, options.signal);
    options.signal.addEventListener('abort', this.#abort, { once: true });
  }

  get ended(): boolean {
    return this.#ended;
  }

  /**
   * `onFree`: the worker has let go of the part, which after an abort is later than the end of the delivery. `onDeath`: its thread
   * died, and the part wants another one.
   */
  begin(worker: PartWorker, onFree: () => void, onDeath: () => void): void {
    const sent = this.#newCount();
    const carriage = worker.carry(this.#part, {
      hashed: (hashes) => void this.#hashed(hashes, carriage),
      sent: (bytes) => {
        if (!this.#ended) sent(bytes);
      },
      died: (reason) => {
        this.#deaths += 1;
        if (this.#deaths < MOST_DEATHS) {
          onDeath();
          return;
        }
        onFree();
        this.end(fail(killer(this.#deaths, reason)));
      },
      done: (outcome) => {
        onFree();
        if (outcome === null) return;
        if (!outcome.ok) this.end(outcome);
        else if (this.#hashes) this.end(ok({ hashes: this.#hashes, response: outcome.value }));
      },
    });
    this.#carriage = carriage;
  }

  end(outcome: Outcome): void {
    if (this.#finish()) this.#resolve(outcome);
  }

  async #hashed(hashes: SentHashes, carriage: Carriage): Promise<void> {
    this.#hashes = hashes;
    try {
      const head = await this.#prepare(hashes);
      if (head.ok) {
        if (!this.#ended) carriage.prepared(head.value);
        return;
      }
      this.end(fail(head.failure));
    } catch (error) {
      if (this.#finish()) this.#reject(error as Error);
    }
    carriage.abandon();
  }

  readonly #abort = (): void => {
    this.#carriage?.abandon();
    if (this.#finish()) this.#reject(this.#options.signal.reason as Error);
  };

  #finish(): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    this.#options.signal.removeEventListener('abort', this.#abort);
    return true;
  }
}

function killer(deaths: number, reason: string): Failure {
  return { kind: 'unexpected', detail: `${deaths} threads that sent this part stopped: ${reason}` };
}

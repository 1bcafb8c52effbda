import type { ArchiveChoice, ArchiveSum } from '../../shared/archive.ts';
import type { Bridge } from '../../shared/bridge.ts';
import type { TargetFolder } from '../../shared/contract.ts';
import type { Failure } from '../../shared/failure.ts';
import type { ByteRange } from '../../shared/part-plan.ts';
import type { Result } from '../../shared/result.ts';
import type { Copies, QuotedRetrieval, RetrievalsAdded } from '../../shared/retrieval-quote.ts';
import { byteRangeProblem } from '../../shared/retrieval-ranges.ts';
import type { OnExisting } from '../../shared/retrieval.ts';
import type { Tier } from '../../shared/tier.ts';

/** Chosen archives on their way to being retrieved: what it would be and cost, and where the files go. */
export class Retrieving {
  readonly choice: ArchiveChoice;
  readonly sum: ArchiveSum;
  readonly #bridge: Bridge;
  tier = $state<Tier>('Standard');
  onExisting = $state<OnExisting>('ask');
  /** Of a single archive, as it is typed: first and last byte. */
  firstByte = $state('');
  lastByte = $state('');
  #ranged = $state(false);
  #copies = $state<Copies>('each');
  #folder = $state.raw<TargetFolder | null>(null);
  #quote = $state.raw<QuotedRetrieval | null>(null);
  #counting = $state(false);
  #failure = $state.raw<Failure | null>(null);
  #starting = $state(false);
  /** Answers to an earlier choice are dropped. */
  #question = 0;

  constructor(bridge: Bridge, choice: ArchiveChoice, sum: ArchiveSum) {
    this.#bridge = bridge;
    this.choice = choice;
    this.sum = sum;
    this.lastByte = String(Math.max(0, sum.bytes - 1));
    this.firstByte = '0';
    void this.ask();
  }

  get folder(): TargetFolder | null {
    return this.#folder;
  }

  /** Of the last answer; it stays while it is asked for again. */
  get quote(): QuotedRetrieval | null {
    return this.#quote;
  }

  get counting(): boolean {
    return this.#counting;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  get starting(): boolean {
    return this.#starting;
  }

  get copies(): Copies {
    return this.#copies;
  }

  get ranged(): boolean {
    return this.#ranged;
  }

  /** Why the typed range cannot be retrieved, in words; null when it can, or the whole archive is wanted. */
  get rangeProblem(): string | null {
    const { range } = this;
    if (range === null) return null;
    if (!Number.isSafeInteger(range.first) || !Number.isSafeInteger(range.last)) return 'Type whole numbers of bytes.';
    return byteRangeProblem(range, this.sum.bytes);
  }

  get range(): ByteRange | null {
    if (!this.#ranged) return null;
    return { first: numberOf(this.firstByte), last: numberOf(this.lastByte) };
  }

  get canStart(): boolean {
    const { quote } = this;
    const hasWork = quote !== null && quote.archives + quote.folders > 0;
    return hasWork && this.#folder !== null && !this.#busy && this.rangeProblem === null;
  }

  get #busy(): boolean {
    return this.#counting || this.#starting;
  }

  /** Which of several archives of the same content, or of the same path, are retrieved. */
  retrieveCopies(copies: Copies): void {
    this.#copies = copies;
    void this.ask();
  }

  retrieveRange(ranged: boolean): void {
    this.#ranged = ranged;
    void this.ask();
  }

  async chooseFolder(): Promise<void> {
    const reply = await this.#bridge.invoke('retrievals:choose-folder', {});
    if (!reply.ok) this.#failure = reply.failure;
    else if (reply.value) {
      this.#folder = reply.value;
      void this.ask();
    }
  }

  /** Asks for the quote anew. */
  async ask(): Promise<void> {
    const question = ++this.#question;
    if (this.rangeProblem !== null) return;
    this.#counting = true;
    const { choice, range, copies } = this;
    const reply = await this.#bridge.invoke('retrievals:preview', {
      choice,
      range,
      copies,
      folderId: this.#folder?.id ?? null,
    });
    if (question !== this.#question) return;
    this.#counting = false;
    this.#failure = reply.ok ? null : reply.failure;
    this.#quote = reply.ok ? reply.value : null;
  }

  /** Retrieves what was quoted. Null when it cannot be started yet. */
  async start(): Promise<Result<RetrievalsAdded> | null> {
    const { quote, tier, onExisting } = this;
    if (!this.canStart || quote === null) return null;
    this.#starting = true;
    const reply = await this.#bridge.invoke('retrievals:enqueue', { token: quote.token, tier, onExisting });
    this.#starting = false;
    if (!reply.ok) this.#failure = reply.failure;
    // What it would be now has to be seen before it can be confirmed.
    if (!reply.ok && reply.failure.kind === 'choice-changed') this.#quote = null;
    return reply;
  }
}

function numberOf(typed: string): number {
  const digits = typed.replace(/[\s,._]/g, '');
  return /^\d+$/.test(digits) ? Number(digits) : NaN;
}

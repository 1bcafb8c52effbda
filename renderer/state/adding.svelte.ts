import type { AccountId } from '../../shared/account.ts';
import type { Bridge } from '../../shared/bridge.ts';
import type { Failure } from '../../shared/failure.ts';
import type { Result } from '../../shared/result.ts';
import type { Comparing, EnqueuedUploads, Preview, Selection } from '../../shared/selection.ts';
import { type Destination, rememberDestination } from './destination.ts';

export type PreviewState =
  | { kind: 'no-destination' }
  /** `comparing`: the file that is read to see whether it is an archive already. */
  | { kind: 'counting'; comparing: Comparing | null }
  | { kind: 'ready'; preview: Preview }
  | { kind: 'failed'; failure: Failure };

/** Chosen files on their way into the queue: where to, in which parts, and what would be uploaded. */
export class Adding {
  readonly selection: Selection;
  readonly #bridge: Bridge;
  #accountId = $state<AccountId | null>(null);
  #vault = $state<string | null>(null);
  #partSize = $state<number | null>(null);
  #again = $state(false);
  #state = $state.raw<PreviewState>({ kind: 'no-destination' });
  #starting = $state(false);
  #comparing = $state.raw<Comparing | null>(null);
  /** Answers to an earlier choice are dropped. */
  #question = 0;
  readonly #unsubscribe: () => void;

  constructor(bridge: Bridge, selection: Selection, accountId: AccountId | null) {
    this.#bridge = bridge;
    this.selection = selection;
    this.#accountId = accountId;
    this.#unsubscribe = bridge.on('adding:comparing', (comparing) => {
      this.#comparing = comparing;
      if (this.#state.kind === 'counting') this.#state = { kind: 'counting', comparing };
    });
  }

  /** Nobody wants it any more. */
  stop(): void {
    this.#unsubscribe();
    void this.#bridge.invoke('selection:stop', { selectionId: this.selection.id });
  }

  get accountId(): AccountId | null {
    return this.#accountId;
  }

  get vault(): string | null {
    return this.#vault;
  }

  /** Null: automatic. */
  get partSize(): number | null {
    return this.#partSize;
  }

  get again(): boolean {
    return this.#again;
  }

  get state(): PreviewState {
    return this.#state;
  }

  /** The file that is being read while the files are added; null when none is. */
  get comparing(): Comparing | null {
    return this.#starting ? this.#comparing : null;
  }

  get starting(): boolean {
    return this.#starting;
  }

  get canStart(): boolean {
    return this.#state.kind === 'ready' && this.#state.preview.files > 0 && !this.#starting;
  }

  chooseAccount(accountId: AccountId): void {
    this.#accountId = accountId;
    this.chooseVault(null);
  }

  chooseVault(vault: string | null): void {
    this.#vault = vault;
    void this.#ask();
  }

  choosePartSize(partSize: number | null): void {
    this.#partSize = partSize;
    void this.#ask();
  }

  uploadAgain(again: boolean): void {
    this.#again = again;
    void this.#ask();
  }

  /** Null when no vault is chosen yet. */
  async start(): Promise<Result<EnqueuedUploads> | null> {
    const choice = this.#choice();
    if (!choice || this.#starting) return null;
    this.#starting = true;
    this.#comparing = null;
    const reply = await this.#bridge.invoke('uploads:enqueue', choice);
    this.#starting = false;
    if (reply.ok) rememberDestination({ accountId: choice.accountId, vault: choice.vault });
    else this.#state = { kind: 'failed', failure: reply.failure };
    return reply;
  }

  async #ask(): Promise<void> {
    const question = ++this.#question;
    const choice = this.#choice();
    this.#state = choice ? { kind: 'counting', comparing: null } : { kind: 'no-destination' };
    if (!choice) return;
    const reply = await this.#bridge.invoke('selection:preview', choice);
    if (question !== this.#question) return;
    this.#state = reply.ok ? { kind: 'ready', preview: reply.value } : { kind: 'failed', failure: reply.failure };
  }

  #choice(): (Destination & { selectionId: Selection['id']; partSize: number | null; again: boolean }) | null {
    if (this.#accountId === null || this.#vault === null) return null;
    return {
      selectionId: this.selection.id,
      accountId: this.#accountId,
      vault: this.#vault,
      partSize: this.#partSize,
      again: this.#again,
    };
  }
}

import { createContext } from 'svelte';
import type { AccountId } from '../../shared/account.ts';
import type { ArchiveChoice, ArchiveSum } from '../../shared/archive.ts';
import type { Bridge, CommandName, Reply } from '../../shared/bridge.ts';
import type { AppInfo, Commands } from '../../shared/contract.ts';
import type { Failure } from '../../shared/failure.ts';
import { minuteOfDay, opensAt } from '../../shared/schedule.ts';
import type { Selection } from '../../shared/selection.ts';
import type { UploadView } from '../../shared/upload.ts';
import { describeProgress, type Surroundings } from '../../shared/words.ts';
import { Accounts } from './accounts.svelte.ts';
import { Adding } from './adding.svelte.ts';
import { Catalogue } from './catalogue.svelte.ts';
import { Chores } from './chores.svelte.ts';
import { Clock } from './clock.svelte.ts';
import { Confirmation } from './confirmation.svelte.ts';
import { Deleting } from './deleting.svelte.ts';
import { lastDestination } from './destination.ts';
import { FoundCopies } from './found-copies.svelte.ts';
import { Inventories } from './inventories.svelte.ts';
import { LocalChecks } from './local-checks.svelte.ts';
import { Messages } from './messages.svelte.ts';
import { Preferences } from './preferences.svelte.ts';
import { RecordNotices } from './record-notices.svelte.ts';
import { Proxies } from './proxies.svelte.ts';
import { Queue } from './queue.svelte.ts';
import { Retrievals } from './retrievals.svelte.ts';
import { Retrieving } from './retrieving.svelte.ts';
import { stoppable } from './stoppable-bridge.ts';
import { VaultLists } from './vault-lists.svelte.ts';
import { Waits } from './waits.svelte.ts';

export type View = 'queue' | 'catalogue' | 'vaults' | 'retrievals' | 'deletions' | 'settings';

/** `choice`: null for all that is searched for. `sum`: null until it is counted. */
export type Exporting = { choice: ArchiveChoice | null; sum: ArchiveSum | null };

/** All that the window knows and can ask for. */
export class Model {
  readonly bridge: Bridge;
  readonly clock = new Clock();
  readonly messages = new Messages();
  readonly confirmation = new Confirmation();
  readonly notices = new RecordNotices();
  readonly accounts = new Accounts();
  readonly waits = new Waits();
  readonly checks = new LocalChecks();
  readonly copies = new FoundCopies();
  readonly preferences = new Preferences();
  readonly proxies: Proxies;
  readonly vaults: VaultLists;
  readonly catalogue: Catalogue;
  readonly inventories: Inventories;
  readonly queue: Queue;
  readonly retrievals = new Retrievals(this.clock, this.waits, (id) => this.#problemOf(id));
  readonly chores = new Chores({
    clock: this.clock,
    problemOf: (id) => this.#problemOf(id),
    onclosed: (accountId, vault) => {
      this.vaults.drop(accountId, vault);
    },
  });
  view = $state<View>('queue');
  #info = $state.raw<AppInfo | null>(null);
  #adding = $state.raw<Adding | null>(null);
  #retrieving = $state.raw<Retrieving | null>(null);
  #deleting = $state.raw<Deleting | null>(null);
  #exporting = $state.raw<Exporting | null>(null);
  #broken = $state.raw<Failure | null>(null);
  /** Firn is ending, and nothing more can be asked of it. */
  finishing = $state(false);

  /** Minutes since midnight at which the schedule lets uploads run again; null when they may run now. */
  readonly opensAt: number | null = $derived.by(() => {
    const { settings } = this.preferences;
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- a moment, not a state
    return settings?.schedule ? opensAt(settings, minuteOfDay(new Date(this.clock.now))) : null;
  });

  readonly #elsewhere: Surroundings = $derived({
    queuePaused: this.preferences.queuePaused,
    accountProblem: null,
    opensAt: this.opensAt,
  });

  /** What surrounds the uploads of each account; asked for each upload of the queue, so it is made once. */
  readonly #surroundings: Readonly<Record<AccountId, Surroundings>> = $derived(
    Object.fromEntries(
      this.accounts.all.map(({ id, problem }) => [id, { ...this.#elsewhere, accountProblem: problem }]),
    ),
  );

  /** Ends all subscriptions. */
  readonly close: () => void;

  constructor(outside: Bridge) {
    const { bridge, stop } = stoppable(outside);
    this.bridge = bridge;
    this.close = stop;
    bridge.on('app:finishing', () => {
      this.finishing = true;
    });
    this.proxies = new Proxies(bridge);
    this.vaults = new VaultLists(bridge);
    this.catalogue = new Catalogue(bridge, (failure) => {
      this.messages.warn(failure);
    });
    this.inventories = new Inventories(bridge, (id) => this.#problemOf(id), this.waits);
    this.queue = new Queue((accountId) => this.#surroundings[accountId] ?? this.#elsewhere);
  }

  get info(): AppInfo | null {
    return this.#info;
  }

  /** The files that are being added; null when none are. */
  get adding(): Adding | null {
    return this.#adding;
  }

  /** The archives that are about to be retrieved; null when none are. */
  get retrieving(): Retrieving | null {
    return this.#retrieving;
  }

  /** The archives that are about to be deleted; null when none are. */
  get deleting(): Deleting | null {
    return this.#deleting;
  }

  /** What is about to be written into a file; null when nothing is. */
  get exporting(): Exporting | null {
    return this.#exporting;
  }

  /** Why the window could not be filled. */
  get broken(): Failure | null {
    return this.#broken;
  }

  get ready(): boolean {
    return this.accounts.ready && this.queue.ready && this.retrievals.ready && this.chores.ready && this.#info !== null;
  }

  async connect(): Promise<void> {
    const [notices, accounts, waits, settings, inventories, queue, retrievals, chores, info, checks, copies, proxies] =
      await Promise.all([
        this.notices.connect(this.bridge),
        this.accounts.connect(this.bridge),
        this.waits.connect(this.bridge),
        this.preferences.connect(this.bridge),
        this.inventories.connect(),
        this.queue.connect(this.bridge),
        this.retrievals.connect(this.bridge),
        this.chores.connect(this.bridge),
        this.#learn(),
        this.checks.connect(this.bridge),
        this.copies.connect(this.bridge),
        this.proxies.connect(),
      ]);
    this.#broken =
      notices ??
      accounts ??
      waits ??
      settings ??
      inventories ??
      failureOf(queue) ??
      failureOf(retrievals) ??
      failureOf(chores) ??
      info ??
      checks ??
      copies ??
      proxies;
    this.catalogue.connect();
  }

  /** Not left for the end: of a large queue the window shows the first piece while the others are on their way. */
  async #learn(): Promise<Failure | null> {
    const reply = await this.bridge.invoke('app:info', {});
    if (!reply.ok) return reply.failure;
    this.#info = reply.value;
    return null;
  }

  /** Runs a command whose failure has no better place than a message; undefined when it failed. */
  async run<N extends CommandName>(name: N, input: Commands[N]['input']): Promise<Commands[N]['output'] | undefined> {
    const reply = await this.bridge.invoke(name, input);
    if (reply.ok) return reply.value;
    this.messages.warn(reply.failure);
    return undefined;
  }

  /** Phase and hold of an upload in words. The clock is read only where the words depend on it. */
  status(upload: UploadView): string {
    const now = upload.hold === null ? 0 : this.clock.now;
    return describeProgress(upload, this.queue.live(upload), now, this.queue.surroundings(upload));
  }

  async choose(what: 'files' | 'folder'): Promise<void> {
    this.#take(await this.bridge.invoke('selection:choose', { what }));
  }

  async drop(files: readonly File[]): Promise<void> {
    this.#take(await this.bridge.drop(files));
  }

  retrieve(choice: ArchiveChoice, sum: ArchiveSum): void {
    this.#retrieving = new Retrieving(this.bridge, choice, sum);
  }

  stopRetrieving(): void {
    this.#retrieving = null;
  }

  /** `name`: of a single archive, as it is called in the window. */
  delete(choice: ArchiveChoice, sum: ArchiveSum, name: string | null): void {
    this.#deleting = new Deleting(this.bridge, choice, sum, name);
  }

  stopDeleting(): void {
    this.#deleting = null;
  }

  export(exporting: Exporting): void {
    this.#exporting = exporting;
  }

  stopExporting(): void {
    this.#exporting = null;
  }

  stopAdding(): void {
    this.#adding?.stop();
    this.#adding = null;
  }

  async pauseAll(queuePaused: boolean): Promise<void> {
    const failure = await this.preferences.change(this.bridge, { queuePaused });
    if (failure) this.messages.warn(failure);
  }

  /** Whether nothing of the account can go on until the user signs in. */
  accountWaits(accountId: AccountId): boolean {
    return this.#problemOf(accountId) !== null;
  }

  #problemOf(accountId: AccountId): Failure | null {
    return this.#surroundings[accountId]?.accountProblem ?? null;
  }

  #take(reply: Reply<Selection | null>): void {
    if (!reply.ok) this.messages.warn(reply.failure);
    else if (reply.value) this.#adding = new Adding(this.bridge, reply.value, this.#likelyAccount());
  }

  #likelyAccount(): Adding['accountId'] {
    const last = lastDestination()?.accountId;
    const known = last === undefined ? undefined : this.accounts.get(last);
    return (known ?? this.accounts.all[0])?.id ?? null;
  }
}

function failureOf(reply: Reply<unknown>): Failure | null {
  return reply.ok ? null : reply.failure;
}

/** The model of the window, for every component below App. */
export const [getModel, setModel] = createContext<Model>();

import type { FoundCopy } from '../../shared/catalogue-copy.ts';
import type { Imported } from '../../shared/catalogue-exchange.ts';
import type { Checkup } from '../../shared/checkup.ts';
import { type AccountId, usableSource } from '../../shared/account.ts';
import { type Archive, type ArchivePage, type VaultSum, standingOf } from '../../shared/archive.ts';
import type { Bridge, CommandName, EventName, Reply } from '../../shared/bridge.ts';
import type {
  AccountView,
  AppInfo,
  Changes,
  Commands,
  Events,
  KeptProxyLogin,
  TargetFolder,
} from '../../shared/contract.ts';
import type { InventoryView } from '../../shared/inventory.ts';
import type { CheckProgress } from '../../shared/local-check.ts';
import type { Power } from '../../shared/cpu-use.ts';
import type { ChoreView } from '../../shared/chore.ts';
import type { DeletionPreview, EmptyingPreview } from '../../shared/deletion-preview.ts';
import type { Profile } from '../../shared/endpoints.ts';
import type { Notice } from '../../shared/notice.ts';
import type { Quote } from '../../shared/retrieval-quote.ts';
import type { RetrievalView } from '../../shared/retrieval.ts';
import { ok } from '../../shared/result.ts';
import type { Preview, Selection, SelectionId } from '../../shared/selection.ts';
import type { Settings } from '../../shared/settings.ts';
import type { UploadDetail, UploadView } from '../../shared/upload.ts';
import type { Vault } from '../../shared/vault.ts';
import type { Wait } from '../../shared/wait.ts';
import { choreAnswers } from './fake-chores.ts';
import { retrievalAnswers } from './fake-retrievals.ts';

/** What a fake main process knows. Tests set it before the window asks. */
export type World = {
  info: AppInfo;
  notices: Notice[];
  accounts: AccountView[];
  waits: Wait[];
  profiles: Profile[];
  proxies: KeptProxyLogin[];
  settings: Settings;
  power: Power;
  vaults: Vault[];
  uploads: UploadView[];
  archives: Archive[];
  /** The numbers of those that are about to be deleted. */
  doomed: number[];
  inventories: InventoryView[];
  copies: FoundCopy[];
  retrievals: RetrievalView[];
  chores: ChoreView[];
  deletion: DeletionPreview;
  emptying: EmptyingPreview;
  quote: Quote;
  targetFolder: TargetFolder | null;
  selection: Selection | null;
  preview: Preview;
  checkup: Checkup;
  imported: Imported;
  /** What `archives:check` answers, by the archive's number. */
  checks: Record<number, Commands['archives:check']['output']>;
  checkProgress: CheckProgress;
  detail: (upload: UploadView) => UploadDetail;
};

type Output<N extends CommandName> = Commands[N]['output'];
type Answer<N extends CommandName> = (input: Commands[N]['input']) => Reply<Output<N>> | Promise<Reply<Output<N>>>;
export type Answers = { [N in CommandName]: Answer<N> };

/** The outside world of the window, in memory: answers from `world`, and remembers what was asked. */
export class FakeBridge implements Bridge {
  readonly world: World;
  readonly asked: { name: CommandName; input: unknown }[] = [];
  readonly dropped: (readonly File[])[] = [];
  /** How often the window asked for a new start, and for the end. */
  starts = 0;
  quits = 0;
  readonly #answers: Answers;
  readonly #listeners = new Map<EventName, Set<(payload: never) => void>>();
  #version = 1;

  constructor(world: World) {
    this.world = world;
    this.#answers = answersOf(world, this);
  }

  /** Answers a command otherwise from now on. */
  answer<N extends CommandName>(name: N, answer: Answer<N>): void {
    this.#answers[name] = answer as Answers[N];
  }

  inputsOf<N extends CommandName>(name: N): Commands[N]['input'][] {
    return this.asked.filter((one) => one.name === name).map(({ input }) => input as Commands[N]['input']);
  }

  emit<E extends EventName>(name: E, payload: Events[E]): void {
    for (const listener of this.#listeners.get(name) ?? []) (listener as (payload: Events[E]) => void)(payload);
  }

  /** Changes the queue as main would: the world first, then the event. */
  change(items: UploadView[], removed: string[] = []): void {
    const gone = new Set([...removed, ...items.map(({ id }) => id)]);
    this.world.uploads = [...this.world.uploads.filter(({ id }) => !gone.has(id)), ...items];
    this.#version += 1;
    this.emit('uploads:changed', { version: this.#version, items, removed } satisfies Changes<UploadView>);
  }

  /** The same for the inventories. */
  changeInventories(items: InventoryView[]): void {
    const gone = new Set(items.map(({ id }) => id));
    this.world.inventories = [...this.world.inventories.filter(({ id }) => !gone.has(id)), ...items];
    this.#version += 1;
    this.emit('inventories:changed', { version: this.#version, items, removed: [] } satisfies Changes<InventoryView>);
  }

  /** The same for what tasks wait for together. */
  changeWaits(waits: Wait[]): void {
    this.world.waits = waits;
    this.emit('waits:changed', waits);
  }

  /** The same for the copies of the catalogue. */
  changeCopies(copies: FoundCopy[]): void {
    this.world.copies = copies;
    this.emit('copies:changed', copies);
  }

  /** The same for the retrievals. */
  changeRetrievals(items: RetrievalView[], removed: string[] = []): void {
    const gone = new Set([...removed, ...items.map(({ id }) => id)]);
    this.world.retrievals = [...this.world.retrievals.filter(({ id }) => !gone.has(id)), ...items];
    this.#version += 1;
    this.emit('retrievals:changed', { version: this.#version, items, removed } satisfies Changes<RetrievalView>);
  }

  /** The same for the chores. */
  changeChores(items: ChoreView[], removed: string[] = []): void {
    const gone = new Set([...removed, ...items.map(({ id }) => id)]);
    this.world.chores = [...this.world.chores.filter(({ id }) => !gone.has(id)), ...items];
    this.#version += 1;
    this.emit('chores:changed', { version: this.#version, items, removed } satisfies Changes<ChoreView>);
  }

  get version(): number {
    return this.#version;
  }

  async invoke<N extends CommandName>(name: N, input: Commands[N]['input']): Promise<Reply<Output<N>>> {
    this.asked.push({ name, input });
    const answer: Answer<N> = this.#answers[name];
    return await answer(input);
  }

  on<E extends EventName>(name: E, listener: (payload: Events[E]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  startAgain(): Promise<void> {
    this.starts += 1;
    return Promise.resolve();
  }

  quit(): Promise<void> {
    this.quits += 1;
    return Promise.resolve();
  }

  drop(files: readonly File[]): Promise<Reply<Selection | null>> {
    this.dropped.push(files);
    return Promise.resolve(ok({ id: 'dropped' as SelectionId, names: files.map(({ name }) => name) }));
  }
}

function answersOf(world: World, bridge: FakeBridge): Answers {
  const putAccount = (account: AccountView): Reply<AccountView> => {
    world.accounts = [...world.accounts.filter(({ id }) => id !== account.id), account];
    bridge.emit('accounts:changed', world.accounts);
    return ok(account);
  };
  return {
    'app:info': () => ok(world.info),
    'notices:list': () => ok(world.notices),
    'notices:dismiss': ({ id }) => {
      world.notices = world.notices.filter((one) => one.id !== id);
      bridge.emit('notices:changed', world.notices);
      return ok(null);
    },
    'accounts:list': () => ok(world.accounts),
    'waits:list': () => ok(world.waits),
    'accounts:profiles': () => ok(world.profiles),
    'accounts:add': (input) => putAccount(accountOf(input, world.accounts.length)),
    'accounts:sign-in': ({ id }) => {
      const account = world.accounts.find((one) => one.id === id);
      if (!account) throw new Error(`no account ${id}`);
      return putAccount({ ...account, problem: null });
    },
    'accounts:confirm': ({ id, endpointUrl }) => {
      const account = world.accounts.find((one) => one.id === id);
      if (!account) throw new Error(`no account ${id}`);
      return putAccount({ ...account, source: usableSource(account).source, endpointUrl, problem: null });
    },
    'accounts:remove': ({ id }) => {
      world.accounts = world.accounts.filter((one) => one.id !== id);
      bridge.emit('accounts:changed', world.accounts);
      return ok(null);
    },
    'accounts:check-up': () => ok(world.checkup),
    'proxies:list': () => ok(world.proxies),
    'proxies:log-in': ({ proxy, remember }) => {
      const others = world.proxies.filter((one) => one.proxy !== proxy);
      world.proxies = [...others, { proxy, kept: remember ? 'encrypted' : 'session' }];
      return ok(null);
    },
    'proxies:forget': ({ proxy }) => {
      world.proxies = world.proxies.filter((one) => one.proxy !== proxy);
      return ok(null);
    },
    'vaults:list': () => ok(world.vaults),
    'vaults:create': ({ name }) => {
      const vault: Vault = {
        name,
        arn: `arn:aws:glacier:::vaults/${name}`,
        createdAt: Date.now(),
        inventoryAt: null,
        archives: 0,
        size: 0,
      };
      world.vaults = [...world.vaults, vault];
      return ok(vault);
    },
    'selection:choose': () => ok(world.selection),
    'selection:preview': () => ok(world.preview),
    'selection:stop': () => ok(null),
    'files:go-on-there': () => ok({ uploads: 2, archives: 3, missing: 1, differing: 0, twice: 0 }),
    'files:find': () => ok({ uploads: 2, archives: 3, missing: 1, differing: 0, twice: 0 }),
    'uploads:list': () => ok({ version: bridge.version, items: world.uploads, next: null }),
    'uploads:enqueue': () => {
      const { files, bytes, alreadyThere, leftOut, leftOutCount } = world.preview;
      const { beside, instead, placeholders } = world.preview;
      const unexpected = { beside, instead, placeholders };
      return ok({ added: files, bytes, alreadyThere, ...unexpected, stopped: null, leftOut, leftOutCount, noFiles: 0 });
    },
    'uploads:pause': () => ok(null),
    'uploads:resume': () => ok(null),
    'uploads:cancel': () => ok({ waiting: 0 }),
    'uploads:move': () => ok(null),
    'uploads:start-over': () => ok({ added: 1, bytes: 1, alreadyThere: 0, leftOut: [], leftOutCount: 0 }),
    'uploads:clear': () => ok({ cleared: 0 }),
    'uploads:detail': ({ id }) => {
      const upload = world.uploads.find((one) => one.id === id);
      if (!upload) throw new Error(`no upload ${id}`);
      return ok(world.detail(upload));
    },
    'archives:search': (input) => {
      const page = search(world.archives, input);
      return ok({ ...page, doomed: world.doomed.filter((id) => page.items.some((archive) => archive.id === id)) });
    },
    'archives:between': ({ from, to, ...filter }) => {
      const { items } = search(world.archives, { ...filter, offset: 0, limit: world.archives.length });
      const [low, high] = [Math.min(from, to), Math.max(from, to)];
      return ok(items.map(({ id }) => id).filter((id) => id >= low && id <= high));
    },
    'archives:by-vault': () => ok(byVault(world.archives)),
    'inventories:list': () => ok({ version: bridge.version, items: world.inventories, next: null }),
    'inventories:take': () => ok(null),
    'inventories:resume': () => ok(null),
    'inventories:cancel': () => ok(null),
    'archives:sum': ({ choice }) => {
      const sizes = chosenOf(world.archives, choice).map(({ size }) => size);
      return ok({ count: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) });
    },
    ...retrievalAnswers(world, bridge),
    'catalogue:copy': () => ok({ added: 1, bytes: 1, alreadyThere: 0, leftOut: [], leftOutCount: 0 }),
    'copies:list': () => ok(world.copies),
    'copies:bring-back': ({ id }) => {
      bridge.changeCopies(world.copies.map((copy) => (copy.id === id ? { ...copy, state: { kind: 'coming' } } : copy)));
      return ok(null);
    },
    'copies:dismiss': ({ id }) => {
      bridge.changeCopies(world.copies.filter((copy) => copy.id !== id));
      return ok(null);
    },
    'catalogue:export': ({ choice }) => {
      const sizes = chosenOf(world.archives, choice).map(({ size }) => size);
      return ok({ archives: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) });
    },
    'catalogue:import': () => ok(world.imported),
    'archives:check': ({ id }) =>
      ok(world.checks[id] ?? { check: null, waiting: false, safety: { kind: 'never-checked' } }),
    'checks:progress': () => ok(world.checkProgress),
    'checks:ask': ({ choice }) => {
      const chosen = chosenOf(world.archives, choice);
      return ok({ count: chosen.length, bytes: chosen.reduce((sum, { size }) => sum + size, 0) });
    },
    'checks:cancel': () => ok({ cancelled: world.checkProgress.waiting.count }),
    ...choreAnswers(world, bridge),
    'clipboard:copy': () => ok(null),
    'file:reveal': () => ok(null),
    'power:get': () => ok(world.power),
    'settings:get': () => ok(world.settings),
    'settings:set': (patch) => {
      world.settings = { ...world.settings, ...patch } as Settings;
      bridge.emit('settings:changed', world.settings);
      return ok(world.settings);
    },
  };
}

const noTrouble = { problem: null, isInside: false };

function accountOf(input: Commands['accounts:add']['input'], number: number): AccountView {
  const id = `account-${number}` as AccountId;
  switch (input.kind) {
    case 'practice':
      return {
        id,
        name: 'Practice vault',
        source: { kind: 'practice' },
        region: 'us-east-1',
        endpointUrl: null,
        number: null,
        ...noTrouble,
        isInside: true,
      };
    case 'profile': {
      const { name, profile, region, endpointUrl } = input;
      return { id, name, source: { kind: 'profile', profile }, region, endpointUrl, number: null, ...noTrouble };
    }
    case 'keys': {
      const { name, accessKeyId, region, endpointUrl, remember } = input;
      const kept = remember ? 'encrypted' : 'session';
      return {
        id,
        name,
        source: { kind: 'keys', accessKeyId, kept },
        region,
        endpointUrl,
        number: null,
        ...noTrouble,
      };
    }
  }
}

function chosenOf(archives: Archive[], choice: Commands['archives:sum']['input']['choice']): Archive[] {
  if (choice.kind === 'ids') return archives.filter(({ id }) => choice.ids.includes(id));
  const { items } = search(archives, { ...choice, offset: 0, limit: archives.length });
  return items.filter(({ id }) => !choice.except.includes(id));
}

function byVault(archives: Archive[]): VaultSum[] {
  const sums: VaultSum[] = [];
  for (const { accountId, vault, size } of archives) {
    let sum = sums.find((one) => one.accountId === accountId && one.vault === vault);
    if (!sum) sums.push((sum = { accountId, vault, archives: 0, bytes: 0 }));
    sum.archives += 1;
    sum.bytes += size;
  }
  return sums;
}

function search(
  archives: Archive[],
  { text, vault, standing, offset, limit }: Commands['archives:search']['input'],
): ArchivePage {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = archives.filter((archive) => {
    const where = `${archive.path ?? ''} ${archive.description}`.toLowerCase();
    if (standing !== null && standingOf(archive) !== standing) return false;
    return (vault === null || archive.vault === vault) && words.every((word) => where.includes(word));
  });
  const totalBytes = found.reduce((sum, { size }) => sum + size, 0);
  return { total: found.length, totalBytes, items: found.slice(offset, offset + limit) };
}

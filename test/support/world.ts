import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Choice } from '../../main/uploads/enqueue.ts';
import type { Upload } from '../../main/core/store-ports.ts';
import type { App } from '../../main/app/app.ts';
import { openApp } from '../../main/app/open.ts';
import {
  PRACTICE_CREDENTIALS,
  type PracticeCredentials,
  type PracticeRules,
  type PracticeService,
  startPracticeService,
} from '../../main/practice/server.ts';
import type { AccountId } from '../../shared/account.ts';
import type { Settings } from '../../shared/settings.ts';
import { MiB } from '../../shared/units.ts';
import type { Wait } from '../../shared/wait.ts';
import type { UploadId } from '../../shared/upload.ts';
import { keyring } from './keyring.ts';
import { Line } from './line.ts';
import { PracticeClient } from './practice-client.ts';
import { brokenPromises } from './promises.ts';
import { TestClock, worldNow } from './test-clock.ts';

export type WorldOptions = {
  rules?: Partial<PracticeRules>;
  settings?: Partial<Settings>;
  credentials?: PracticeCredentials;
  /** How far this computer's clock is from the service's, from the beginning. */
  clockOffsetMs?: number;
  /** Where queue and catalogue live; a folder of its own by default. */
  dataFolder?: string;
  /** Where drives are mounted. */
  volumes?: () => readonly string[];
};

export const VAULT = 'photos';
/** What Firn signs with; everybody else has other keys. */
export const OWN_KEYS: PracticeCredentials = { accessKeyId: 'AKIAOFFIRN0000000000', secretAccessKey: 'secret/of/firn' };
const PATIENCE_MS = 20_000;
/** Bytes per second. */
const LINE_RATE = 100 * MiB;
const codeFolder = fileURLToPath(new URL('../../out/main', import.meta.url));

/**
 * Firn whole, as it runs without its window: real files, a real database, the built workers, and a practice vault behind
 * a line that may misbehave. Only the clocks are the test's. Gone after the test.
 */
export class World {
  readonly folder = mkdtempSync(join(tmpdir(), 'firn-world-'));
  readonly clock = new TestClock();
  /** What the service accepts, Firn's own first; may be changed at any time. */
  readonly credentials: PracticeCredentials[];
  /** Archives that others put into the vault. */
  readonly foreign = new Set<string>();
  /** Ranges that may be sent again, because the service lost them or took them wrong; of any multipart upload. */
  readonly excused = new Set<string>();
  /** Descriptions of uploads that were cancelled while nobody could look for what their lost initiate had begun. */
  readonly excusedStrays = new Set<string>();
  /** Tree hashes of uploads that were cancelled while only an inventory could tell whether the archive exists. */
  readonly forgotten = new Set<string>();
  /** What went wrong inside Firn. */
  readonly bugs: string[] = [];
  /** All that Firn wrote into its log, without the details. */
  readonly logged: string[] = [];
  /** All that uploads waited for with others. */
  readonly waited: Wait[] = [];
  readonly client: PracticeClient;
  readonly #options: WorldOptions;
  #dataFolder: string;
  #serviceOffsetMs = 0;
  #lives = 0;
  /** The number of the AWS account that the keys are of; null for the usual one. */
  #awsAccount: string | null = null;
  #vault!: PracticeService;
  #line!: Line;
  #app: App | null = null;
  #accountId!: AccountId;

  private constructor(options: WorldOptions) {
    this.#options = options;
    this.#dataFolder = options.dataFolder ?? join(this.folder, 'data');
    this.credentials = [options.credentials ?? OWN_KEYS, PRACTICE_CREDENTIALS];
    this.clock.set(options.clockOffsetMs ?? 0);
    const at = { url: '' };
    Object.defineProperty(at, 'url', { get: () => this.#vault.url });
    this.client = new PracticeClient(at, () => ({ at: this.serviceNow() }));
  }

  /** With an account and an empty vault; the queue runs. */
  static async open(options: WorldOptions = {}): Promise<World> {
    const world = new World(options);
    onTestFinished(() => world.end(), 3 * PATIENCE_MS);
    await world.#startVault();
    world.#line = await Line.open(() => world.#vault.url);
    await world.client.createVault(VAULT);
    await world.openFirn();
    await world.#addAccount();
    // As on a computer that has uploaded before: a line that nobody has measured takes one part at first.
    world.app.uploads.keepLineRate(LINE_RATE);
    return world;
  }

  get app(): App {
    if (!this.#app) throw new Error('Firn is not open');
    return this.#app;
  }

  get line(): Line {
    return this.#line;
  }

  get vault(): PracticeService {
    return this.#vault;
  }

  get accountId(): AccountId {
    return this.#accountId;
  }

  get dataFolder(): string {
    return this.#dataFolder;
  }

  get practiceFolder(): string {
    return join(this.folder, this.#awsAccount ?? 'practice');
  }

  serviceNow(): number {
    return worldNow() + this.#serviceOffsetMs;
  }

  /** Time passes for everybody. */
  pass(ms: number): void {
    this.#serviceOffsetMs += ms;
    this.clock.pass(ms);
  }

  /** A new file of random bytes; its path. */
  file(name: string, content: number | Uint8Array = 3 * MiB): string {
    const path = join(this.folder, 'files', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'number' ? randomBytes(content) : content);
    return path;
  }

  /** Queues the files in parts of 1 MiB; the ids of their newest uploads. */
  async add(paths: readonly string[], changes: Partial<Choice> = {}): Promise<UploadId[]> {
    const choice = { accountId: this.#accountId, vault: VAULT, partSize: MiB, preferredPartSize: MiB, again: false };
    const added = await this.app.queue.enqueue(paths, { ...choice, ...changes });
    if (!added.ok) throw new Error(JSON.stringify(added.failure));
    const uploads = this.app.uploads.list();
    return paths.map((path) => uploads.findLast((upload) => upload.path === path)?.id ?? missing(path));
  }

  upload(id: UploadId): Upload {
    const { uploads } = this.app;
    const hold = uploads.views([id])[0]?.hold ?? null;
    return { ...(uploads.get(id) ?? missing(id)), hold };
  }

  /** `uploading`, or `uploading failed file-changed`: phase, hold, and failure of an upload. */
  state(id: UploadId): string {
    const { phase, hold } = this.upload(id);
    const failure = hold && 'failure' in hold ? hold.failure.kind : null;
    return [phase.kind, hold?.kind, failure].filter((word) => word).join(' ');
  }

  /** The kinds of what happened to an upload, in order. */
  events(id: UploadId): string[] {
    return this.app.uploads.events(id, 10_000).map(({ kind }) => kind);
  }

  /** Resolves when the condition holds; fails after 20 s with what the queue looks like. */
  async until(what: string, condition: () => boolean): Promise<void> {
    const giveUpAt = Date.now() + PATIENCE_MS;
    while (!condition()) {
      if (Date.now() > giveUpAt) throw new Error(`Never: ${what}. ${this.#look()}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** The same, while time passes in such steps whenever nothing runs. */
  async wait(what: string, stepMs: number, condition: () => boolean): Promise<void> {
    await this.until(what, () => {
      if (condition()) return true;
      if (this.app.uploads.openIds().every((id) => !this.app.engine.runner.isRunning(id))) this.pass(stepMs);
      return false;
    });
  }

  /** Resolves when the upload is in that state, as `state` says it. */
  async reaches(id: UploadId, state: string): Promise<void> {
    await this.until(`${basename(this.upload(id).path)} ${state}`, () => this.state(id) === state);
  }

  /** Resolves when every upload is over or needs somebody. */
  async rest(): Promise<void> {
    await this.until('rest', () => this.isAtRest());
  }

  /** Whether nothing runs. */
  get isIdle(): boolean {
    return this.app.engine.runner.isIdle;
  }

  isAtRest(): boolean {
    return this.app.uploads.openIds().every((id) => this.#rests(id));
  }

  /** Resolves when nothing of the upload runs. */
  async still(id: UploadId): Promise<void> {
    await this.until('still', () => !this.app.engine.runner.isRunning(id));
  }

  /** Quits Firn and starts it again. */
  async restart(): Promise<void> {
    await this.quit();
    await this.openFirn();
  }

  async quit(): Promise<void> {
    await this.#app?.close();
    this.#app = null;
  }

  /**
   * The power fails: all that is left of Firn is what its disk has at this moment, and every connection is cut. The old
   * life is wound up on a folder and a line that nobody looks at.
   */
  async crash(): Promise<void> {
    const next = join(this.folder, `data-${(this.#lives += 1)}`);
    const left = (path: string): boolean => !/(?:^|\/)lock(?:-|$)|-shm$|\.partial/.test(path);
    cpSync(this.#dataFolder, next, { recursive: true, filter: (path) => path === this.#dataFolder || left(path) });
    this.#line.down();
    await this.quit();
    this.#line.up();
    this.#dataFolder = next;
    await this.openFirn();
  }

  async openFirn(): Promise<void> {
    const opened = await openApp({
      dataFolder: this.#dataFolder,
      codeFolder,
      secrets: keyring,
      log: (message, details) => {
        this.logged.push(message);
        if (message === 'a step failed' || message === 'task failed')
          this.bugs.push(`${message}: ${JSON.stringify(details)}`);
      },
      clock: this.clock,
      // Short waits, so that tests are quick.
      random: () => 0.02,
      volumes: () => Promise.resolve(this.#options.volumes?.() ?? []),
      ...(this.#options.settings && { settings: this.#options.settings }),
    });
    if (!opened.ok) throw new Error(JSON.stringify(opened.failure));
    this.#app = opened.value;
    const { waits } = opened.value.engine;
    waits.onChange(() => this.waited.push(...waits.list()));
    this.#app.engine.runner.start();
  }

  /** All that Firn knew on this computer is lost, and it begins anew with the same vaults. */
  async forgetAll(): Promise<void> {
    await this.quit();
    rmSync(this.#dataFolder, { recursive: true });
    await this.openFirn();
    await this.#addAccount();
  }

  /** The service is down while `meanwhile` runs. */
  async restartVault(meanwhile: () => void = () => undefined): Promise<void> {
    await this.#vault.close();
    meanwhile();
    await this.#startVault();
  }

  /** From now on Firn's keys are those of another AWS account, with its own vaults; null: of the first one again. */
  async switchAwsAccount(number: string | null): Promise<void> {
    await this.restartVault(() => {
      this.#awsAccount = number;
    });
  }

  /** What of Firn's promises does not hold; empty when all is well. */
  broken(): Promise<string[]> {
    return brokenPromises(this);
  }

  async end(): Promise<void> {
    // Requests that stand at a gate would be heard out.
    this.#line.down();
    await this.quit();
    await this.#line.close();
    await this.#vault.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #addAccount(): Promise<void> {
    const { sessionToken = null, ...keys } = this.#options.credentials ?? OWN_KEYS;
    const place = { name: 'Test', region: 'us-east-1', endpointUrl: this.#line.url };
    const added = await this.app.accounts.add({ kind: 'keys', ...place, ...keys, sessionToken, remember: true });
    if (!added.ok) throw new Error(`The account was not accepted: ${JSON.stringify(added.failure)}`);
    this.#accountId = added.value.id;
  }

  async #startVault(): Promise<void> {
    this.#vault = await startPracticeService({
      folder: this.practiceFolder,
      clock: () => this.serviceNow(),
      credentials: this.credentials,
      ...(this.#awsAccount !== null && { accountNumber: this.#awsAccount }),
      ...(this.#options.rules && { rules: this.#options.rules }),
    });
  }

  #rests(id: UploadId): boolean {
    const { hold, accountId } = this.upload(id);
    if (this.app.engine.runner.isRunning(id)) return false;
    if (hold?.kind === 'paused' || hold?.kind === 'failed') return true;
    return this.app.settings().queuePaused || this.app.accountWaits.isWaiting(accountId);
  }

  #look(): string {
    const states = this.app.uploads.list().map(({ id, path }) => `${basename(path)}: ${this.state(id)}`);
    const asked = this.#line.passages.slice(-10).map(({ operation, status }) => `${operation} ${status}`);
    return [...states, ...this.bugs, `last on the line: ${asked.join(', ')}`].join('; ');
  }
}

function missing(what: string): never {
  throw new Error(`There is no upload ${what}`);
}

import Database from 'better-sqlite3';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Application } from './application.ts';
import { endsWithUs } from './children.ts';
import type { KillOrders } from './kill-orders.ts';
import type { Watcher } from './watcher.ts';

export const AT_RANDOM = 'a random instant';

/** How a life of Firn ended. `killedAt`: the named point, `AT_RANDOM`, or null when it came to its own end. */
export type Ending = { killedAt: string | null; code: number | null };

/** A row that the command line printed as JSON. */
export type Row = Readonly<Record<string, unknown>>;

/** Runs Firn with one data folder, life after life, and keeps all that it says in `firn.log`. */
export class Lives {
  readonly dataFolder: string;
  readonly #watcher: Watcher;
  readonly #application: Application;
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(application: Application, folder: string, env: Record<string, string>, watcher: Watcher) {
    this.#watcher = watcher;
    this.dataFolder = join(folder, 'data');
    this.#application = application;
    this.#folder = folder;
    this.#env = {
      ...process.env,
      ...env,
      AWS_CONFIG_FILE: '/nonexistent',
      AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    };
  }

  /** A life of the command line. Ends by itself, at a point of the orders, or after `orders.afterMs`. */
  async command(args: readonly string[], orders: KillOrders): Promise<Ending> {
    const { cli, killPoints } = this.#application;
    const all = ['--import', killPoints, cli, '--data', this.dataFolder, '--json', ...args];
    const child = endsWithUs(
      spawn(process.execPath, all, { env: this.#ordering(orders), stdio: ['ignore', 'pipe', 'pipe'] }),
    );
    this.#note(`${JSON.stringify(args)} ${JSON.stringify(orders)}`);
    this.#listen(child);
    return this.#untilEnd(child, orders.afterMs, () => child.kill('SIGKILL'));
  }

  /** A life of the desktop application, which would never end by itself: it is killed when nothing is left to do, too. */
  async desktop(orders: KillOrders): Promise<Ending> {
    const electron = createRequire(import.meta.url)('electron') as unknown as string;
    const args = [this.#application.folder, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
    const env = { ...this.#ordering(orders), FIRN_DATA: this.dataFolder };
    const child = endsWithUs(spawn(electron, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true }));
    this.#note(`electron ${JSON.stringify(orders)}`);
    child.stdout.resume();
    child.stderr.on('data', (chunk: Buffer) => {
      this.#note(chunk.toString());
    });
    // All processes of the application, as a power cut would.
    const kill = (): void => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    };
    const looking = setInterval(() => {
      if (this.isIdle()) kill();
    }, 500);
    const ending = await this.#untilEnd(child, orders.afterMs, kill);
    clearInterval(looking);
    try {
      kill();
    } catch {
      // None of them is left.
    }
    return ending;
  }

  /** Whether nothing is left to do in the queue. Looks into the database itself, beside whoever works with it. */
  isIdle(): boolean {
    const db = new Database(join(this.dataFolder, 'firn.db'), { readonly: true });
    try {
      return db.prepare(`SELECT 1 FROM task WHERE kind = 'upload' AND lane IS NOT NULL LIMIT 1`).get() === undefined;
    } finally {
      db.close();
    }
  }

  /** The rows of a command that is left alone; null when it failed. */
  async ask(...args: string[]): Promise<Row[] | null> {
    const { cli } = this.#application;
    const all = [cli, '--data', this.dataFolder, '--json', ...args];
    const child = endsWithUs(spawn(process.execPath, all, { env: this.#env, stdio: ['ignore', 'pipe', 'ignore'] }));
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) return null;
    const lines = output.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as Row);
  }

  #ordering({ at, anyNth }: KillOrders): NodeJS.ProcessEnv {
    rmSync(this.#deathNote, { force: true });
    return { ...this.#env, FIRN_KILL_ORDERS: JSON.stringify({ at, anyNth, log: this.#deathNote }) };
  }

  get #deathNote(): string {
    return join(this.#folder, 'killed-at.jsonl');
  }

  #listen(child: ChildProcess): void {
    if (!child.stdout || !child.stderr) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.#note(line);
      // A kill may cut a line off.
      if (line.endsWith('}')) this.#watcher.hear(JSON.parse(line) as Row);
    });
    createInterface({ input: child.stderr }).on('line', (line) => {
      this.#note(line);
      this.#watcher.read(line);
    });
  }

  async #untilEnd(child: ChildProcess, afterMs: number, kill: () => void): Promise<Ending> {
    const timer = setTimeout(kill, afterMs);
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    clearTimeout(timer);
    const killedAt = signal === 'SIGKILL' ? (this.#pointOfDeath() ?? AT_RANDOM) : null;
    this.#note(`=> ${killedAt ?? `exit code ${String(code)}, signal ${String(signal)}`}`);
    return { killedAt, code: signal !== null && signal !== 'SIGKILL' ? -1 : code };
  }

  #pointOfDeath(): string | null {
    if (!existsSync(this.#deathNote)) return null;
    const [line = ''] = readFileSync(this.#deathNote, 'utf8').split('\n');
    return (JSON.parse(line) as { point: string }).point;
  }

  #note(text: string): void {
    appendFileSync(join(this.#folder, 'firn.log'), `${new Date().toISOString()} ${text}\n`);
  }
}

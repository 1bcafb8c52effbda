import { SECOND } from '../../shared/units.ts';
import { type Executioner, type KillOrders, NEVER, until } from './kill-orders.ts';
import { AT_RANDOM, type Ending, type Lives, type Row } from './lives.ts';
import type { Misfortunes } from './misfortunes.ts';
import type { SeededRandom } from './random.ts';
import type { Sources } from './sources.ts';
import { Tasks } from './tasks.ts';
import { VAULT } from './vault.ts';
import type { Watcher } from './watcher.ts';
import type { Wire } from './wire.ts';

export type WorkOptions = {
  random: SeededRandom;
  lives: Lives;
  watcher: Watcher;
  sources: Sources;
  wire: Wire;
  executioner: Executioner;
  misfortunes: Misfortunes;
  kills: number;
  archives: number;
  electron: boolean;
  say: (line: string) => void;
};

const TELL_EVERY = 25;
const LOOK_EVERY = 5;
const CANCELS = 0.1;
/** Where all parts are there, and the archive is not. */
const lastRequest = ['after commit of parts-uploaded', 'before CompleteMultipartUpload'];
/** Where a multipart upload exists of which Firn does not know: cancelling is hardest then. */
const unknown = ['after InitiateMultipartUpload answered', 'before commit of multipart-initiated'];
const PEACEFUL_LIVES = 40;

/** Takes Firn from life to life until all is stored. */
export class Work {
  readonly #o: WorkOptions;
  readonly #tasks: Tasks;
  /** Nothing is left to do in the queue. */
  #idle = true;
  #killedAt: string | null = null;
  #kills = 0;
  #lives = 0;

  constructor(options: WorkOptions) {
    this.#o = options;
    this.#tasks = new Tasks(options.random, options.sources);
  }

  /** Kill after kill. Resolves with how many there were. */
  async underKills(): Promise<{ kills: number; lives: number }> {
    const { kills, wire, misfortunes, executioner, watcher, electron } = this.#o;
    while (this.#kills < kills) {
      await misfortunes.between(await this.#completing());
      // A kill may have come before the word that something waits.
      if (this.#lives % LOOK_EVERY === 0) watcher.look(await this.#queue());
      for (const id of watcher.takeLongWaits().slice(0, 2)) await this.#resume(id);
      wire.weather.change();
      const orders = executioner.next();
      await Promise.all([electron ? this.#desktopLife(orders) : this.#commandLife(orders), misfortunes.during()]);
    }
    return { kills: this.#kills, lives: this.#lives };
  }

  /** Lives that nobody ends, until all is stored. Resolves with what speaks against that. */
  async inPeace(): Promise<string[]> {
    const { sources, archives, wire, watcher, lives } = this.#o;
    wire.weather.clear();
    sources.make(Math.max(0, archives - sources.all.length));
    for (let life = 0; life < PEACEFUL_LIVES; life += 1) {
      // The date of an inventory moves only when the vault changes, as it does when somebody goes on working.
      if (life > 0) sources.make(1);
      watcher.look(await this.#queue());
      for (const id of watcher.takeLongWaits()) await lives.command(['resume', id], NEVER);
      const added = await this.#peacefulLife('upload', '--vault', VAULT, '--part-size', '1MiB', sources.folder);
      if (added.code === 0 && (await this.#peacefulLife('run')).code === 0) return [];
    }
    return [`The queue did not come to rest in ${PEACEFUL_LIVES} lives that nobody ended`];
  }

  #peacefulLife(...args: string[]): Promise<Ending> {
    this.#o.wire.beginSession();
    // What takes longer waits for something, and is told to look again.
    return this.#o.lives.command(args, { ...NEVER, afterMs: 10 * SECOND });
  }

  async #commandLife(orders: KillOrders): Promise<void> {
    const { lives, wire, random, watcher } = this.#o;
    const victim = await this.#victim();
    const paths = victim ? [] : this.#batch();
    const args = victim ? ['cancel', victim.id] : this.#tasks.command(paths);
    wire.beginSession();
    const ending = await lives.command(args, orders);
    this.#note(ending);
    if (victim) {
      this.#tasks.addAgain([victim.path]);
      // A cancel that was cut short may have paused it, and that is the user's to end.
      if (ending.killedAt !== null) await lives.command(['resume', victim.id], NEVER);
    }
    if (ending.killedAt !== null) {
      if (random.chance(0.6)) this.#tasks.addAgain(paths);
      // A life that waited in vain for its end had nothing to do.
      if (ending.killedAt === AT_RANDOM && Object.keys(orders.at).length > 0) this.#idle = true;
    } else if (ending.code !== 0 && !victim) {
      watcher.complaints.push(`firn ${String(args[0])} ended with exit code ${String(ending.code)}`);
    } else if (args[0] === 'run') this.#idle = true;
  }

  async #desktopLife(orders: KillOrders): Promise<void> {
    const { lives, wire, watcher } = this.#o;
    const victim = await this.#victim();
    // The command line only asks, and leaves the work to the application.
    if (victim) {
      await this.#ask(['cancel', victim.id], 'after commit of cancelled');
      this.#tasks.addAgain([victim.path]);
    }
    const paths = this.#batch();
    if (paths.length > 0) await this.#ask(this.#tasks.command(paths), 'after commit of added uploads');
    wire.beginSession();
    const ending = await lives.desktop(orders);
    this.#note(ending);
    this.#idle = lives.isIdle();
    if (ending.killedAt === null) {
      watcher.complaints.push(`The application ended by itself with exit code ${String(ending.code)}`);
    }
  }

  async #ask(args: readonly string[], point: string): Promise<void> {
    this.#o.wire.beginSession();
    await this.#o.lives.command(args, until(point));
  }

  async #resume(id: string): Promise<void> {
    const { lives, random, electron, executioner } = this.#o;
    const orders = !electron && random.chance(0.5) ? executioner.next() : NEVER;
    const ending = await lives.command(['resume', id], orders);
    if (orders !== NEVER) this.#note(ending);
  }

  /** The files to add in the next life. */
  #batch(): string[] {
    const { executioner, sources, archives, kills } = this.#o;
    const share = Tasks.share(archives - sources.all.length, kills - this.#kills);
    const paths = this.#tasks.batch(this.#idle || executioner.isOpening, share);
    if (paths.length > 0) this.#idle = false;
    return paths;
  }

  /** The upload to cancel in the next life; most often none. */
  async #victim(): Promise<{ id: string; path: string } | null> {
    const { random, executioner } = this.#o;
    const isHard = this.#killedAt !== null && unknown.includes(this.#killedAt);
    if (executioner.isOpening || this.#idle || !random.chance(isHard ? 0.3 : CANCELS)) return null;
    return this.#tasks.victim(await this.#queue());
  }

  /** Multipart uploads that the last life was about to complete. */
  async #completing(): Promise<string[]> {
    if (this.#killedAt === null || !lastRequest.includes(this.#killedAt)) return [];
    const phases = (await this.#queue()).map(({ phase }) => phase as { kind: string; multipartUploadId: string });
    return phases.filter(({ kind }) => kind === 'completing').map(({ multipartUploadId }) => multipartUploadId);
  }

  async #queue(): Promise<readonly Row[]> {
    return (await this.#o.lives.ask('queue')) ?? [];
  }

  #note({ killedAt }: Ending): void {
    this.#lives += 1;
    this.#killedAt = killedAt;
    if (killedAt === null) return;
    this.#kills += 1;
    const { say, kills, sources, executioner } = this.#o;
    executioner.count(killedAt);
    if (this.#kills % TELL_EVERY > 0) return;
    say(
      `${this.#kills} of ${kills} kills, ${sources.all.length} files, ${executioner.missed().length} points not hit yet`,
    );
  }
}

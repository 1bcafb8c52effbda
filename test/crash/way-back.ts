import { join } from 'node:path';
import { SECOND } from '../../shared/units.ts';
import { Fetched } from './fetched.ts';
import { Executioner, NEVER } from './kill-orders.ts';
import type { Ending } from './lives.ts';
import { outage } from './outage.ts';
import { Retrieving } from './retrieving.ts';
import { type Stage, openStage } from './stage.ts';
import { VAULT } from './vault.ts';
import { retrievalsOf, wayBackVerdict } from './way-back-verdict.ts';

export type WayBackOptions = {
  /** Everything lies in it afterwards. Below the project. */
  folder: string;
  seed: string;
  kills: number;
  /** So many files are stored before the first kill. */
  archives: number;
  say: (line: string) => void;
};

export type WayBackReport = {
  violations: string[];
  kills: number;
  lives: number;
  retrievals: number;
  hits: ReadonlyMap<string, number>;
  missed: string[];
  faults: ReadonlyMap<string, number>;
};

const TELL_EVERY = 25;
const PEACEFUL_LIVES = 40;

/** Firn is killed while it retrieves, again and again, and started until all is there; then the outside is asked. */
export async function runWayBack(options: WayBackOptions): Promise<WayBackReport> {
  const stage = await openStage(options);
  try {
    return await new WayBack(options, stage).run();
  } finally {
    await stage.close();
  }
}

class WayBack {
  readonly #o: WayBackOptions;
  readonly #stage: Stage;
  readonly #fetched: Fetched;
  readonly #executioner: Executioner;
  readonly #random;
  #kills = 0;
  #lives = 0;
  #idle = true;

  constructor(options: WayBackOptions, stage: Stage) {
    this.#o = options;
    this.#stage = stage;
    this.#fetched = new Fetched(stage.lives.dataFolder);
    this.#random = stage.random.for('way back');
    this.#executioner = new Executioner(stage.random.for('kills'), 'back', [50, 4000]);
  }

  async run(): Promise<WayBackReport> {
    const { lives, sources, foreigner, watcher, wire } = this.#stage;
    const retrieving = new Retrieving(this.#random, join(this.#o.folder, 'back'), await this.#store());
    while (this.#kills < this.#o.kills) await this.#life(retrieving);
    this.#o.say(`${this.#kills} kills are done; finishing in peace`);
    const restless = await this.#inPeace();
    const seen = await wayBackVerdict({ sources: sources.all, lives, foreigner, target: retrieving.target });
    return {
      violations: [...restless, ...watcher.complaints, ...this.#fetched.violations, ...seen],
      kills: this.#kills,
      lives: this.#lives,
      retrievals: retrievalsOf(join(lives.dataFolder, 'firn.db')).length,
      hits: this.#executioner.hits,
      missed: this.#executioner.missed(),
      faults: wire.weather.counts,
    };
  }

  /** The IDs of archives that are there to be retrieved. */
  async #store(): Promise<string[]> {
    const { lives, sources } = this.#stage;
    sources.make(this.#o.archives);
    sources.makeLarge();
    await lives.ask('vault', 'create', VAULT);
    await lives.ask('upload', '--vault', VAULT, '--part-size', '1MiB', sources.folder);
    const rows = (await lives.ask('catalogue')) ?? [];
    if (rows.length !== sources.all.length) throw new Error('The files were not stored before the first kill');
    return rows.map((row) => String(row['archiveId']));
  }

  async #life(retrieving: Retrieving): Promise<void> {
    const { wire, lives, vault } = this.#stage;
    wire.weather.change();
    wire.beginSession();
    const args = this.#idle || this.#random.chance(0.2) ? retrieving.next() : ['run'];
    const [ending] = await Promise.all([lives.command(args, this.#executioner.next()), outage(vault, this.#random)]);
    this.#note(ending, args);
  }

  #note({ killedAt, code }: Ending, args: readonly string[]): void {
    const { wire, watcher } = this.#stage;
    this.#lives += 1;
    this.#fetched.lifeEnded(wire.asked);
    this.#idle = killedAt === null && args[0] === 'run';
    if (killedAt === null && code !== 0) {
      watcher.complaints.push(`firn ${String(args[0])} ended with exit code ${String(code)}`);
    }
    if (killedAt === null) return;
    this.#kills += 1;
    this.#executioner.count(killedAt);
    if (this.#kills % TELL_EVERY > 0) return;
    this.#o.say(`${this.#kills} of ${this.#o.kills} kills, ${this.#executioner.missed().length} points not hit yet`);
  }

  /** Lives that nobody ends, until all is there. Resolves with what speaks against that. */
  async #inPeace(): Promise<string[]> {
    const { wire, lives } = this.#stage;
    wire.weather.clear();
    for (let life = 0; life < PEACEFUL_LIVES; life += 1) {
      wire.beginSession();
      const ending = await lives.command(['run'], { ...NEVER, afterMs: 30 * SECOND });
      this.#fetched.lifeEnded(wire.asked);
      if (ending.code === 0) return [];
    }
    return [`The retrievals did not come to rest in ${PEACEFUL_LIVES} lives that nobody ended`];
  }
}

import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Failure, isTransient } from '../../../shared/failure.ts';
import { SECOND } from '../../../shared/units.ts';
import { Fetched } from '../fetched.ts';
import { Executioner, NEVER, doubtful } from '../kill-orders.ts';
import type { Ending, Row } from '../lives.ts';
import { outage } from '../outage.ts';
import { Retrieving } from '../retrieving.ts';
import { type Stage, openStage } from '../stage.ts';
import { retrievalsOf } from '../way-back-verdict.ts';
import { Errands, stateOf } from './errands.ts';
import { type Records, recordsOf } from './records.ts';
import { Repetitions } from './repetitions.ts';
import { KEPT, Stock } from './stock.ts';
import { vaultsVerdict } from './verdict.ts';

export type VaultsOptions = {
  /** Everything lies in it afterwards. Below the project. */
  folder: string;
  seed: string;
  kills: number;
  /** No more vaults than that are emptied. */
  vaults: number;
  /** Whether nothing happens that makes Firn wait for a minute. */
  isShort: boolean;
  say: (line: string) => void;
};

export type VaultsReport = {
  violations: string[];
  kills: number;
  lives: number;
  /** Emptied. */
  vaults: number;
  /** Inventory jobs that Firn has asked for. */
  inventories: number;
  deleted: number;
  retrievals: number;
  hits: ReadonlyMap<string, number>;
  missed: string[];
  faults: ReadonlyMap<string, number>;
};

const TELL_EVERY = 25;
/** Emptyings at the same time. */
const AT_ONCE = 5;
const PEACEFUL_LIVES = 400;
/** Longer than any wait that nobody can end. */
const PEACEFUL_LIFE_MS = 100 * SECOND;

/**
 * Firn is killed while it takes inventories, empties vaults, deletes archives and retrieves, and started again until all is
 * over; then the outside is asked.
 */
export async function runVaults(options: VaultsOptions): Promise<VaultsReport> {
  const stage = await openStage({
    ...options,
    ...(options.isShort && { spared: ['InitiateJob'] }),
    isExpected,
  });
  try {
    return await new Vaults(options, stage).run();
  } finally {
    await stage.close();
  }
}

/**
 * Only busy vaults have something put into them, and each emptying of one is to stop at that. A command that asks something
 * before it begins anything may end when it gets no answer.
 */
function isExpected({ event, failure }: Row): boolean {
  const found = (failure ?? null) as Failure | null;
  return found?.kind === 'vault-in-use' || (event === 'error' && found !== null && isTransient(found));
}

class Vaults {
  readonly #o: VaultsOptions;
  readonly #stage: Stage;
  readonly #executioner: Executioner;
  readonly #random;
  readonly #fetched: Fetched;
  readonly #repetitions = new Repetitions();
  readonly #stock: Stock;
  #kills = 0;
  #lives = 0;
  #inventories = 0;

  constructor(options: VaultsOptions, stage: Stage) {
    this.#o = options;
    this.#stage = stage;
    this.#random = stage.random.for('vaults');
    const spared = options.isShort ? doubtful : [];
    this.#executioner = new Executioner(stage.random.for('kills'), 'vaults', [50, 4000], spared);
    this.#fetched = new Fetched(stage.lives.dataFolder);
    this.#stock = new Stock(stage, this.#repetitions);
  }

  async run(): Promise<VaultsReport> {
    const { lives, watcher, wire } = this.#stage;
    const retrieving = new Retrieving(this.#random, join(this.#o.folder, 'back'), await this.#stock.fill());
    const errands = new Errands(this.#random, this.#stock, retrieving);
    while (this.#kills < this.#o.kills) await this.#life(errands);
    this.#o.say(`${this.#kills} kills are done; finishing in peace`);
    const restless = await this.#inPeace(errands);
    const world = { ...this.#stage, stock: this.#stock, target: retrieving.target };
    const seen = await vaultsVerdict(world);
    return {
      violations: [
        ...restless,
        ...watcher.complaints,
        ...this.#fetched.violations,
        ...this.#repetitions.violations(),
        ...seen,
      ],
      kills: this.#kills,
      lives: this.#lives,
      vaults: this.#stock.emptied.length,
      inventories: this.#inventories,
      deleted: this.#records().tombstones.size,
      retrievals: retrievalsOf(join(lives.dataFolder, 'firn.db')).length,
      hits: this.#executioner.hits,
      missed: this.#executioner.missed(),
      faults: wire.weather.counts,
    };
  }

  async #life(errands: Errands): Promise<void> {
    const { wire, vault } = this.#stage;
    const records = this.#records();
    await this.#stock.change(records);
    if (this.#random.chance(0.15)) this.#stock.doom(records);
    await this.#addVault(errands, records);
    wire.weather.change();
    const [ending] = await Promise.all([
      this.#command(errands.next(records), this.#executioner.next()),
      outage(vault, this.#random),
    ]);
    if (ending.killedAt === null) return;
    this.#kills += 1;
    this.#executioner.count(ending.killedAt);
    if (this.#kills % TELL_EVERY > 0) return;
    const { say, kills } = this.#o;
    const over = this.#stock.emptied.filter((one) => stateOf(one, records) === 'over').length;
    say(
      `${this.#kills} of ${kills} kills, ${over} vaults emptied, ${this.#executioner.missed().length} points not hit yet`,
    );
  }

  async #addVault(errands: Errands, records: Records): Promise<void> {
    if (this.#stock.emptied.length >= this.#o.vaults || errands.unfinished(records).length >= AT_ONCE) return;
    const { wire } = this.#stage;
    wire.weather.clear();
    wire.beginSession();
    await this.#stock.another();
    this.#note();
  }

  async #command(args: string[], orders: Parameters<Stage['lives']['command']>[1]): Promise<Ending> {
    const { wire, lives, watcher } = this.#stage;
    wire.beginSession();
    const expected = watcher.expected;
    const ending = await lives.command(args, orders);
    this.#lives += 1;
    this.#note();
    if (ending.killedAt === null && ending.code !== 0 && watcher.expected === expected) {
      watcher.complaints.push(`firn ${args.join(' ').slice(0, 60)} ended with exit code ${String(ending.code)}`);
    }
    return ending;
  }

  #note(): void {
    const { asked } = this.#stage.wire;
    this.#inventories += asked.filter(({ inventoryJobId }) => inventoryJobId !== null).length;
    this.#fetched.lifeEnded(asked);
    this.#repetitions.lifeEnded(asked, this.#records());
  }

  #records(): Records {
    return recordsOf(this.#stage.lives.dataFolder);
  }

  /** Lives that nobody ends, until all is over. Resolves with what speaks against that. */
  async #inPeace(errands: Errands): Promise<string[]> {
    this.#stage.wire.weather.clear();
    const orders = { ...NEVER, afterMs: PEACEFUL_LIFE_MS };
    for (let life = 0; life < PEACEFUL_LIVES;) {
      const records = this.#records();
      const rest = errands.rest(records);
      if (rest.length === 0) return this.#lastInventories(orders);
      for (const args of rest) await this.#command(args, orders);
      await this.#stock.stir(records);
      life += rest.length;
      await wait(0.5 * SECOND);
    }
    return [`Not all vaults were emptied in ${PEACEFUL_LIVES} lives that nobody ended`];
  }

  /** Each kept vault gets an inventory that knows of everything. */
  async #lastInventories(orders: typeof NEVER): Promise<string[]> {
    const dates = new Map<string, number>();
    for (const vault of KEPT) dates.set(vault, await this.#stock.settled(vault));
    for (let life = 0; life < 10; life += 1) {
      const { inventories } = this.#records();
      const late = KEPT.filter((vault) => {
        const found = inventories.find((one) => one.vault === vault);
        return found?.phase !== 'idle' || (found.newest_at ?? 0) < (dates.get(vault) ?? 0);
      });
      if (late.length === 0) return [];
      await this.#command(['inventory', '--wait', ...late], orders);
    }
    return ['The newest inventories did not come'];
  }
}

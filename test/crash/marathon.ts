import { Executioner } from './kill-orders.ts';
import { Misfortunes } from './misfortunes.ts';
import { openStage } from './stage.ts';
import { VAULT } from './vault.ts';
import { verdict } from './verdict.ts';
import { Work } from './work.ts';

export type MarathonOptions = {
  /** Everything lies in it afterwards: data, vault, sources, and what Firn said. Below the project. */
  folder: string;
  seed: string;
  kills: number;
  /** At least so many files are stored. */
  archives: number;
  /** Whether the desktop application is the one that is killed, rather than the command line. */
  electron: boolean;
  say: (line: string) => void;
};

export type MarathonReport = {
  violations: string[];
  kills: number;
  lives: number;
  archives: number;
  bytes: number;
  /** Parts sent again that the vault had, because no answer could have said so. */
  unknowable: number;
  /** How often a life ended at each named point, or at a random instant. */
  hits: ReadonlyMap<string, number>;
  missed: string[];
  faults: ReadonlyMap<string, number>;
  misfortunes: ReadonlyMap<string, number>;
};

/** Firn is killed while it uploads, again and again, and started until all is stored; then the outside is asked. */
export async function runMarathon(options: MarathonOptions): Promise<MarathonReport> {
  const { electron } = options;
  const stage = await openStage(options);
  const { random, vault, wire, foreigner, watcher, lives, sources } = stage;
  const executioner = new Executioner(
    random.for('kills'),
    electron ? 'desktop' : 'command',
    electron ? [500, 9000] : [50, 2500],
  );
  const misfortunes = new Misfortunes(random.for('misfortunes'), vault, wire.acknowledged, foreigner);
  try {
    await lives.ask('vault', 'create', VAULT);
    const work = new Work({ ...options, ...stage, random: random.for('work'), executioner, misfortunes });
    const counts = await work.underKills();
    options.say(`${counts.kills} kills are done; finishing in peace`);
    const restless = await work.inPeace();
    const seen = await verdict({ sources: sources.all, lives, vault, foreigner });
    return {
      ...counts,
      violations: [...restless, ...watcher.complaints, ...wire.acknowledged.violations, ...seen],
      archives: sources.all.length,
      bytes: sources.bytes,
      unknowable: wire.acknowledged.unknowable,
      hits: executioner.hits,
      missed: executioner.missed(),
      faults: wire.weather.counts,
      misfortunes: misfortunes.counts,
    };
  } finally {
    await stage.close();
  }
}

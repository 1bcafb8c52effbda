import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Acknowledged } from './acknowledged.ts';
import { copyApplication } from './application.ts';
import { Foreigner } from './foreigner.ts';
import { Executioner } from './kill-orders.ts';
import { Lives } from './lives.ts';
import { Misfortunes } from './misfortunes.ts';
import { SeededRandom } from './random.ts';
import { Sources } from './sources.ts';
import { CREDENTIALS, REGION, VAULT, VaultProcess } from './vault.ts';
import { verdict } from './verdict.ts';
import { Watcher } from './watcher.ts';
import { Weather } from './weather.ts';
import { Wire } from './wire.ts';
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
  const { folder, electron } = options;
  mkdirSync(folder, { recursive: true });
  const random = new SeededRandom(options.seed);
  const application = copyApplication(join(folder, 'application'));
  const vault = new VaultProcess(application.practice, join(folder, 'vault'));
  await vault.start();
  const wire = new Wire(new Weather(random.for('weather')), new Acknowledged());
  wire.vaultPort = vault.port;
  const url = await wire.open();
  const foreigner = new Foreigner(vault.url);
  const watcher = new Watcher();
  const lives = new Lives(application, folder, environment(url), watcher);
  const sources = new Sources(join(folder, 'sources'), random.for('sources'));
  const executioner = new Executioner(
    random.for('kills'),
    electron ? 'desktop' : 'command',
    electron ? [500, 9000] : [50, 2500],
  );
  const misfortunes = new Misfortunes(random.for('misfortunes'), vault, wire.acknowledged, foreigner);
  try {
    await lives.ask('vault', 'create', VAULT);
    const work = new Work({
      random: random.for('work'),
      lives,
      watcher,
      sources,
      wire,
      executioner,
      misfortunes,
      ...options,
    });
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
    foreigner.close();
    wire.close();
    await vault.kill();
  }
}

/** What Firn has to know of a service. */
export function environment(url: string): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_REGION: REGION,
    AWS_ENDPOINT_URL_GLACIER: url,
  };
}

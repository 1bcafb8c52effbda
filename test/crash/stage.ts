import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { VaultOperation } from '../../main/practice/vaults/protocol/routes.ts';
import { Acknowledged } from './acknowledged.ts';
import { copyApplication } from './application.ts';
import { Foreigner } from './foreigner.ts';
import { Lives, type Row } from './lives.ts';
import { SeededRandom } from './random.ts';
import { Sources } from './sources.ts';
import { CREDENTIALS, REGION, VaultProcess } from './vault.ts';
import { Watcher } from './watcher.ts';
import { Weather } from './weather.ts';
import { Wire } from './wire.ts';

export type Stage = Awaited<ReturnType<typeof openStage>>;

type StageOptions = {
  folder: string;
  seed: string;
  /** Requests that no weather harms. */
  spared?: readonly VaultOperation[];
  /** Whether what needs the user should. */
  isExpected?: (row: Row) => boolean;
};

/** What a marathon needs around Firn: a vault that can be killed, a line with weather, files, and somebody who looks on. */
export async function openStage({ folder, seed, spared, isExpected }: StageOptions) {
  mkdirSync(folder, { recursive: true });
  const random = new SeededRandom(seed);
  const application = copyApplication(join(folder, 'application'));
  const vault = new VaultProcess(application.practice, join(folder, 'vault'));
  await vault.start();
  const wire = new Wire(new Weather(random.for('weather'), spared), new Acknowledged());
  wire.vaultPort = vault.port;
  const url = await wire.open();
  const foreigner = new Foreigner(vault.url);
  const watcher = new Watcher(isExpected);
  const lives = new Lives(application, folder, environment(url), watcher);
  const sources = new Sources(join(folder, 'sources'), random.for('sources'));
  return {
    random,
    vault,
    wire,
    foreigner,
    watcher,
    lives,
    sources,
    async close() {
      foreigner.close();
      wire.close();
      await vault.kill();
    },
  };
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

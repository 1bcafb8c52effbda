import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { copyApplication } from './application.ts';
import { Foreigner } from './foreigner.ts';
import { NEVER, until } from './kill-orders.ts';
import { Lives } from './lives.ts';
import { environment } from './stage.ts';
import { SeededRandom } from './random.ts';
import { Sources } from './sources.ts';
import { VAULT, VaultProcess } from './vault.ts';
import { Watcher } from './watcher.ts';

test.skipIf(process.platform === 'win32')(
  'what was asked for just before a kill is not left open in the vault when the upload is cancelled',
  async () => {
    const parent = fileURLToPath(new URL('../../.local/crash', import.meta.url));
    mkdirSync(parent, { recursive: true });
    const folder = mkdtempSync(join(parent, 'cancel-'));
    const application = copyApplication(join(folder, 'application'));
    const vault = new VaultProcess(application.practice, join(folder, 'vault'));
    await vault.start();
    const foreigner = new Foreigner(vault.url);
    onTestFinished(async () => {
      foreigner.close();
      await vault.kill();
      rmSync(folder, { recursive: true, force: true });
    });
    const lives = new Lives(application, folder, environment(vault.url), new Watcher());
    await lives.ask('vault', 'create', VAULT);
    const [source] = new Sources(join(folder, 'sources'), new SeededRandom('cancel')).make(1);
    const killed = await lives.command(
      ['upload', '--vault', VAULT, source?.path ?? ''],
      until('after InitiateMultipartUpload answered'),
    );
    expect(killed.killedAt).toBe('after InitiateMultipartUpload answered');
    expect(await foreigner.openMultipartUploads()).toHaveLength(1);

    const [row] = (await lives.ask('queue')) ?? [];
    await lives.command(['cancel', String(row?.['id'])], NEVER);
    expect(await lives.ask('queue')).toMatchObject([{ phase: { kind: 'cancelled' } }]);
    expect(await foreigner.openMultipartUploads()).toEqual([]);
  },
  60_000,
);

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { PracticeService } from '../../main/practice/server.ts';
import { type FaultyOptions, startFaultyVault } from './practice/faulty.ts';
import { PracticeClient } from './practice-client.ts';

export type PracticeBench = {
  folder: string;
  client: PracticeClient;
  vault: () => PracticeService;
  /** Moves the practice vault's clock, and the client's with it. */
  wait: (ms: number) => void;
  now: () => number;
  /** Ends the service and starts it again on the same folder. */
  restart: () => Promise<void>;
  /** Ends the service and removes its folder. */
  end: () => Promise<void>;
};

/** A practice vault in a folder of its own, on a clock that stands until it is moved. Gone after the test. */
export async function practiceBench(options: Partial<FaultyOptions> = {}): Promise<PracticeBench> {
  const bench = await startBench(options);
  closers.push(() => bench.end());
  return bench;
}

/** The same, to be ended by whoever asked for it. */
export async function startBench(options: Partial<FaultyOptions> = {}): Promise<PracticeBench> {
  const folder = mkdtempSync(join(tmpdir(), 'firn-practice-'));
  let now = Date.UTC(2026, 10, 22, 12);
  const at = { url: '' };
  const start = (): Promise<PracticeService> => startFaultyVault({ folder, clock: () => now, ...options });
  let vault = await start();
  at.url = vault.url;
  return {
    folder,
    client: new PracticeClient(at, () => ({ at: now })),
    vault: () => vault,
    wait(ms) {
      now += ms;
    },
    now: () => now,
    async restart() {
      await vault.close();
      vault = await start();
      at.url = vault.url;
    },
    async end() {
      await vault.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

import { setTimeout as delay } from 'node:timers/promises';
import type { ElectronApplication } from 'playwright';
import { killHard } from '../../test/support/electron-app.ts';
import { acknowledgedRanges, arrivingBytes, completedArchives } from './practice-folder.ts';

export type Interruption = {
  /** Ranges of parts that the practice vault had acknowledged. */
  acknowledged: string[];
  /** Of the part that was on its way. */
  arrivedBytes: number;
};

/**
 * Kills Firn at a moment when a part is half way into the practice vault. Firn is frozen to make sure of that moment, so
 * nothing happens between looking and killing. Null, and Firn still runs, when the upload was over before.
 */
export async function killInTheMiddleOfAPart(
  app: ElectronApplication,
  practiceFolder: string,
  partSize: number,
): Promise<Interruption | null> {
  while (completedArchives(practiceFolder).length === 0) {
    if (arrivingBytes(practiceFolder, partSize) !== null) {
      signal(app, 'SIGSTOP');
      const arrivedBytes = arrivingBytes(practiceFolder, partSize);
      if (arrivedBytes !== null) {
        await killHard(app);
        return { acknowledged: acknowledgedRanges(practiceFolder), arrivedBytes };
      }
      signal(app, 'SIGCONT');
    }
    await delay(1);
  }
  return null;
}

/** Windows cannot freeze a process; the kill then comes a moment after the look. */
function signal(app: ElectronApplication, name: 'SIGSTOP' | 'SIGCONT'): void {
  const { pid } = app.process();
  if (process.platform !== 'win32' && pid !== undefined) process.kill(-pid, name);
}

import type { Failure } from '../../shared/failure.ts';
import { SECOND } from '../../shared/units.ts';
import { type WaitKey, nameIn } from '../../shared/wait.ts';
import type { Watcher } from '../engine/waits.ts';

/** A drive that is plugged in again should be noticed soon; one look is for all of its files. */
const FIRST_LOOK_MS = 5 * SECOND;
const LOOK_MS = 10 * SECOND;

/** Looks whether the drive of a key is mounted. */
export function driveWatcher(key: WaitKey, failure: Failure, volumes: () => Promise<readonly string[]>): Watcher {
  const drive = nameIn('drive', key);
  return {
    firstProbeInMs: FIRST_LOOK_MS,
    opensForAll: true,
    async probe() {
      const isThere = drive === null || (await volumes()).includes(drive);
      return isThere ? { kind: 'open' } : { kind: 'closed', failure, againInMs: LOOK_MS };
    },
  };
}

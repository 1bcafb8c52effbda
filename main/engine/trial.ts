import { LONGEST_JITTERED_MS, backoffMs } from './backoff.ts';
import type { Failure } from '../../shared/failure.ts';
import type { Clock } from './clock.ts';
import type { TaskQueue } from './store-ports.ts';
import type { WaitKey } from '../../shared/wait.ts';
import type { Waits, Watcher } from './waits.ts';

export type TrialPorts = {
  queue: Pick<TaskQueue, 'due'>;
  waits: Pick<Waits, 'admits'>;
  clock: Pick<Clock, 'now'>;
  random: () => number;
  /** Lanes that run something now. */
  lanes: () => readonly string[];
};

/**
 * A watcher for what shows only by being used, as a service that could not be reached: ever more rarely one of the tasks
 * that wait tries it. When it gets through, all go on.
 */
export function trial(key: WaitKey, failure: Failure, { queue, waits, clock, random, lanes }: TrialPorts): Watcher {
  let attempt = 1;
  const others = (keys: readonly WaitKey[]): WaitKey[] => keys.filter((one) => one !== key);
  const waitsForItAlone = (keys: readonly WaitKey[]): boolean => keys.includes(key) && waits.admits(others(keys));
  const pause = (): number => Math.min(LONGEST_JITTERED_MS, backoffMs(failure, attempt, random, 0));
  return {
    opensForAll: true,
    firstProbeInMs: pause(),
    probe() {
      attempt += 1;
      for (const lane of lanes()) {
        const tasks = queue.due([lane], clock.now(), 1, waitsForItAlone);
        if (tasks.length > 0) return Promise.resolve({ kind: 'released', lane, tasks, againInMs: pause() });
      }
      return Promise.resolve({ kind: 'closed', failure, againInMs: pause() });
    },
  };
}

import { LONGEST_JITTERED_MS, backoffMs } from './backoff.ts';
import type { Failure } from '../../shared/failure.ts';
import type { Clock } from './clock.ts';
import type { TaskId } from '../../shared/task.ts';
import type { TaskQueue } from './store-ports.ts';
import type { WaitKey } from '../../shared/wait.ts';
import type { Waits, Watcher } from './waits.ts';

export type TrialPorts = {
  queue: Pick<TaskQueue, 'due'>;
  waits: Pick<Waits, 'admits' | 'list'>;
  clock: Pick<Clock, 'now'>;
  random: () => number;
  /** Tasks that run now: they find out by themselves. */
  running: () => readonly TaskId[];
  /** Lanes that run something now. */
  lanes: () => readonly string[];
};

/**
 * A watcher for what shows only by being used, as a service that could not be reached: ever more rarely one of the tasks
 * that wait tries it, another one each time, since what keeps one from its answer need not keep others. When it gets
 * through, all go on.
 */
export function trial(
  key: WaitKey,
  failure: Failure,
  { queue, waits, clock, random, running, lanes }: TrialPorts,
): Watcher {
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
        const tried = waits.list().find((wait) => wait.key === key)?.triedBy ?? [];
        const busy = new Set(running());
        const found = queue.due([lane], clock.now(), tried.length + busy.size + 1, waitsForItAlone);
        const due = found.filter((id) => !busy.has(id));
        const next = due.find((id) => !tried.includes(id)) ?? tried.find((id) => due.includes(id));
        if (next) return Promise.resolve({ kind: 'released', lane, tasks: [next], againInMs: pause() });
      }
      return Promise.resolve({ kind: 'closed', failure, againInMs: pause() });
    },
  };
}

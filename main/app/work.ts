import type { Runner } from '../engine/runner.ts';
import { besideUploads } from './task-kinds.ts';

/** What runs beside uploads: all of it, unless it is said which kinds. */
export type Work = Pick<Runner, 'start' | 'stop' | 'onIdle' | 'isIdle'>;

export function workBesideUploads(runner: Runner): Work {
  return {
    start(only = besideUploads) {
      runner.start(only);
    },
    stop: () => runner.stop(),
    get isIdle() {
      return runner.isIdle;
    },
    onIdle: (listener) => runner.onIdle(listener),
  };
}

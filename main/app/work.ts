import { besideUploads } from './task-kinds.ts';
import type { TaskRunner } from '../core/task-runner.ts';
import type { Runner } from '../engine/runner.ts';

/** What runs beside uploads, as one. */
export type Work = Pick<Runner, 'start' | 'stop' | 'onIdle' | 'isIdle'>;

/** Retrievals and inventories still have a runner of their own. */
export function bothRunners(engine: Runner, others: TaskRunner): Work {
  return {
    start(only) {
      engine.start(only ?? besideUploads);
      if (!only) others.start();
    },
    async stop() {
      await Promise.all([engine.stop(), others.stop()]);
    },
    get isIdle() {
      return engine.isIdle && others.isIdle;
    },
    onIdle(listener) {
      const tell = (): void => {
        if (engine.isIdle && others.isIdle) listener();
      };
      const stops = [engine.onIdle(tell), others.onIdle(tell)];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}

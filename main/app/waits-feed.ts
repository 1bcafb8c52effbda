import type { Wait } from '../../shared/wait.ts';
import type { Waits } from '../engine/waits.ts';
import type { Guard } from './feed.ts';

const GATHER_MS = 100;

/** Tells what tasks wait for together, gathered. Until the returned function is called. */
export function tellWaits(
  waits: Pick<Waits, 'onChange' | 'list'>,
  emit: (waits: Wait[]) => void,
  guard: Guard,
): () => void {
  let timer: NodeJS.Timeout | null = null;
  const unsubscribe = waits.onChange(() => {
    timer ??= setTimeout(() => {
      timer = null;
      guard(() => {
        emit(waits.list());
      });
    }, GATHER_MS).unref();
  });
  return () => {
    unsubscribe();
    if (timer) clearTimeout(timer);
  };
}

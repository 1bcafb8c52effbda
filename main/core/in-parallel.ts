import type { Slots } from './slots.ts';

/**
 * Works on the items in their order and in parallel, as places are free; resolves with the failures when nothing runs any
 * more. After a failure nothing new is begun, but what is on its way may end.
 * @throws the signal's reason when it is aborted, else the first error that `act` threw.
 */
export async function inParallel<T, F>(
  items: Iterable<T>,
  { slots, signal, weigh = () => 0 }: { slots: Slots; signal: AbortSignal; weigh?: (item: T) => number },
  act: (item: T) => Promise<F | null>,
): Promise<F[]> {
  const failures: F[] = [];
  const errors: unknown[] = [];
  const running = new Set<Promise<void>>();
  try {
    for (const item of items) {
      const release = await slots.take(signal, weigh(item));
      if (failures.length > 0 || errors.length > 0) {
        release();
        break;
      }
      const acting = act(item)
        .then(
          (failure) => {
            if (failure !== null) failures.push(failure);
          },
          (error: unknown) => {
            errors.push(error);
          },
        )
        .finally(() => {
          release();
          running.delete(acting);
        });
      running.add(acting);
    }
  } finally {
    await Promise.allSettled(running);
  }
  signal.throwIfAborted();
  if (errors.length > 0) throw errors[0] as Error;
  return failures;
}

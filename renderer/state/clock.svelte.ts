import { createSubscriber } from 'svelte/reactivity';
import { SECOND } from '../../shared/units.ts';

/** The time, to the second. It ticks only while something on the screen reads it. */
export class Clock {
  readonly #ticks = createSubscriber((update) => {
    const timer = setInterval(update, SECOND);
    return () => {
      clearInterval(timer);
    };
  });

  get now(): number {
    this.#ticks();
    return Date.now();
  }
}

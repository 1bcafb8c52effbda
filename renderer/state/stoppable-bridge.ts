import type { Bridge, EventName } from '../../shared/bridge.ts';
import type { Events } from '../../shared/contract.ts';

/** The same bridge, and a way to end all that was subscribed through it. */
export function stoppable(bridge: Bridge): { bridge: Bridge; stop: () => void } {
  const stops: (() => void)[] = [];
  const on = <E extends EventName>(name: E, listener: (payload: Events[E]) => void): (() => void) => {
    const stop = bridge.on(name, listener);
    stops.push(stop);
    return stop;
  };
  return {
    bridge: {
      invoke: (name, input) => bridge.invoke(name, input),
      on,
      drop: (files) => bridge.drop(files),
      startAgain: () => bridge.startAgain(),
      quit: () => bridge.quit(),
    },
    stop: () => {
      for (const stop of stops) stop();
    },
  };
}

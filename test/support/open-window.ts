import { cleanup, configure, render } from '@testing-library/svelte';
import { afterEach, vi } from 'vitest';
import App from '../../renderer/App.svelte';
import { FakeBridge, type World } from './fake-bridge.ts';
import { sampleWorld } from './window-samples.ts';

// Only ends what hangs: no test is to depend on how busy the computer is.
configure({ asyncUtilTimeout: 10_000 });

/** Opens the whole window over a world in memory, after `prepare`; it closes after the test. */
export function openWindow(
  world: Partial<World> = {},
  prepare: (bridge: FakeBridge) => void = () => undefined,
): FakeBridge {
  standIn();
  const bridge = new FakeBridge(sampleWorld(world));
  prepare(bridge);
  render(App, { bridge });
  return bridge;
}

afterEach(() => {
  cleanup();
  localStorage.clear();
});

/** What a browser has and jsdom has not. */
function standIn(): void {
  const dialog = HTMLDialogElement.prototype;
  dialog.showModal = function (this: HTMLDialogElement) {
    this.open = true;
  };
  dialog.close = function (this: HTMLDialogElement) {
    this.open = false;
  };
  Element.prototype.scrollIntoView = () => undefined;
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe = (): void => undefined;
      unobserve = (): void => undefined;
      disconnect = (): void => undefined;
    },
  );
}

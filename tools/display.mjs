import { hasDisplay } from './set-up/system.mjs';

/** The command to run a program that shows windows: on a display of its own that nobody sees, if there is no other. */
export function onSomeDisplay(/** @type {string} */ command, /** @type {readonly string[]} */ args) {
  if (hasDisplay()) return /** @type {const} */ ([command, args]);
  const screen = ['-a', '-s', '-screen 0 1440x960x24'];
  return /** @type {const} */ (['xvfb-run', [...screen, command, ...args]]);
}

/** One line to people. Standard error, so that standard output stays the output of what runs afterwards. */
export function say(/** @type {string} */ line) {
  process.stderr.write(`${line}\n`);
}

/** What stands in the way of going on and what to do about it, in one line; no bug, so it is shown without a stack. */
export class Obstacle extends Error {}

/** One line to people. Standard error, so that standard output stays the output of what runs afterwards. */
export function say(/** @type {string} */ line) {
  process.stderr.write(`${line}\n`);
}

/** Says how long something took that people wait for. */
export async function timed(/** @type {string} */ what, /** @type {() => Promise<unknown>} */ work) {
  say(`set-up: ${what} …`);
  const startedAt = Date.now();
  await work();
  say(`set-up: … done in ${Math.max(1, Math.round((Date.now() - startedAt) / 1000))} s`);
}

/** What stands in the way and what to do about it, in one line: no bug, so it is shown without a stack. */
export class Obstacle extends Error {}

/** Runs a tool; an obstacle ends it with one line and exit code 1. */
export async function main(/** @type {() => Promise<void>} */ tool) {
  try {
    await tool();
  } catch (error) {
    if (!(error instanceof Obstacle)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}

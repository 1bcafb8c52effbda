// Loaded before a program (`--import`): measures by how much the event loop of its main thread is late, from the first SIGUSR2
// to the second, and then writes that into the file that WATCH_MAIN names.
import fs from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const file = process.env['WATCH_MAIN'];
if (isMainThread && file !== undefined) {
  /** Between two looks lies a millisecond when the loop is idle, so this much of the delay is none. */
  const resolution = 1;
  const delay = monitorEventLoopDelay({ resolution });
  let watching = false;
  process.on('SIGUSR2', () => {
    watching = !watching;
    if (watching) {
      delay.enable();
      return;
    }
    delay.disable();
    const ms = (/** @type {number} */ ns) => Math.max(0, ns / 1e6 - resolution);
    fs.writeFileSync(`${file}.new`, JSON.stringify({ p99: ms(delay.percentile(99)), max: ms(delay.max) }));
    fs.renameSync(`${file}.new`, file);
  });
}

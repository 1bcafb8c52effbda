// Builds the window, the main process with its command line and its manual page, and the preload script into out/, unless
// nothing changed.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { build } from 'vite';
import { buildInputs, hashOf } from './build/inputs.mjs';
import { buildPartHash } from './build/part-hash.mjs';
import { main, practiceCommand, preload, renderer } from './build/targets.mjs';
import { inRoot } from './set-up/project.mjs';
import { say } from './set-up/say.mjs';

const stamp = inRoot('out', 'inputs.sha256');

/** Written last, so that a build that was interrupted is done again. */
export async function buildAll() {
  const startedAt = Date.now();
  const hash = hashOf(buildInputs);
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === hash) return say('build: nothing has changed');
  fs.rmSync(stamp, { force: true });
  for (const target of [renderer(), main(), preload()]) await build(target);
  await buildPartHash();
  fs.chmodSync(inRoot('out', 'main', 'cli.js'), 0o755);
  writeForShells();
  fs.writeFileSync(stamp, hash);
  say(`build: done in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

/** The manual page, and what shells complete commands with. */
function writeForShells() {
  const print = (/** @type {string[]} */ ...words) =>
    execFileSync(process.execPath, [inRoot('out', 'main', 'cli.js'), ...words]);
  fs.writeFileSync(inRoot('out', 'firn.1'), print('man'));
  fs.mkdirSync(inRoot('out', 'completions'), { recursive: true });
  for (const shell of ['bash', 'zsh', 'fish'])
    fs.writeFileSync(inRoot('out', 'completions', `firn.${shell}`), print('completion', shell));
}

/** What only tests run, too. */
export async function buildForTests() {
  await buildAll();
  await build(practiceCommand());
}

if (process.argv[1] === import.meta.filename) await buildAll();

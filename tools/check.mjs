// Every check of `npm test`: two lanes side by side, one that reads the sources and one that runs the product. Says in its
// last line how many passed and failed.
import fs from 'node:fs';
import { build, staticChecks, tests } from './check/checks.mjs';
import { inWords, sum } from './check/counts.mjs';
import { inLocal } from './set-up/project.mjs';
import { capture } from './set-up/run.mjs';

/** @typedef {import('./check/checks.mjs').Check} Check */
/** @typedef {{ name: string, counts: import('./check/counts.mjs').Counts, seconds: number }} Outcome */

const logs = inLocal('check');
/** What is kept in files and compared by people holds no colours. */
const plain = { NO_COLOR: '1', FORCE_COLOR: '0' };

/** Prints what a check printed only when it failed; all of it is kept beside the reports. @returns {Promise<Outcome>} */
async function run(/** @type {Check} */ { name, args, env, count }) {
  const startedAt = Date.now();
  const { code, output } = await capture(process.execPath, args, { env: { ...process.env, ...plain, ...env } });
  const seconds = (Date.now() - startedAt) / 1000;
  fs.writeFileSync(`${logs}/${name.replaceAll(/\W+/g, '-')}.log`, output);
  const counts = count(code);
  if (counts.failed > 0) console.log(`\n―― ${name} ${'―'.repeat(60)}\n${output.trimEnd()}\n`);
  console.log(`${name}: ${inWords(counts)} (${seconds.toFixed(1)} s)`);
  return { name, counts, seconds };
}

async function inTurn(/** @type {Check[]} */ checks) {
  const outcomes = [];
  for (const check of checks) outcomes.push(await run(check));
  return outcomes;
}

function printTable(/** @type {Outcome[]} */ outcomes) {
  const width = Math.max(...outcomes.map(({ name }) => name.length));
  console.log('');
  for (const { name, counts, seconds } of outcomes) {
    const mark = counts.failed > 0 ? '✗' : '✓';
    console.log(`${mark} ${name.padEnd(width)}  ${seconds.toFixed(1).padStart(6)} s  ${inWords(counts)}`);
  }
}

fs.mkdirSync(logs, { recursive: true });
const built = await run(build);
const lanes = await Promise.all([inTurn(tests()), inTurn(staticChecks())]);
const outcomes = [built, ...lanes.flat()];
printTable(outcomes);
const total = sum(outcomes.map(({ counts }) => counts));
process.exitCode = total.failed > 0 ? 1 : 0;
console.log(`\n${inWords(total)}`);

// Random operations and faults, again and again: npm run fuzz -- [--runs 10000] [--seed N] torments the practice vault,
// npm run model -- [--runs 2000] [--seed N] [--path P] the queue; with the path of a report it repeats the run that failed.
// Exit code 1 when a run broke a promise; the report then says which, as short as it could be made.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { inRoot, root } from './set-up/project.mjs';

const tests = {
  fuzz: { file: 'test/practice/fuzz.test.ts', runs: '10000' },
  model: { file: 'test/queue/model.test.ts', runs: '2000' },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    path: { type: 'string' },
  },
});
const name = positionals[0] === 'model' ? 'model' : 'fuzz';
const { file, runs: usual } = tests[name];
const { seed, path, runs = usual } = values;
if (![runs, seed].every((text) => /^\d{1,10}$/.test(text)) || Number(runs) === 0) {
  console.error('--runs takes a whole number from 1, --seed one from 0.');
  process.exit(2);
}

console.log(`seed ${seed}, ${runs} runs`);
const variable = `FIRN_${name.toUpperCase()}`;
const env = {
  ...process.env,
  [`${variable}_RUNS`]: runs,
  [`${variable}_SEED`]: seed,
  ...(path !== undefined && { [`${variable}_PATH`]: path }),
};
const args = [inRoot('node_modules', 'vitest', 'vitest.mjs'), 'run', file];
const startedAt = Date.now();
const [code] = await once(spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' }), 'exit');
console.log(`seed ${seed}, ${runs} runs, ${Math.round((Date.now() - startedAt) / 1000)} s`);
process.exitCode = code === 0 ? 0 : 1;

// The practice vault under random operations and faults: npm run fuzz -- --runs 10000 [--seed N]. Exit code 1 when a sequence
// broke a promise; the report then says which, as short as it could be made.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { inRoot, root } from './set-up/project.mjs';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});
if (![values.runs, values.seed].every((text) => /^\d{1,10}$/.test(text)) || Number(values.runs) === 0) {
  console.error('--runs takes a whole number from 1, --seed one from 0.');
  process.exit(2);
}

console.log(`seed ${values.seed}, ${values.runs} sequences`);
const env = { ...process.env, FIRN_FUZZ_RUNS: values.runs, FIRN_FUZZ_SEED: values.seed };
const args = [inRoot('node_modules', 'vitest', 'vitest.mjs'), 'run', 'test/practice/fuzz.test.ts'];
const startedAt = Date.now();
const [code] = await once(spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' }), 'exit');
console.log(`seed ${values.seed}, ${values.runs} sequences, ${Math.round((Date.now() - startedAt) / 1000)} s`);
process.exitCode = code === 0 ? 0 : 1;

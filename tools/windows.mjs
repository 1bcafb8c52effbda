// Tries Firn's core as a Windows program, under wine: `npm run windows -- [--seeds N] [--tests FILE...]`. A scenario from
// an upload that is killed to a retrieval, N times with seeds of their own, and, with `--tests`, test files in Windows'
// Node. Where wine cannot be had, it says so and ends well.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { buildForTests } from './build.mjs';
import { buildPartHashes } from './build/part-hash.mjs';
import { inRoot } from './set-up/project.mjs';
import { main, say } from './set-up/say.mjs';
import { provideWindows } from './windows/provide.mjs';
import { runTestsInWindows } from './windows/tests.mjs';

const { values, positionals } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    report: { type: 'string' },
    tests: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

async function tryWindows() {
  await buildForTests();
  await buildPartHashes();
  const obstacle = await provideWindows();
  if (obstacle !== null) return say(`windows: left out, for ${obstacle}`);
  if (values.tests) {
    process.exitCode = await runTestsInWindows(positionals);
    return;
  }
  const reporters = [
    '--reporter=default',
    ...(values.report ? ['--reporter=json', `--outputFile.json=${values.report}`] : []),
  ];
  const vitest = [inRoot('node_modules', 'vitest', 'vitest.mjs'), 'run', '--project', 'windows', ...reporters];
  const env = { ...process.env, FIRN_WINDOWS_SEED: values.seed, FIRN_WINDOWS_RUNS: values.seeds };
  const [code] = await once(spawn(process.execPath, vitest, { cwd: inRoot(), env, stdio: 'inherit' }), 'exit');
  process.exitCode = code ?? 1;
}

await main(tryWindows);

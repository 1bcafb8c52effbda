// The crash marathon: npm run crash -- --kills N --seed S [--archives N] [--electron] of uploads; with --back of retrievals, with
// --vaults of inventories and the emptying of vaults, retrievals beside them. Exit code 1 when a promise was broken.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';
import { buildForTests } from './build.mjs';
import { onSomeDisplay } from './display.mjs';
import { inLocal, inRoot } from './set-up/project.mjs';
import { hasDisplay } from './set-up/system.mjs';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    archives: { type: 'string' },
    electron: { type: 'boolean', default: false },
    back: { type: 'boolean', default: false },
    vaults: { type: 'boolean', default: false },
  },
});

if (values.electron && !hasDisplay()) {
  const [command, args] = onSomeDisplay(process.execPath, process.argv.slice(1));
  const [code] = await once(spawn(command, args, { stdio: 'inherit' }), 'exit');
  process.exit(code ?? 1);
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

const kills = Number(values.kills);
const archives = Number(values.archives ?? Math.ceil(kills / 5));
if (!Number.isInteger(kills) || kills < 1 || !Number.isInteger(archives) || archives < 1) {
  console.error('--kills and --archives take whole numbers from 1.');
  process.exit(2);
}
console.log(`seed ${values.seed}`);
await buildForTests();

/** @type {{ module: typeof import('../test/crash/index.ts') }} */
const { module } = await runnerImport(inRoot('test', 'crash', 'index.ts'), { configFile: false, root: inRoot() });
const folder = inLocal('crash', `${values.seed}-${process.pid}`);
const startedAt = Date.now();
const say = (/** @type {string} */ line) => {
  console.log(`${((Date.now() - startedAt) / 1000).toFixed(0).padStart(6)} s  ${line}`);
};
const common = { folder, seed: values.seed, kills, archives, say };

/** @returns {Promise<[{ kills: number, missed: string[], violations: string[] }, (durationMs: number) => string]>} */
async function run() {
  if (values.back) {
    const report = await module.runWayBack(common);
    return [report, (durationMs) => module.wayBackInWords(report, durationMs)];
  }
  if (values.vaults) {
    const report = await module.runVaults({ ...common, vaults: archives, isShort: false });
    return [report, (durationMs) => module.vaultsInWords(report, durationMs)];
  }
  const report = await module.runMarathon({ ...common, electron: values.electron });
  return [report, (durationMs) => module.inWords(report, durationMs)];
}

const [report, inWords] = await run();
console.log(inWords(Date.now() - startedAt));
const untested = module.untested(report);
for (const sentence of untested) console.log(`✗ ${sentence}`);
if (report.violations.length + untested.length === 0) fs.rmSync(folder, { recursive: true, force: true });
else {
  const kind = /** @type {const} */ (['electron', 'back', 'vaults'])
    .map((name) => (values[name] ? ` --${name}` : ''))
    .join('');
  console.log(`All of it lies in ${folder}`);
  console.log(`Repeat it: npm run crash -- --kills ${kills} --archives ${archives} --seed ${values.seed}${kind}`);
  process.exitCode = 1;
}

// The crash marathon: npm run crash -- --kills N --seed S [--archives N] [--electron], and --back for the way back: retrievals
// instead of uploads. Exit code 1 when a promise was broken.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';
import { buildAll } from './build.mjs';
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
await buildAll();

/** @type {{ module: typeof import('../test/crash/index.ts') }} */
const { module } = await runnerImport(inRoot('test', 'crash', 'index.ts'), { configFile: false, root: inRoot() });
const folder = inLocal('crash', `${values.seed}-${process.pid}`);
const startedAt = Date.now();
const say = (/** @type {string} */ line) => {
  console.log(`${((Date.now() - startedAt) / 1000).toFixed(0).padStart(6)} s  ${line}`);
};
const common = { folder, seed: values.seed, kills, archives, say };
const report = values.back
  ? await module.runWayBack(common)
  : await module.runMarathon({ ...common, electron: values.electron });
const duration = Date.now() - startedAt;
console.log('retrievals' in report ? module.wayBackInWords(report, duration) : module.inWords(report, duration));
const untested = module.untested(report);
for (const sentence of untested) console.log(`✗ ${sentence}`);
if (report.violations.length + untested.length === 0) fs.rmSync(folder, { recursive: true, force: true });
else {
  const kind = `${values.electron ? ' --electron' : ''}${values.back ? ' --back' : ''}`;
  console.log(`All of it lies in ${folder}`);
  console.log(`Repeat it: npm run crash -- --kills ${kills} --archives ${archives} --seed ${values.seed}${kind}`);
  process.exitCode = 1;
}

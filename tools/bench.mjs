// The benchmarks: npm run bench -- [--json FILE] [NAME...]
import fs from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';
import { buildAll } from './build.mjs';
import { inRoot } from './set-up/project.mjs';

const { values, positionals } = parseArgs({ options: { json: { type: 'string' } }, allowPositionals: true });
await buildAll();
const machine = `${os.cpus()[0]?.model ?? 'processor'} × ${os.availableParallelism()}, Node ${process.version}, ${os.type()} ${os.release()}`;
console.log(`${machine}, load ${os.loadavg()[0]?.toFixed(1)}\n`);
/** @type {{ module: typeof import('../test/bench/index.ts') }} */
const { module } = await runnerImport(inRoot('test', 'bench', 'index.ts'), { configFile: false, root: inRoot() });
const rows = await module.bench(positionals);
if (values.json !== undefined)
  fs.writeFileSync(values.json, JSON.stringify({ machine, at: new Date().toISOString(), rows }, null, 2));

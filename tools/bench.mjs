// The benchmarks: npm run bench -- [--quick] [--json FILE] [NAME...]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';
import { buildForTests } from './build.mjs';
import { onSomeDisplay } from './display.mjs';
import { hasDisplay, provideForBenchmarks } from './set-up/system.mjs';
import { inRoot } from './set-up/project.mjs';

const { values, positionals } = parseArgs({
  options: { json: { type: 'string' }, quick: { type: 'boolean' } },
  allowPositionals: true,
});

if (hasDisplay()) await bench();
else {
  // Some start the window.
  const [command, args] = onSomeDisplay(process.execPath, process.argv.slice(1));
  const [code] = await once(spawn(command, args, { stdio: 'inherit' }), 'exit');
  process.exitCode = code ?? 1;
}

async function bench() {
  await provideForBenchmarks();
  await buildForTests();
  const machine = `${os.cpus()[0]?.model ?? 'processor'} × ${os.availableParallelism()}, Node ${process.version}, ${os.type()} ${os.release()}`;
  const load = os.loadavg()[0] ?? 0;
  console.log(`${machine}, load ${load.toFixed(1)}${values.quick ? ', a quick look' : ''}\n`);
  /** @type {{ module: typeof import('../test/bench/index.ts') }} */
  const { module } = await runnerImport(inRoot('test', 'bench', 'index.ts'), { configFile: false, root: inRoot() });
  const sections = await module.bench(positionals, values.quick ?? false);
  if (values.json !== undefined) {
    const result = { machine, load, at: new Date().toISOString(), quick: values.quick ?? false, sections };
    fs.writeFileSync(values.json, JSON.stringify(result, null, 2));
  }
}

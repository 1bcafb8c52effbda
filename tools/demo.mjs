// `npm run demo`: Firn in its real window uploads a file into the practice vault, is killed on the way, carries on, and
// proves what it stored. With a display one can watch, and the window stays open at the end (`--close` closes it);
// without one it runs on a display of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { runnerImport } from 'vite';
import { buildAll } from './build.mjs';
import { onSomeDisplay } from './display.mjs';
import { inRoot } from './set-up/project.mjs';
import { hasDisplay } from './set-up/system.mjs';

async function runOnOwnDisplay() {
  const [command, args] = onSomeDisplay(process.execPath, [import.meta.filename, '--close']);
  const [code] = await once(spawn(command, args, { cwd: inRoot(), stdio: 'inherit' }), 'exit');
  process.exitCode = code ?? 1;
}

async function demonstrate() {
  await buildAll();
  /** @type {{ module: typeof import('./demo/demo.ts') }} */
  const { module } = await runnerImport(inRoot('tools', 'demo', 'demo.ts'), { configFile: false, root: inRoot() });
  const app = await module.demonstrate();
  if (process.argv.includes('--close')) return app.close();
  console.log('demo: the window stays open; close it to end');
  await app.waitForEvent('close', { timeout: 0 });
}

await (hasDisplay() ? demonstrate() : runOnOwnDisplay());

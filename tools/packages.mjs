// Makes the packages for Linux and tries them as somebody would who installs Firn: `npm run packages`. Their contents are
// compared with what they should be; the deb is installed in a clean Debian, used in the window and on the command line,
// upgraded with a full queue, and removed. Wants Linux on x64 and the rights of root.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { buildForTests } from './build.mjs';
import { onSomeDisplay } from './display.mjs';
import { provideCleanRoot } from './packages/clean-root.mjs';
import { inRoot } from './set-up/project.mjs';
import { run } from './set-up/run.mjs';
import { main, Obstacle, say } from './set-up/say.mjs';
import { provideForPackages } from './set-up/system.mjs';

const folder = inRoot('release', 'test');
const next = inRoot('release', 'next');

/** `--keep` tries what is there already. */
const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } });

async function tryPackages() {
  if (process.platform !== 'linux' || process.arch !== 'x64' || process.getuid?.() !== 0)
    throw new Obstacle('packages: wants Linux on x64, and the rights of root to install what it made.');
  await provideForPackages({ withTools: true });
  if (!values.keep) await make();
  const deb = packageIn(folder);
  const cleanRoot = await provideCleanRoot(deb);
  await buildForTests();
  const env = {
    ...process.env,
    FIRN_PACKAGES: folder,
    FIRN_NEXT_DEB: packageIn(next),
    FIRN_CLEAN_ROOT: cleanRoot,
  };
  const vitest = inRoot('node_modules', 'vitest', 'vitest.mjs');
  const [command, args] = onSomeDisplay(process.execPath, [vitest, 'run', '--project', 'packages']);
  const [code] = await once(spawn(command, args, { cwd: inRoot(), env, stdio: 'inherit' }), 'exit');
  process.exitCode = code ?? 1;
}

async function make() {
  const dist = inRoot('tools', 'dist.mjs');
  say('packages: making the packages for Linux (two minutes) …');
  for (const made of [folder, next]) fs.rmSync(made, { recursive: true, force: true });
  await run(process.execPath, [dist, '--test', '--linux', 'AppImage', 'deb', 'rpm', 'tar.gz', '--x64']);
  say('packages: making the next version …');
  const version = nextVersion();
  const other = [`-c.extraMetadata.version=${version}`, `-c.directories.output=${next}`];
  await run(process.execPath, [dist, '--test', '--linux', 'deb', '--x64', ...other]);
}

function nextVersion() {
  const { version } = JSON.parse(fs.readFileSync(inRoot('package.json'), 'utf8'));
  const [major, minor, patch] = version.split('.').map(Number);
  return `${major}.${minor}.${patch + 1}`;
}

function packageIn(/** @type {string} */ where) {
  const name = fs.existsSync(where) ? fs.readdirSync(where).find((one) => one.endsWith('.deb')) : undefined;
  if (name === undefined) throw new Obstacle(`packages: there is no deb in ${where}; run it without --keep.`);
  execFileSync('dpkg-deb', ['--info', `${where}/${name}`], { stdio: 'ignore' });
  return `${where}/${name}`;
}

await main(tryPackages);

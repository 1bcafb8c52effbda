// What the operating system must have. Only Linux leaves something to be installed.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { capture } from './run.mjs';
import { Obstacle, say, timed } from './say.mjs';

/** Shared libraries that Electron loads, with the Debian and Ubuntu packages that bring them, newest name first. */
const libraries = new Map([
  ['libgtk-3.so.0', ['libgtk-3-0t64', 'libgtk-3-0']],
  ['libnss3.so', ['libnss3']],
  ['libasound.so.2', ['libasound2t64', 'libasound2']],
  ['libatspi.so.0', ['libatspi2.0-0t64', 'libatspi2.0-0']],
  ['libcups.so.2', ['libcups2t64', 'libcups2']],
  ['libgbm.so.1', ['libgbm1']],
  ['libdrm.so.2', ['libdrm2']],
  ['libnotify.so.4', ['libnotify4']],
  ['libXss.so.1', ['libxss1']],
  ['libXtst.so.6', ['libxtst6']],
]);
/** A display for machines without a screen. */
const display = new Map([
  ['Xvfb', ['xvfb']],
  ['xvfb-run', ['xvfb']],
  ['xauth', ['xauth']],
]);
const peers = new Map([
  ['aws', ['awscli']],
  ['openssl', ['openssl']],
]);
/** What packages are made with where electron-builder's own tools cannot be had. */
const packagers = new Map([
  ['7za', ['p7zip-full']],
  ['rpmbuild', ['rpm']],
  ['mksquashfs', ['squashfs-tools']],
  ['desktop-file-validate', ['desktop-file-utils']],
  ['gcc', ['gcc']],
  ['debootstrap', ['debootstrap']],
  ['appstreamcli', ['appstream']],
]);
/** For the packages of other kinds of computers. */
const crossCompilers = new Map([
  ['x86_64-w64-mingw32-gcc', ['gcc-mingw-w64-x86-64-win32', 'gcc-mingw-w64-x86-64']],
  ['aarch64-linux-gnu-gcc', ['gcc-aarch64-linux-gnu']],
]);
const compiler = new Map([
  ['gcc', ['gcc']],
  ['g++', ['g++']],
]);

export const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env['DISPLAY']) || Boolean(process.env['WAYLAND_DISPLAY']);

/** Installs what is missing, or says in one line what to install. */
export async function provideSystem(/** @type {{ electron: boolean, compiler: boolean }} */ wanted) {
  if (process.platform !== 'linux') return;
  const missing = [
    ...(wanted.electron ? missingLibraries() : []),
    ...(wanted.electron && !hasDisplay() ? missingPrograms(display) : []),
    ...(wanted.compiler ? missingPrograms(compiler) : []),
  ];
  if (missing.length > 0) await install(missing);
}

/** Debian's, whatever others may come first in the PATH. */
const foreign = new Map([
  ['/usr/bin/aws', ['awscli']],
  ['/usr/bin/rclone', ['rclone']],
  ['/usr/bin/radosgw', ['radosgw']],
  ['/usr/bin/ceph-mon', ['ceph-mon']],
  ['/usr/bin/ceph-osd', ['ceph-osd']],
  ['/usr/bin/ceph', ['ceph-common']],
]);

/**
 * Programs of others that the tests set on the practice service, and Ceph's S3 gateway, on which they set Firn. Where they cannot
 * be installed, a line says so and their tests are skipped.
 */
export async function provideForeignPrograms() {
  if (process.platform !== 'linux') return;
  const missing = [...foreign].filter(([path]) => !fs.existsSync(path));
  if (missing.length === 0) return;
  try {
    await install(missing.map(([path, packages]) => ({ name: path.slice('/usr/bin/'.length), packages })));
  } catch (error) {
    if (!(error instanceof Obstacle)) throw error;
    say(`${error.message} (until then their tests are skipped)`);
  }
}

/**
 * For the benchmarks: the clients that Firn is measured against, and what their service is compiled with. Installs what can
 * be installed without asking anybody; the benchmarks say what they did without.
 */
export async function provideForBenchmarks() {
  if (process.platform !== 'linux' || !isProgram('apt-get') || process.getuid?.() !== 0) return;
  const hasBoto3 = spawnSync('/usr/bin/python3', ['-c', 'import boto3'], { stdio: 'ignore' }).status === 0;
  const missing = [
    ...missingPrograms(peers),
    ...missingPrograms(compiler),
    ...(hasBoto3 ? [] : [{ name: 'boto3', packages: ['python3-boto3'] }]),
    ...(fs.existsSync('/usr/include/openssl/ssl.h') ? [] : [{ name: 'openssl/ssl.h', packages: ['libssl-dev'] }]),
  ];
  await installIfPossible(missing);
}

/** For packages: the cross compilers, and, where electron-builder cannot load its own tools, Debian's. */
export async function provideForPackages(/** @type {{ withTools: boolean }} */ { withTools }) {
  if (process.platform !== 'linux') return;
  await installIfPossible([
    ...missingPrograms(crossCompilers),
    ...(fs.existsSync('/usr/aarch64-linux-gnu/include/stdio.h')
      ? []
      : [{ name: 'its C library', packages: ['libc6-dev-arm64-cross'] }]),
    ...(withTools ? missingPrograms(packagers) : []),
  ]);
}

/** @typedef {{ name: string, packages: string[] }} Missing */

/** Installs what can be installed without asking anybody, and says what is missing otherwise. */
export async function installIfPossible(/** @type {Missing[]} */ missing) {
  if (missing.length === 0) return;
  try {
    await install(missing);
  } catch (error) {
    if (!(error instanceof Obstacle)) throw error;
    say(error.message);
  }
}

/** @returns {Missing[]} */
function missingLibraries() {
  const { stdout, status } = spawnSync('ldconfig', ['-p'], { encoding: 'utf8', env: { PATH: '/sbin:/usr/sbin' } });
  if (status !== 0) return [];
  const known = new Set(stdout.split('\n').map((line) => line.trim().split(' ', 1)[0]));
  return [...libraries].filter(([name]) => !known.has(name)).map(([name, packages]) => ({ name, packages }));
}

/** @returns {Missing[]} */
export function missingPrograms(/** @type {Map<string, string[]>} */ programs) {
  return [...programs].filter(([name]) => !isProgram(name)).map(([name, packages]) => ({ name, packages }));
}

/** Where a program lies; null when it is not there. */
export function programInPath(/** @type {string} */ name) {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return folders.map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file)) ?? null;
}

const isProgram = (/** @type {string} */ name) => programInPath(name) !== null;

async function install(/** @type {Missing[]} */ missing) {
  const names = missing.map(({ name }) => name).join(', ');
  if (!isProgram('apt-get'))
    throw new Obstacle(`set-up: please install what brings ${names}, then run the command again.`);
  if (process.getuid?.() !== 0) {
    const packages = available(missing).join(' ');
    throw new Obstacle(
      `set-up: ${names} missing, please run: sudo apt-get install -y --no-install-recommends ${packages}`,
    );
  }
  await timed(`installing Debian packages for ${names}`, async () => {
    await apt(['update', '-q']);
    const packages = available(missing);
    say(`set-up:   apt-get install ${packages.join(' ')}`);
    await apt(['install', '-y', '-q', '--no-install-recommends', ...packages]);
  });
}

/** Of each list of names the first that this release knows. */
function available(/** @type {Missing[]} */ missing) {
  const { stdout } = spawnSync('apt-cache', ['pkgnames'], { encoding: 'utf8', maxBuffer: 64 * 2 ** 20 });
  const known = new Set(stdout.split('\n'));
  return [...new Set(missing.map(({ packages }) => packages.find((name) => known.has(name)) ?? packages.at(-1) ?? ''))];
}

/** How long somebody else's installing is waited for: an upgrade of the whole system in the background takes minutes. */
const LOCK_PATIENCE_MS = 10 * 60_000;
const LOCK_PAUSE_MS = 2000;

/** Waits while another program has the lock of the package lists or of dpkg: apt itself waits for the second alone. */
async function apt(/** @type {string[]} */ args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  const giveUpAt = Date.now() + LOCK_PATIENCE_MS;
  for (let tries = 1; ; tries++) {
    const { code, output } = await capture('apt-get', args, { env });
    if (code === 0) return;
    if (!/Could not get lock|Unable to lock/.test(output) || Date.now() > giveUpAt) throw aptObstacle(args, output);
    if (tries === 1) say('set-up:   another program is installing packages; waiting for it');
    await setTimeout(LOCK_PAUSE_MS);
  }
}

function aptObstacle(/** @type {string[]} */ args, /** @type {string} */ output) {
  const lines = output.trim().split('\n');
  const reason = lines.find((line) => line.startsWith('E:')) ?? lines.at(-1);
  return new Obstacle(`set-up: apt-get ${args.join(' ')} failed: ${reason}`);
}

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { inLocal, inRoot } from '../set-up/project.mjs';
import { run } from '../set-up/run.mjs';
import { Obstacle, timed } from '../set-up/say.mjs';

const SUITE = 'bookworm';

/**
 * A folder with a small Debian, an ordinary user called ana, and what the package says that it needs, which is brought by the
 * package manager from nothing but the package's own words. Kept for as long as those words are the same.
 */
export async function provideCleanRoot(/** @type {string} */ deb) {
  const depends = execFileSync('dpkg-deb', ['--field', deb, 'Depends'], { encoding: 'utf8' }).trim();
  const folder = inLocal(`clean-root-${createHash('sha256').update(depends).digest('hex').slice(0, 12)}`);
  if (fs.existsSync(folder)) return folder;
  const half = `${folder}.half`;
  await remove(half);
  await timed(`making a clean ${SUITE} to install Firn in`, () => make(half, depends));
  fs.renameSync(half, folder);
  return folder;
}

/** What is mounted in it while it is made is seen by nobody else, and gone with the process. */
async function make(/** @type {string} */ folder, /** @type {string} */ depends) {
  fs.mkdirSync(folder, { recursive: true });
  const needs = await packageOfNeeds(depends);
  const script = inRoot('tools', 'packages', 'make-root.sh');
  try {
    await run('unshare', ['--mount', '--propagation', 'private', script, SUITE, folder, needs]);
  } catch (error) {
    throw new Obstacle(`packages: no clean root could be made: ${String(error).trim().split('\n').at(-1)}`);
  }
}

/** A package that needs the same and is nothing itself: the package manager then chooses as it does for Firn's own. */
async function packageOfNeeds(/** @type {string} */ depends) {
  const tree = inLocal('firn-needs');
  fs.mkdirSync(`${tree}/DEBIAN`, { recursive: true });
  const control = [
    ...['Package: firn-needs', 'Version: 1', 'Architecture: all', 'Maintainer: nobody', `Depends: ${depends}`],
    ...['Description: what Firn needs', ''],
  ];
  fs.writeFileSync(`${tree}/DEBIAN/control`, control.join('\n'));
  await run('dpkg-deb', ['--build', tree, `${tree}.deb`]);
  return `${tree}.deb`;
}

/** Never what somebody mounted in there. */
async function remove(/** @type {string} */ folder) {
  await run('rm', ['-rf', '--one-file-system', folder]);
}

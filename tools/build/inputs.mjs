import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { inRoot } from '../set-up/project.mjs';

/** Everything that decides what the build makes. */
export const buildInputs = [
  ...['main', 'renderer', 'shared', 'tools/build', 'tools/build.mjs'],
  ...['svelte.config.js', 'package.json', 'package-lock.json'],
];

/** One hash of the names and contents of all files in these places, which are relative to the root. */
export function hashOf(/** @type {readonly string[]} */ places) {
  const hash = createHash('sha256');
  for (const file of places.flatMap((place) => filesIn(inRoot(place))).sort()) {
    const bytes = fs.readFileSync(file);
    hash.update(`${path.relative(inRoot(), file)}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

/** @returns {string[]} */
function filesIn(/** @type {string} */ file) {
  if (!fs.statSync(file).isDirectory()) return [file];
  return fs.readdirSync(file).flatMap((name) => filesIn(path.join(file, name)));
}

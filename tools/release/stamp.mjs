// Where a version stands.
import fs from 'node:fs';
import { inRoot } from '../set-up/project.mjs';
import { Obstacle } from '../set-up/say.mjs';

const plain = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?$/;
const METAINFO = 'assets/linux/org.firnapp.firn.metainfo.xml';

/** The files that a release changes, and their new texts. Refuses what is no version, or not a later one. */
export function stamped(/** @type {string} */ version, /** @type {string} */ date) {
  if (!plain.test(version)) throw new Obstacle(`release: "${version}" is no version; it looks like 1.2.3 or 1.2.3-beta.1.`);
  const read = (/** @type {string} */ file) => fs.readFileSync(inRoot(file), 'utf8');
  const changelog = read('CHANGELOG.md');
  return new Map([
    ['package.json', withVersion(read('package.json'), version)],
    ['package-lock.json', lockWithVersion(read('package-lock.json'), version)],
    ['CHANGELOG.md', changelogFor(changelog, version, date)],
    [METAINFO, metainfoFor(read(METAINFO), version, date)],
  ]);
}

export function withVersion(/** @type {string} */ manifest, /** @type {string} */ version) {
  return manifest.replace(/^( {2}"version": )"[^"]*"/m, `$1"${version}"`);
}

function lockWithVersion(/** @type {string} */ lock, /** @type {string} */ version) {
  const tree = JSON.parse(lock);
  tree.version = version;
  tree.packages[''].version = version;
  return `${JSON.stringify(tree, null, 2)}\n`;
}

/** The part that was written for the next version becomes this one's. */
export function changelogFor(/** @type {string} */ text, /** @type {string} */ version, /** @type {string} */ date) {
  const heading = /^## (?:\S+ \(unreleased\)|Unreleased)$/m;
  if (!heading.test(text))
    throw new Obstacle('release: CHANGELOG.md has no part for what is new: "## Unreleased", or a version with "(unreleased)".');
  if (new RegExp(`^## ${version.replaceAll('.', '\\.')} \\(\\d`, 'm').test(text))
    throw new Obstacle(`release: CHANGELOG.md tells of ${version} as released already.`);
  return text.replace(heading, `## ${version} (${date})`);
}

/** What software centres of Linux show as the newest version. */
export function metainfoFor(/** @type {string} */ text, /** @type {string} */ version, /** @type {string} */ date) {
  const release = `    <release version="${version}" date="${date}" />\n`;
  if (text.includes('  <releases>\n')) return text.replace('  <releases>\n', `  <releases>\n${release}`);
  return text.replace('  <content_rating', `  <releases>\n${release}  </releases>\n  <content_rating`);
}

/** What the changelog says about a version, without its heading. */
export function notesOf(/** @type {string} */ changelog, /** @type {string} */ version) {
  const [, ...parts] = changelog.split(/^## /m);
  const part = parts.find((one) => one.startsWith(`${version} (`)) ?? '';
  return part.slice(part.indexOf('\n') + 1).trim();
}

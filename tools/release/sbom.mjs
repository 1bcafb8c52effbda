// What is shipped, as a CycloneDX document. npm writes it from the lockfile; of the development dependencies only those stay
// that the build bundled, as its lists of licenses tell.
import fs from 'node:fs';
import { inRoot } from '../set-up/project.mjs';
import { run } from '../set-up/run.mjs';

/** @typedef {{ 'bom-ref': string, name: string, version: string, scope?: string, properties?: { name: string, value: string }[] }} Component */
/** @typedef {{ metadata: { component: Component }, components: Component[], dependencies: { ref: string, dependsOn?: string[] }[] }} Sbom */

/** Shipped beside what is bundled. */
const besides = ['better-sqlite3', 'electron'];

export async function writeSbom(/** @type {string} */ file) {
  const document = await run('npm', ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only']);
  const lists = ['main', 'preload', 'renderer'].map((part) => inRoot('out', part, 'licenses.md'));
  const licenses = lists.filter((list) => fs.existsSync(list)).map((list) => fs.readFileSync(list, 'utf8'));
  fs.writeFileSync(file, `${JSON.stringify(shippedAlone(JSON.parse(document), bundledIn(licenses)), null, 2)}\n`);
}

/** Names and versions, as `zod@4.6.7`, from Vite's lists of licenses. */
export function bundledIn(/** @type {readonly string[]} */ licenses) {
  const lines = licenses.flatMap((list) => [...list.matchAll(/^## (\S+) - (\S+) \(/gm)]);
  return new Set(lines.map(([, name, version]) => `${name}@${version}`));
}

/** @throws when something was bundled that the lockfile does not know. @returns {Sbom} */
export function shippedAlone(/** @type {Sbom} */ sbom, /** @type {ReadonlySet<string>} */ bundled) {
  const isShipped = (/** @type {Component} */ { name, version }) =>
    bundled.has(`${name}@${version}`) || besides.includes(name);
  const components = sbom.components.filter(isShipped).map(asShipped);
  const known = new Set(components.map(({ name, version }) => `${name}@${version}`));
  const unknown = [...bundled].filter((one) => !known.has(one));
  if (unknown.length > 0) throw new Error(`The lockfile does not know what was bundled: ${unknown.join(', ')}`);
  const refs = new Set([sbom.metadata.component['bom-ref'], ...components.map((component) => component['bom-ref'])]);
  const dependencies = sbom.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) }));
  const { component } = sbom.metadata;
  // npm takes the name of the folder.
  return { ...sbom, metadata: { ...sbom.metadata, component: { ...component, name: 'firn' } }, components, dependencies };
}

/** For npm, what is bundled is for development alone. @returns {Component} */
function asShipped(/** @type {Component} */ component) {
  const properties = (component.properties ?? []).filter(({ name }) => name !== 'cdx:npm:package:development');
  return { ...component, scope: 'required', properties };
}

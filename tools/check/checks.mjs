// All that `npm test` runs. Each check is a program and a way to count what it says.
import fs from 'node:fs';
import { inLocal, inRoot } from '../set-up/project.mjs';
import { countOnce, countPlaywright, countVitest } from './counts.mjs';

/**
 * @typedef {object} Check
 * @property {string} name
 * @property {string[]} args of Node
 * @property {Record<string, string>} [env]
 * @property {(exitCode: number | null) => import('./counts.mjs').Counts} count
 */

const bin = (/** @type {string} */ file) => inRoot('node_modules', file);
const tool = (/** @type {string} */ file) => inRoot('tools', file);

/** @returns {Check} */
function check(/** @type {string} */ name, /** @type {string[]} */ args) {
  return { name, args, count: countOnce };
}

export const build = check('build', [tool('build.mjs')]);

const boundaries = [
  'main',
  'shared',
  'renderer',
  'tools',
  '--config',
  '.dependency-cruiser.mjs',
  '--output-type',
  'err',
];

/** Checks that only read. @returns {Check[]} */
export function staticChecks() {
  const cached = (/** @type {string} */ file) => ['--cache', '--cache-strategy', 'content', '--cache-location', file];
  return [
    check('boundaries', [bin('dependency-cruiser/bin/dependency-cruise.mjs'), ...boundaries]),
    check('prettier', [bin('prettier/bin/prettier.cjs'), '--check', ...cached(inLocal('prettier')), '.']),
    check('oxlint', [bin('oxlint/bin/oxlint'), '--type-aware', '--deny-warnings']),
    check('eslint', [bin('eslint/bin/eslint.js'), '--max-warnings', '0', ...cached(inLocal('eslint')), '.']),
    check('tsc', [
      bin('typescript/bin/tsc'),
      '-p',
      'tsconfig.json',
      '--incremental',
      '--tsBuildInfoFile',
      inLocal('tsc'),
    ]),
    check('svelte-check', [bin('svelte-check/bin/svelte-check'), '--tsconfig', 'tsconfig.json', '--fail-on-warnings']),
    check('knip', [bin('knip/bin/knip.js')]),
  ];
}

/** Checks that run the product, one after the other. @returns {Check[]} */
export function tests() {
  return [
    unitTests(),
    endToEnd('end to end'),
    check('package', [tool('dist.mjs'), '--dir', '--test']),
    endToEndPackaged(),
    underWindows(),
  ];
}

/** @returns {Check} */
function unitTests() {
  const report = freshReport('vitest');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return {
    name: 'vitest',
    // Most tests wait for a disk or a clock: even two cores carry two at a time.
    args: [bin('vitest/vitest.mjs'), 'run', '--project', 'node', '--project', 'ui', '--maxWorkers', '2', ...reporters],
    count: (exitCode) => countVitest(report, exitCode),
  };
}

/** The core in Windows' Node, where wine can be had. @returns {Check} */
function underWindows() {
  const report = freshReport('windows');
  const leftOut = { passed: 0, failed: 0, skipped: 1 };
  return {
    name: 'windows',
    args: [tool('windows.mjs'), '--report', report],
    count: (exitCode) => (exitCode === 0 && !fs.existsSync(report) ? leftOut : countVitest(report, exitCode)),
  };
}

/** @returns {Check} */
function endToEnd(/** @type {string} */ name, /** @type {Record<string, string>} */ env = {}) {
  const report = freshReport(name.replaceAll(/\W+/g, '-'));
  return {
    name,
    args: [tool('e2e.mjs'), '--reporter=list,json'],
    env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
    count: (exitCode) => countPlaywright(report, exitCode),
  };
}

/** @returns {Check} */
function endToEndPackaged() {
  const unpacked = {
    linux: 'linux-unpacked/firn',
    win32: 'win-unpacked/Firn.exe',
    darwin: `mac${process.arch === 'arm64' ? '-arm64' : ''}/Firn.app/Contents/MacOS/Firn`,
  };
  const executable = unpacked[/** @type {keyof typeof unpacked} */ (process.platform)];
  return endToEnd('end to end, packaged', { FIRN_E2E_APP: inRoot('release', 'test', executable) });
}

/** Where a runner shall write; what an earlier run wrote there is gone. */
function freshReport(/** @type {string} */ name) {
  const report = inLocal('check', `${name}.json`);
  fs.rmSync(report, { force: true });
  return report;
}

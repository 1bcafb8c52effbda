// The three parts of the application, each with the rules of the place where it runs.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { inLocal, inRoot } from '../set-up/project.mjs';

/** @typedef {import('vite').InlineConfig} InlineConfig */

/** Left to be found in node_modules: Electron itself, and the library with a native binary. */
const external = [/^electron(\/|$)/, 'better-sqlite3'];

/** How long plugins took is nobody's concern here. */
const quiet = { checks: { pluginTimings: false } };

/** @type {InlineConfig} */
const common = { root: inRoot(), configFile: false, logLevel: 'warn' };

/** Programs of the main process: what a program is made from, and what it is called in out/main. */
const programs = {
  index: 'main/desktop/start.ts',
  cli: 'main/command-line/cli.ts',
  worker: 'main/transfer/worker.ts',
  'backup-thread': 'main/store/backup-thread.ts',
  'reader-thread': 'main/store/reader-thread.ts',
  'hash-thread': 'main/files/hash-thread.ts',
  'practice-thread': 'main/practice/thread.ts',
};

/** The window: everything in files of its own, for the content security policy allows nothing inline. @returns {InlineConfig} */
export function renderer() {
  return {
    ...common,
    root: inRoot('renderer'),
    base: './',
    plugins: [svelte({ configFile: inRoot('svelte.config.js') })],
    build: {
      ...output('renderer'),
      target: 'chrome130',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: quiet,
    },
  };
}

/** @returns {InlineConfig} */
export function main() {
  return forNode('main', programs, {
    format: 'es',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    banner: (chunk) => (chunk.name === 'cli' && chunk.isEntry ? '#!/usr/bin/env node' : ''),
  });
}

/** The practice vault as a program of its own, which misbehaves as it is told: for tests alone, so it lies outside out/. @returns {InlineConfig} */
export function practiceCommand() {
  const config = forNode(
    '',
    { practice: 'test/support/practice/command.ts' },
    { format: 'es', entryFileNames: '[name].mjs' },
  );
  return { ...config, build: { ...config.build, outDir: inLocal('test-programs') } };
}

/** A sandboxed preload script cannot be an ES module. @returns {InlineConfig} */
export function preload() {
  return forNode('preload', { preload: 'main/desktop/preload.ts' }, { format: 'cjs', entryFileNames: '[name].cjs' });
}

/**
 * @param {string} folder
 * @param {Record<string, string>} input
 * @param {import('vite').Rolldown.OutputOptions} options
 * @returns {InlineConfig}
 */
function forNode(folder, input, options) {
  return {
    ...common,
    build: {
      ...output(folder),
      ssr: true,
      target: 'node20',
      minify: false,
      rolldownOptions: { ...quiet, input, external, output: options },
    },
    ssr: { noExternal: true },
  };
}

/** @returns {import('vite').BuildOptions} */
function output(/** @type {string} */ folder) {
  return { outDir: inRoot('out', folder), emptyOutDir: true, sourcemap: true, license: { fileName: 'licenses.md' } };
}

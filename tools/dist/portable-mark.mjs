// A hook of electron-builder: puts into the zip for Windows the file that makes Firn keep its data beside the program. The
// installer is made from the same folder and must not have it.
import { createRequire } from 'node:module';
import { inRoot } from '../set-up/project.mjs';
import { run } from '../set-up/run.mjs';

/** The program that electron-builder itself packs with. @returns {Promise<string>} */
function sevenZip() {
  const require = createRequire(createRequire(import.meta.url).resolve('electron-builder'));
  return require('app-builder-lib/out/toolsets/7zip.js').getPath7za();
}

export async function artifactBuildCompleted(
  /** @type {import('electron-builder').ArtifactCreated} */ { file, packager },
) {
  if (packager.platform.nodeName !== 'win32' || !file.endsWith('.zip')) return;
  await run(await sevenZip(), ['a', '-bd', file, inRoot('assets', 'windows', 'portable.txt')]);
}

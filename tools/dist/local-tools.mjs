// What electron-builder downloads from elsewhere, made from what Debian has: for test builds where that place cannot be
// reached. The packages that people get are made with electron-builder's own tools.
import fs from 'node:fs';
import path from 'node:path';
import { localElectron } from '../set-up/electron.mjs';
import { inLocal, inRoot } from '../set-up/project.mjs';
import { run } from '../set-up/run.mjs';
import { programInPath } from '../set-up/system.mjs';

/** electron-builder copies this folder as it is, and an application beside its own would be of no use. */
const distribution = inLocal('electron-dist');
const appImageTools = inLocal('appimage-tools');
/** Where the stand-in for the runtime of an AppImage expects the files, whatever its own size. */
const RUNTIME_SIZE = 65_536;

/** The environment in which electron-builder finds its tools here. */
export async function provideLocalTools() {
  copyElectron();
  return {
    CUSTOM_FPM_PATH: inRoot('tools', 'dist', 'fpm.mjs'),
    ELECTRON_BUILDER_7ZIP_PATH: programInPath('7za') ?? '',
    ELECTRON_BUILDER_COMPRESSION_LEVEL: '1',
    ...((await provideAppImageTools()) && { APPIMAGE_TOOLS_PATH: appImageTools }),
  };
}

function copyElectron() {
  const stamp = path.join(localElectron, 'version');
  const copied = path.join(distribution, 'version');
  if (fs.existsSync(copied) && fs.statSync(copied).mtimeMs >= fs.statSync(stamp).mtimeMs) return;
  fs.rmSync(distribution, { recursive: true, force: true });
  fs.cpSync(localElectron, distribution, { recursive: true });
  fs.rmSync(path.join(distribution, 'resources', 'default_app.asar'), { force: true });
}

/** @returns {Promise<boolean>} */
async function provideAppImageTools() {
  const programs = ['mksquashfs', 'desktop-file-validate'].map((name) => ({ name, found: programInPath(name) }));
  if (programs.some(({ found }) => found === null)) return false;
  const source = inRoot('tools', 'dist', 'appimage-runtime.c');
  const runtime = path.join(appImageTools, 'runtimes', 'runtime-x64');
  if (fs.existsSync(runtime) && fs.statSync(runtime).mtimeMs > fs.statSync(source).mtimeMs) return true;
  fs.rmSync(appImageTools, { recursive: true, force: true });
  for (const folder of ['runtimes', 'lib/x64']) fs.mkdirSync(path.join(appImageTools, folder), { recursive: true });
  for (const { name, found } of programs) fs.symlinkSync(String(found), path.join(appImageTools, name));
  await run('gcc', ['-Os', '-s', '-o', runtime, `-DOFFSET="${RUNTIME_SIZE}"`, source]);
  const file = fs.openSync(runtime, 'r+');
  fs.ftruncateSync(file, RUNTIME_SIZE);
  // By these three bytes an AppImage of type 2 is known.
  fs.writeSync(file, Buffer.from('AI\x02'), 0, 3, 8);
  fs.closeSync(file);
  return true;
}

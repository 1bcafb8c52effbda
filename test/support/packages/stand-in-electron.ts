import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NtExecutable, NtExecutableResource, Resource } from 'resedit';

export type Platform = 'linux' | 'win32' | 'darwin';

/** Marks the fuses in Electron's program; then come the version of their layout, their number, and a digit for each. */
const FUSES = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 8]),
  Buffer.from('10110001'),
]);
/** Of the many that Electron has. */
const LANGUAGES = ['de', 'en', 'fr'];

/**
 * A folder with what electron-builder looks for in an Electron of that platform, so that it can be packed where the real one
 * cannot be had. Nothing in it runs.
 */
export function standInElectron(platform: Platform, folder: string): string {
  for (const [path, content] of Object.entries(files[platform]())) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return folder;
}

const licenses = { LICENSE: 'MIT', 'LICENSES.chromium.html': '<html>' };

const files: Record<Platform, () => Record<string, string | Uint8Array>> = {
  linux: () => ({ electron: FUSES, 'chrome-sandbox': '', 'resources/none': '', ...licenses, ...packs() }),
  win32: () => ({ 'electron.exe': windowsProgram(), 'resources/none': '', ...licenses, ...packs() }),
  darwin: () => ({
    ...licenses,
    'Electron.app/Contents/Info.plist': propertyList('Electron'),
    'Electron.app/Contents/MacOS/Electron': '',
    ...helpers(),
    [`${FRAMEWORK}/Electron Framework`]: FUSES,
    ...folders(`${FRAMEWORK}/Versions/A/Resources`),
    ...folders('Electron.app/Contents/Resources'),
  }),
};

const FRAMEWORK = 'Electron.app/Contents/Frameworks/Electron Framework.framework';

function packs(): Record<string, string> {
  return Object.fromEntries(['de', 'en-GB', 'en-US', 'fr'].map((language) => [`locales/${language}.pak`, '']));
}

function folders(within: string): Record<string, string> {
  return Object.fromEntries(LANGUAGES.map((language) => [`${within}/${language}.lproj/locale.pak`, '']));
}

function helpers(): Record<string, string> {
  const names = ['', ' (GPU)', ' (Plugin)', ' (Renderer)'].map((suffix) => `Electron Helper${suffix}`);
  return Object.fromEntries(
    names.flatMap((name) => {
      const contents = `Electron.app/Contents/Frameworks/${name}.app/Contents`;
      return [
        [`${contents}/Info.plist`, propertyList(name)],
        [`${contents}/MacOS/${name}`, ''],
      ];
    }),
  );
}

function propertyList(name: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict>
  <key>CFBundleExecutable</key><string>${name}</string>
  <key>CFBundleIdentifier</key><string>com.github.electron</string>
  <key>LSMinimumSystemVersion</key><string>12.0</string>
</dict></plist>`;
}

function windowsProgram(): Uint8Array {
  const program = NtExecutable.createEmpty();
  const resources = NtExecutableResource.from(program);
  const version = Resource.VersionInfo.createEmpty();
  version.setStringValues({ lang: 1033, codepage: 1200 }, { ProductName: 'Electron' });
  version.outputToResourceEntries(resources.entries);
  resources.outputResource(program);
  program.setExtraData(FUSES);
  return new Uint8Array(program.generate());
}

import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { NtExecutable, NtExecutableResource, Resource } from 'resedit';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Arch, type Assembled, type Platform, assemble } from '../support/packages/assemble.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const ON = '1'.charCodeAt(0);
const OFF = '0'.charCodeAt(0);

const programs = { linux: 'firn', win32: 'Firn.exe', darwin: 'Firn.app/Contents/MacOS/Firn' } as const;
const applications = {} as Record<Platform, Record<Arch, Assembled>>;
const computers: readonly (readonly [Platform, Arch])[] = [
  ['linux', 'x64'],
  ['linux', 'arm64'],
  ['win32', 'x64'],
  ['win32', 'arm64'],
  ['darwin', 'x64'],
  ['darwin', 'arm64'],
];

beforeAll(async () => {
  for (const platform of ['linux', 'win32', 'darwin'] as const) applications[platform] = await assemble(platform);
}, 180_000);

describe.each(computers)('the application for %s on %s', (platform, arch) => {
  const assembled = (): Assembled => applications[platform][arch];

  test('has the native files of its own kind of computer, and no others', () => {
    const { native, archived } = assembled();
    expect(native).toEqual([
      `node_modules/better-sqlite3/prebuilds/${platform}-${arch}.node`,
      `out/main/part-hash-${platform}-${arch}.node`,
    ]);
    expect(archived.filter((path) => path.endsWith('.node')).sort()).toEqual(native);
  });

  test('has what it runs and the licenses of that, and nothing of how it was made', () => {
    const { archived, read } = assembled();
    const expected = ['index.js', 'cli.js', 'worker.js', 'practice-thread.js', 'licenses.md'].map(
      (name) => `out/main/${name}`,
    );
    expect(archived).toEqual(
      expect.arrayContaining([...expected, 'out/preload/preload.cjs', 'out/renderer/index.html', 'LICENSE']),
    );
    expect(archived.filter((path) => /\.(?:ts|map|c|h|gyp|sha256|1|svelte)$/.test(path))).toEqual([]);
    const tops = new Set(archived.map((path) => path.split('/')[0]));
    expect([...tops].sort()).toEqual(['LICENSE', 'node_modules', 'out', 'package.json']);
    const libraries = archived.filter((path) => /^node_modules\/(?:@[^/]+\/)?[^/]+$/.test(path));
    expect(libraries).toEqual(['node_modules/better-sqlite3']);
    expect(JSON.parse(read('package.json'))).toMatchObject({ name: 'firn', productName: 'Firn', version });
  });

  test('has its fuses set: nothing runs in it but its own files, which are compared with their hash', async () => {
    const { folder } = assembled();
    const wire = await getCurrentFuseWire(join(folder, platform === 'darwin' ? 'Firn.app' : programs[platform]));
    expect(wire).toMatchObject({
      [FuseV1Options.RunAsNode]: OFF,
      [FuseV1Options.EnableCookieEncryption]: ON,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: OFF,
      [FuseV1Options.EnableNodeCliInspectArguments]: OFF,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: ON,
      [FuseV1Options.OnlyLoadAppFromAsar]: ON,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: OFF,
    });
  });

  test('has English alone, which is what the window speaks', () => {
    const { files } = assembled();
    const languages = files.filter((path) => /\/locales\/|^locales\/|\.lproj\//.test(path));
    expect(languages.length).toBeGreaterThan(0);
    expect(languages.filter((path) => !/(?:en-US\.pak|en\.lproj\/locale\.pak)$/.test(path))).toEqual([]);
  });

  // For macOS electron-builder takes them from Electron's own archive, for which nothing stands in here.
  test.skipIf(platform === 'darwin')('has the licenses of Electron and Chromium', () => {
    const { files } = assembled();
    const names = files.map((path) => path.split('/').at(-1));
    expect(names).toEqual(expect.arrayContaining(['LICENSE.electron.txt', 'LICENSES.chromium.html']));
  });

  test('has a command line', () => {
    const { folder, files } = assembled();
    if (platform === 'win32') {
      const script = readFileSync(join(folder, 'firn.cmd'), 'utf8');
      expect(script).toContain('"%~dp0Firn.exe" --cli -- %*\r\n');
    } else if (platform === 'linux') {
      expect(statSync(join(folder, 'bin/firn')).mode & 0o777).toBe(0o755);
      expect(readFileSync(join(folder, 'bin/firn'), 'utf8')).toContain('--cli -- "$@"');
    } else expect(files).toContain(programs.darwin);
  });
});

describe('Windows', () => {
  const assembled = (): Assembled => applications.win32.x64;

  test('compares the archive with the hash in the program', () => {
    const { folder, header } = assembled();
    const program = NtExecutable.from(readFileSync(join(folder, 'Firn.exe')));
    const entry = NtExecutableResource.from(program).entries.find(({ type }) => type === 'INTEGRITY');
    const told = JSON.parse(Buffer.from(entry?.bin ?? new ArrayBuffer(0)).toString()) as unknown;
    expect(told).toEqual([{ file: 'resources\\app.asar', alg: 'SHA256', value: sha256(header) }]);
  });

  test('shows name, version, maker and icon of the program', () => {
    const { folder } = assembled();
    const resources = NtExecutableResource.from(NtExecutable.from(readFileSync(join(folder, 'Firn.exe'))));
    const [info] = Resource.VersionInfo.fromEntries(resources.entries);
    const language = info?.getAllLanguagesForStringValues()[0] ?? { lang: 0, codepage: 0 };
    expect(info?.getStringValues(language)).toMatchObject({
      ProductName: 'Firn',
      FileDescription: 'Firn',
      CompanyName: 'The Firn authors',
      LegalCopyright: 'Copyright © 2026 The Firn authors',
      FileVersion: version,
    });
    const sizes = Resource.IconGroupEntry.fromEntries(resources.entries).flatMap(({ icons }) =>
      icons.map(({ width }) => width || 256),
    );
    expect(sizes.sort((a, b) => a - b)).toEqual([16, 24, 32, 48, 64, 256]);
  });
});

describe('macOS', () => {
  const assembled = (): Assembled => applications.darwin.arm64;

  test('is told who Firn is and why it reads protected places', () => {
    const { folder } = assembled();
    const list = readFileSync(join(folder, 'Firn.app/Contents/Info.plist'), 'utf8');
    const strings = Object.fromEntries(
      [...list.matchAll(/<key>(\w+)<\/key>\s*<string>([^<]*)<\/string>/g)].map(([, key = '', value = '']) => [
        key,
        value,
      ]),
    );
    expect(strings).toMatchObject({
      CFBundleIdentifier: 'org.firnapp.firn',
      CFBundleName: 'Firn',
      CFBundleExecutable: 'Firn',
      CFBundleShortVersionString: version,
      CFBundleIconFile: 'icon.icns',
      LSApplicationCategoryType: 'public.app-category.productivity',
      LSMinimumSystemVersion: '12.0',
    });
    for (const place of ['DesktopFolder', 'DocumentsFolder', 'DownloadsFolder', 'RemovableVolumes', 'NetworkVolumes'])
      expect(strings[`NS${place}UsageDescription`]).toMatch(
        /^Firn reads the files .+ that you want to archive, and writes/,
      );
  });

  test('compares the archive with the hash in the list of properties', () => {
    const { folder, header } = assembled();
    const list = readFileSync(join(folder, 'Firn.app/Contents/Info.plist'), 'utf8');
    const integrity =
      /<key>ElectronAsarIntegrity<\/key>[\s\S]*?<key>([^<]*)<\/key>[\s\S]*?<key>hash<\/key>\s*<string>(\w+)</.exec(
        list,
      );
    expect(integrity?.slice(1)).toEqual(['Resources/app.asar', sha256(header)]);
  });

  test('has the icon in all sizes, for ordinary screens and for dense ones', () => {
    const { folder } = assembled();
    const icon = readFileSync(join(folder, 'Firn.app/Contents/Resources/icon.icns'));
    expect(icon.toString('latin1', 0, 4)).toBe('icns');
    expect(icon.readUInt32BE(4)).toBe(icon.length);
    expect(picturesOf(icon)).toEqual({
      ...{ icp4: 16, icp5: 32, ic07: 128, ic08: 256, ic09: 512 },
      ...{ ic11: 32, ic12: 64, ic13: 256, ic14: 512, ic10: 1024 },
    });
  });

  test('gets no right beyond what Electron needs under the hardened runtime', () => {
    const rights = readFileSync('assets/mac/entitlements.plist', 'utf8');
    expect([...rights.matchAll(/<key>([^<]+)<\/key>/g)].map(([, right]) => right)).toEqual([
      'com.apple.security.cs.allow-jit',
      'com.apple.security.cs.disable-library-validation',
    ]);
    const settings = readFileSync('electron-builder.yml', 'utf8');
    expect(settings).toMatch(/^ {2}hardenedRuntime: true$/m);
    expect(settings).toMatch(/^ {2}resetAdHocDarwinSignature: true$/m);
  });
});

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Four letters to the side in pixels, from the head of each PNG. */
function picturesOf(icon: Buffer): Record<string, number> {
  const pictures: Record<string, number> = {};
  for (let at = 8; at < icon.length; at += icon.readUInt32BE(at + 4))
    pictures[icon.toString('latin1', at, at + 4)] = icon.readUInt32BE(at + 8 + 16);
  return pictures;
}

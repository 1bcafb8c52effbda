// What goes into the packages of Firn. tools/dist.mjs runs electron-builder with this and decides the two variables:
// a test build may be inspected, which Playwright needs; a local Electron stands in where the ordinary one cannot be had.
import fs from 'node:fs';
import path from 'node:path';

const isTestBuild = process.env['FIRN_TEST_BUILD'] === '1';
/** @type {{ path: string, version: string } | null} */
const localElectron = JSON.parse(process.env['FIRN_LOCAL_ELECTRON'] ?? 'null');

const sqlite = 'node_modules/better-sqlite3';
/**
 * Of the library's binaries, and of our own, the one for the target; the local Electron, being older, loads only the one compiled here.
 * As an object, for bare patterns would bring in all files of the project; and the platform is spelled out, for the
 * variable ${platform} is that of the machine that builds.
 */
const binaryFor = (/** @type {string} */ platform) => [
  {
    filter: [
      'package.json',
      localElectron ? `!${sqlite}/prebuilds` : `!${sqlite}/prebuilds/!(${platform}-\${arch}.node)`,
      `!out/main/part-hash-!(${platform}-\${arch}).node`,
    ],
  },
];

/** @type {import('electron-builder').Configuration} */
export default {
  appId: 'org.firnapp.firn',
  productName: 'Firn',
  copyright: 'Copyright © 2026 The Firn authors',
  extraMetadata: { homepage: 'https://firnapp.org' },
  npmRebuild: false,
  directories: { output: isTestBuild ? 'release/test' : 'release', buildResources: 'assets' },

  // Libraries other than better-sqlite3 are bundled into out/; their licenses are there, too.
  files: [
    'out/**',
    '!out/**/*.map',
    '!out/inputs.sha256',
    'package.json',
    'LICENSE',
    `!${sqlite}/{deps,src,binding.gyp,README.md}`,
    ...(localElectron ? [] : [`!${sqlite}/build`]),
    '!node_modules/node-addon-api',
  ],
  asar: { smartUnpack: false },
  asarUnpack: ['**/*.node'],

  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: isTestBuild,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  },

  win: { target: ['nsis', 'zip'], icon: 'icon.ico', files: binaryFor('win32') },
  nsis: { oneClick: false, allowToChangeInstallationDirectory: true, deleteAppDataOnUninstall: false },
  mac: {
    target: ['dmg', 'zip'],
    icon: 'icon.icns',
    category: 'public.app-category.productivity',
    files: binaryFor('darwin'),
  },
  linux: {
    target: ['AppImage', 'deb', 'rpm', 'tar.gz'],
    icon: 'icons',
    category: 'Utility',
    executableName: 'firn',
    syncDesktopName: true,
    maintainer: 'The Firn authors <authors@firnapp.org>',
    vendor: 'The Firn authors',
    synopsis: 'Uploads files into Amazon Glacier vaults',
    files: binaryFor('linux'),
  },

  ...(localElectron && {
    electronVersion: localElectron.version,
    electronDist: localElectron.path,
    // Copied with the rest of Electron, and of no use beside an app of its own.
    afterPack: async (/** @type {import('electron-builder').AfterPackContext} */ context) =>
      fs.rmSync(path.join(context.packager.getResourcesDir(context.appOutDir), 'default_app.asar'), { force: true }),
  }),
};

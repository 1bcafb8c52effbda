import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { extractFile, getRawHeader, listPackage } from '@electron/asar';
import { afterAll } from 'vitest';
import { type Platform, standInElectron } from './stand-in-electron.ts';

export type { Platform };
export type Arch = 'x64' | 'arm64';

const ARCHES: readonly Arch[] = ['x64', 'arm64'];

const names = { linux: '--linux', win32: '--win', darwin: '--mac' } as const;
const unpacked = { linux: 'linux', win32: 'win', darwin: 'mac' } as const;

/** Where Firn's own files are within what was unpacked. */
const resources = { linux: 'resources', win32: 'resources', darwin: 'Firn.app/Contents/Resources' } as const;

/** The application as its packages hold it, made by electron-builder as for people, with an Electron that does not run. */
export type Assembled = {
  /** What becomes the installer's content. */
  folder: string;
  /** Paths in the archive of Firn's own files, and those of them that lie beside it, unpacked. */
  archived: string[];
  native: string[];
  /** The SHA-256 of the archive's table of contents, which Electron compares at start. */
  header: string;
  /** Every file, relative, with slashes. */
  files: string[];
  read: (archivedPath: string) => string;
};

/** For both kinds of processors; gone after the tests of the file. */
export async function assemble(platform: Platform): Promise<Record<Arch, Assembled>> {
  const work = mkdtempSync(join(tmpdir(), 'firn-package-'));
  afterAll(() => {
    rmSync(work, { recursive: true, force: true });
  });
  // There may be no compiler for that computer here; that its addon is taken along is what counts.
  const addons = ARCHES.map((arch) => `out/main/part-hash-${platform}-${arch}.node`);
  const standIns = addons.filter((addon) => !existsSync(addon));
  for (const addon of standIns) writeFileSync(addon, '');
  try {
    await build(work, platform, ['dir', ...ARCHES.map((arch) => `--${arch}`)]);
  } finally {
    for (const addon of standIns) rmSync(addon);
  }
  const folderFor = (suffix: string): string =>
    join(work, 'out', `${unpacked[platform]}${suffix}${platform === 'darwin' ? '' : '-unpacked'}`);
  return { x64: inspect(folderFor(''), platform), arm64: inspect(folderFor('-arm64'), platform) };
}

/** With the programs of Debian, for electron-builder would download its own. `unpacked`: what installers are made from as well. */
export async function packWindowsZip(work: string): Promise<{ zip: string; unpacked: string }> {
  await build(work, 'win32', ['zip', '--x64']);
  const out = join(work, 'out');
  const name = readdirSync(out).find((one) => one.endsWith('.zip')) ?? '';
  return { zip: join(out, name), unpacked: join(out, 'win-unpacked') };
}

async function build(work: string, platform: Platform, what: readonly string[]): Promise<void> {
  const settings = {
    electronVersion: '45.4.1',
    electronDist: standInElectron(platform, join(work, 'electron')),
    'directories.output': join(work, 'out'),
    // Signing, also ad hoc, is for macOS alone.
    'electronFuses.resetAdHocDarwinSignature': 'false',
  };
  const args = Object.entries(settings).map(([name, value]) => `-c.${name}=${value}`);
  const cli = 'node_modules/electron-builder/cli.js';
  const builder = spawn(process.execPath, [cli, names[platform], ...what, '--publish', 'never', ...args], {
    env: { ...process.env, ELECTRON_BUILDER_7ZIP_PATH: '/usr/bin/7za', ELECTRON_BUILDER_COMPRESSION_LEVEL: '1' },
  });
  let told = '';
  for (const stream of [builder.stdout, builder.stderr])
    stream.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const [code] = (await once(builder, 'close')) as [number | null];
  if (code !== 0) throw new Error(`electron-builder ended with ${String(code)}:\n${told}`);
}

/** What there is in an unpacked application. */
export function inspect(folder: string, platform: Platform): Assembled {
  const archive = join(folder, resources[platform], 'app.asar');
  const beside = `${archive}.unpacked`;
  const slashed = (path: string): string => path.replaceAll('\\', '/');
  return {
    folder,
    archived: listPackage(archive, { isPack: false }).map((path) => slashed(path).slice(1)),
    native: filesIn(beside).map((path) => slashed(relative(beside, path))),
    header: getRawHeader(archive).headerString,
    files: filesIn(folder).map((path) => slashed(relative(folder, path))),
    read: (path) => extractFile(archive, path).toString(),
  };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inspect } from '../support/packages/assemble.ts';
import { isElf, wantsOf } from '../support/packages/elf.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = process.env['FIRN_PACKAGES'] ?? '';
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const MiB = 2 ** 20;
/** Chromium looks for it by its name, and ends without a word where it is missing. */
const OPENED_AT_START = 'libX11-xcb.so.1';

function packageOf(ending: string): string {
  const name = readdirSync(folder).find((one) => one.endsWith(ending)) ?? `nothing.${ending}`;
  return join(folder, name);
}

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'pipe'] });
}

const systemFiles = [
  '/usr/bin/firn',
  '/usr/share/applications/firn.desktop',
  '/usr/share/bash-completion/completions/firn',
  '/usr/share/fish/vendor_completions.d/firn.fish',
  '/usr/share/man/man1/firn.1',
  '/usr/share/metainfo/org.firnapp.firn.metainfo.xml',
  '/usr/share/zsh/vendor-completions/_firn',
];
const icons = [16, 24, 32, 48, 64, 128, 256, 512, 1024].map(
  (side) => `/usr/share/icons/hicolor/${side}x${side}/apps/firn.png`,
);

test.each(['AppImage', 'deb', 'rpm', 'tar.gz'])(
  'the %s says its version and processor, and is no larger than it need be',
  (ending) => {
    const file = packageOf(ending);
    expect(file).toMatch(new RegExp(`/Firn-${version.replaceAll('.', '\\.')}-linux-(?:x64|x86_64|amd64)\\.${ending}$`));
    expect(statSync(file).size).toBeGreaterThan(50 * MiB);
    expect(statSync(file).size).toBeLessThan(130 * MiB);
  },
);

describe('the deb', () => {
  const root = temporaryFolderOf(
    () => packageOf('.deb'),
    (file, target) => run('dpkg-deb', '--extract', file, target),
  );

  test('has the application, and what a system wants of one', () => {
    for (const file of [...systemFiles, ...icons]) expect(existsSync(join(root(), file)), file).toBe(true);
    expect(statSync(join(root(), '/usr/bin/firn')).mode & 0o777).toBe(0o755);
    expect(inspect(join(root(), 'opt/Firn'), 'linux').native).toContain(
      'node_modules/better-sqlite3/prebuilds/linux-x64.node',
    );
    const tops = readdirSync(root(), { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
    const strays = tops
      .map(({ parentPath, name }) => join(parentPath, name).slice(root().length))
      .filter((path) => !/^\/(?:opt\/Firn|usr)\//.test(path));
    expect(strays).toEqual([]);
  });

  test('is told to menus and software centres in words that they understand', () => {
    run('desktop-file-validate', join(root(), '/usr/share/applications/firn.desktop'));
    run('appstreamcli', 'validate', '--no-net', join(root(), '/usr/share/metainfo/org.firnapp.firn.metainfo.xml'));
    const entry = readFileSync(join(root(), '/usr/share/applications/firn.desktop'), 'utf8');
    expect(entry).toMatch(/^Exec=\/opt\/Firn\/firn %U$/m);
    expect(entry).toMatch(/^StartupWMClass=firn$/m);
    expect(entry).toMatch(/^Icon=firn$/m);
  });

  test('depends on every library that its programs are linked with', () => {
    const depends = run('dpkg-deb', '--field', packageOf('.deb'), 'Depends')
      .split(',')
      .flatMap((need) => need.split('|'));
    const names = new Set(depends.map((need) => need.trim().split(' ')[0] ?? ''));
    const missing = [...linkedIn(join(root(), 'opt/Firn'))].filter(
      (library) => !packagesWith(library).some((name) => names.has(name)),
    );
    expect(missing).toEqual([]);
  });
});

describe('the rpm', () => {
  test('requires every library that its programs are linked with, by its name', () => {
    const required = run('rpm', '-qp', '--requires', packageOf('.rpm')).split('\n');
    const names = new Set(required.map((line) => line.split('(')[0] ?? ''));
    const root = temporaryFolder();
    execFileSync('sh', ['-c', `rpm2cpio '${packageOf('.rpm')}' | (cd '${root}' && bsdtar -xf -)`]);
    expect([...linkedIn(join(root, 'opt/Firn'))].filter((library) => !names.has(library))).toEqual([]);
  });

  test('has the same files as the deb', () => {
    const files = run('rpm', '-qpl', packageOf('.rpm')).split('\n');
    expect(files).toEqual(
      expect.arrayContaining([...systemFiles, ...icons, '/opt/Firn/resources/app.asar', '/opt/Firn/bin/firn']),
    );
    run('rpm', '-K', '--nosignature', packageOf('.rpm'));
  });

  test('takes nothing away when it is upgraded', () => {
    const scripts = run('rpm', '-qp', '--scripts', packageOf('.rpm'));
    expect(scripts).toMatch(/case "\$1" in remove \| purge \| 0\) ;; \*\) exit 0 ;; esac/);
  });
});

test('the tar.gz runs from wherever it was unpacked', () => {
  const root = temporaryFolder();
  run('tar', '-xzf', packageOf('.tar.gz'), '-C', root);
  const [top = ''] = readdirSync(root);
  expect(run(join(root, top, 'bin/firn'), '--version')).toBe(`firn ${version}\n`);
});

test('the AppImage runs without being unpacked or installed', () => {
  const output = run(
    packageOf('.AppImage'),
    '--no-sandbox',
    '--no-zygote',
    '--log-level=3',
    '--cli',
    '--',
    '--version',
  );
  expect(output).toBe(`firn ${version}\n`);
});

/** Unpacked at first use. */
function temporaryFolderOf(file: () => string, unpack: (file: string, folder: string) => void): () => string {
  let target: string | null = null;
  return () => {
    if (target === null) {
      target = join(folder, 'unpacked');
      mkdirSync(target, { recursive: true });
      unpack(file(), target);
    }
    return target;
  };
}

/** The libraries that the programs of a folder want and the folder itself does not have. */
function linkedIn(root: string): Set<string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const elves = files.map(({ parentPath, name }) => join(parentPath, name)).filter(isElf);
  const own = new Set(files.map(({ name }) => name));
  const basic = /^(?:ld-linux|libc|libm|libdl|libpthread|librt|libgcc_s)\b/;
  const linked = elves.flatMap((file) => wantsOf(file).libraries);
  return new Set([...linked, OPENED_AT_START].filter((library) => !own.has(library) && !basic.test(library)));
}

/** The Debian packages that have a library, as the machine that runs this test knows them. */
function packagesWith(library: string): string[] {
  try {
    const lines = run('dpkg', '-S', `*/${library}`).split('\n');
    return lines.map((line) => line.split(':')[0] ?? '');
  } catch {
    return [];
  }
}

import { readFileSync, readdirSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { afterAll, expect, test, vi } from 'vitest';
import { readLedger } from '../../main/practice/ledger.ts';
import { KiB } from '../../shared/units.ts';
import { killHard } from '../support/electron-app.ts';
import { FirnWindow } from '../support/firn-window.ts';
import { CleanSystem } from '../support/packages/clean-system.ts';

const { FIRN_PACKAGES = '', FIRN_NEXT_DEB = '', FIRN_CLEAN_ROOT = '' } = process.env;
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const deb = `${FIRN_PACKAGES}/${readdirSync(FIRN_PACKAGES).find((name) => name.endsWith('.deb')) ?? ''}`;
const system = new CleanSystem(FIRN_CLEAN_ROOT);
const FILES = 60;
const data = '/home/ana/.local/share/firn';
let before: string[] = [];

// One after the other: what one test leaves, the next one finds, as it is with an installed program.
afterAll(() => system.remove());

test('the deb installs on a fresh Debian with nothing but what it says that it needs', async () => {
  before = await system.files();
  const { code, output, problems } = await system.install(deb);
  expect(code, `${output}\n${problems}`).toBe(0);
  expect((await system.root('dpkg-query', '-W', '-f', '${db:Status-Status} ${Version}', 'firn')).output).toBe(
    `installed ${version}`,
  );
  expect((await system.root('sh', '-c', 'ldd /opt/Firn/firn | grep "not found"')).output).toBe('');
});

test('an ordinary user has the command line, its manual page and completions', async () => {
  expect((await system.ana('firn', '--version')).output).toBe(`firn ${version}\n`);
  expect((await system.ana('sh', '-c', 'command -v firn')).output).toBe('/usr/bin/firn\n');
  const none = await system.ana('firn', 'queue');
  expect(none.code).toBe(1);
  expect(none.problems.trim()).toBe(`There is no queue and no catalogue in ${data}.`);
  for (const file of [
    '/usr/share/man/man1/firn.1',
    '/usr/share/bash-completion/completions/firn',
    '/usr/share/applications/firn.desktop',
  ])
    expect((await system.ana('test', '-r', file)).code, file).toBe(0);
});

test('the window of an ordinary user carries a file into the practice vault, in a sandbox', async () => {
  system.write('/home/ana/photos/Agátka.cr2', randomBytes(300 * KiB));
  const app = await system.launch();
  const window = await FirnWindow.of(app);
  await window.tryPracticeVault();
  await window.createVault('photos');
  await window.addFiles(['/home/ana/photos/Agátka.cr2']);
  await window.startUpload();
  await vi.waitFor(
    async () => {
      expect(await window.row('Agátka.cr2').innerText()).toContain('Stored');
    },
    { timeout: 60_000 },
  );
  const renderers = (await app.evaluate(({ app: electron }) => electron.getAppMetrics())).filter(
    ({ type }) => type === 'Tab',
  );
  expect(renderers.map(({ sandboxed }) => sandboxed)).not.toContain(false);
  const seccomp = renderers.map(({ pid }) => /Seccomp:\s+(\d)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  expect(seccomp).toEqual(['2']);
  await app.close();
  const { code, output } = await system.ana('firn', 'catalogue');
  expect(code).toBe(0);
  expect(output).toContain('Agátka.cr2');
});

test('an upgrade with a full queue, after a kill, loses nothing and sends nothing twice', async () => {
  for (let index = 0; index < FILES; index += 1) system.write(`/home/ana/shoot/${index}.raw`, randomBytes(40 * KiB));
  const app = await system.launch();
  const window = await FirnWindow.of(app);
  await window.addFiles(['/home/ana/shoot']);
  await window.startUpload();
  const stored = (): number =>
    readLedger(system.at(`${data}/practice`)).filter(
      ({ operation, committed }) =>
        operation === 'UploadArchive' || (operation === 'CompleteMultipartUpload' && committed),
    ).length;
  await vi.waitFor(
    () => {
      expect(stored()).toBeGreaterThan(3);
    },
    { timeout: 60_000, interval: 20 },
  );
  await killHard(app);
  const waiting = (await system.ana('firn', 'queue', '--json')).output
    .split('\n')
    .filter((line) => line.includes('.raw')).length;
  expect(waiting).toBeGreaterThan(0);

  const upgraded = await system.install(FIRN_NEXT_DEB);
  expect(upgraded.code, upgraded.problems).toBe(0);
  expect((await system.ana('firn', '--version')).output).not.toBe(`firn ${version}\n`);

  const next = await system.launch();
  await FirnWindow.of(next);
  await vi.waitFor(
    () => {
      expect(stored()).toBe(FILES + 1);
    },
    { timeout: 120_000, interval: 200 },
  );
  await next.close();
  const known = await system.ana('firn', 'catalogue', '--json');
  expect(known.output.trim().split('\n')).toHaveLength(FILES + 1);
});

test('removing it takes everything away but the data', async () => {
  const { code, problems } = await system.root('dpkg', '--purge', 'firn');
  expect(code, problems).toBe(0);
  const left = (await system.files()).filter((path) => !before.includes(path));
  const records = /^\/var\/(?:lib\/dpkg|log|cache|lib\/apt)\//;
  expect(left.filter((path) => !records.test(path) && !path.startsWith('/home/ana/'))).toEqual([]);
  expect(left).toContain(`${data}/firn.db`);
  const places = left.filter((path) => path.startsWith('/home/ana/.') && !path.startsWith('/home/ana/.X'));
  expect(new Set(places.map((path) => path.split('/').slice(3, 5).join('/')))).toEqual(
    // The last is of the library that looks for fonts.
    new Set(['.local/share', '.cache/firn', '.cache/fontconfig']),
  );
});

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, chromium } from 'playwright';
import { electronExecutable } from './electron-executable.ts';

export type FirnLaunch = {
  /** Where the application keeps everything that it knows; made when it does not exist. */
  dataFolder: string;
  env?: Readonly<Record<string, string>>;
};

/**
 * Starts Firn as a person would: the packaged application that FIRN_E2E_APP names, or the one built into out/.
 * Ready when the main process runs; its window comes a moment later (`firstWindow()`).
 */
export async function launchFirn({ dataFolder, env = {} }: FirnLaunch): Promise<ElectronApplication> {
  return _electron.launch({
    ...application(),
    env: { ...inheritedEnvironment(), ...env, FIRN_DATA: dataFolder },
    chromiumSandbox: canSandbox(),
    timeout: 60_000,
  });
}

/** Starts Firn beside another one and waits for its end. Resolves with its exit code. */
export async function startAndWait({ dataFolder, env = {} }: FirnLaunch): Promise<number | null> {
  const { executablePath, args, cwd } = application();
  const child = spawn(executablePath, [...args, ...(canSandbox() ? [] : ['--no-sandbox'])], {
    cwd,
    env: { ...inheritedEnvironment(), ...env, FIRN_DATA: dataFolder },
    stdio: 'ignore',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

/** Runs the application as the command line, as the launchers in its packages do, where there is no display. */
export async function runCommandLine(
  { dataFolder, env = {} }: FirnLaunch,
  words: readonly string[],
): Promise<{ code: number | null; output: string }> {
  const { executablePath, args, cwd } = application();
  const switches = ['--no-sandbox', '--no-zygote', '--log-level=3'];
  const { DISPLAY, WAYLAND_DISPLAY, ...headless } = inheritedEnvironment();
  const child = spawn(executablePath, [...switches, ...args, '--cli', '--', ...words], {
    cwd,
    env: { ...headless, ...env, FIRN_DATA: dataFolder },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

export type LoneFirn = {
  /** The headings that the window shows; none while it shows nothing. */
  headings(): Promise<string[]>;
  /** Ends the window's process, as the system does when memory runs out. */
  killWindow(): void;
  kill(): Promise<void>;
};

/** Starts Firn with nobody attached to its window: Playwright keeps one that has crashed from being loaded anew. */
export async function startAlone({ dataFolder, env = {} }: FirnLaunch): Promise<LoneFirn> {
  const port = await freePort();
  const { executablePath, args, cwd } = application();
  const all = [...args, ...(canSandbox() ? [] : ['--no-sandbox']), `--remote-debugging-port=${port}`];
  const child = spawn(executablePath, all, {
    cwd,
    env: { ...inheritedEnvironment(), ...env, FIRN_DATA: dataFolder },
    stdio: 'ignore',
    detached: true,
  });
  return {
    headings: () => headingsAt(`http://127.0.0.1:${port}`),
    killWindow() {
      for (const pid of renderersOf(dataFolder)) process.kill(pid, 'SIGKILL');
    },
    async kill() {
      const exited = once(child, 'exit');
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      await exited;
    },
  };
}

async function headingsAt(url: string): Promise<string[]> {
  const browser = await chromium.connectOverCDP(url, { timeout: 5000 }).catch(() => null);
  if (!browser) return [];
  try {
    const pages = browser.contexts().flatMap((context) => context.pages());
    const shown = await Promise.all(pages.map((page) => page.getByRole('heading', { level: 1 }).allInnerTexts()));
    return shown.flat();
  } catch {
    return [];
  } finally {
    await browser.close();
  }
}

/** On Linux, where the tests of processes run. */
function renderersOf(dataFolder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      const command = readText(`/proc/${name}/cmdline`);
      return command.includes('--type=renderer') && command.includes(`--user-data-dir=${dataFolder}`);
    })
    .map(Number);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function application(): { executablePath: string; args: string[]; cwd: string } {
  const packaged = process.env['FIRN_E2E_APP'];
  return {
    executablePath: packaged ?? electronExecutable(),
    args: packaged === undefined ? ['.'] : [],
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
  };
}

/** Kills the application with all its processes, as a power cut would: nothing of it gets to do another thing. */
export async function killHard(app: ElectronApplication): Promise<void> {
  const main = app.process();
  const { pid } = main;
  if (pid === undefined || main.exitCode !== null || main.signalCode !== null) return;
  const exited = once(main, 'exit');
  if (process.platform === 'win32') spawnSync('taskkill', ['/pid', String(pid), '/T', '/F']);
  else process.kill(-pid, 'SIGKILL');
  await exited;
}

function inheritedEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}

/** Chromium refuses its sandbox to root, and cannot build it where users may not make namespaces (in many containers). */
function canSandbox(): boolean {
  if (process.platform !== 'linux') return true;
  return process.getuid?.() !== 0 && spawnSync('unshare', ['--user', '--map-root-user', 'true']).status === 0;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { wineEnvironment } from '../../../tools/windows/provide.mjs';
import type { CommandResult } from '../firn-command.ts';

const drive = join(wineEnvironment.WINEPREFIX, 'drive_c');

/** A program of Windows that runs, and what it has printed so far. */
export type Running = {
  printed: () => string;
  /** As a power cut would: nothing of it gets to do another thing. */
  kill: () => Promise<void>;
  ended: Promise<CommandResult>;
};

/** A folder `C:\try-…` of a small Windows under wine, in which Firn's command line works. Gone after the test. */
export class WindowsMachine {
  /** As Windows calls it, and where Linux finds it. */
  readonly folder: string;
  readonly unix: string;
  readonly #env: Record<string, string>;

  constructor(env: Record<string, string> = {}) {
    this.unix = mkdtempSync(join(drive, 'try-'));
    this.folder = `C:\\${this.unix.slice(drive.length + 1)}`;
    this.#env = env;
    onTestFinished(() => {
      rmSync(this.unix, { recursive: true, force: true });
    });
  }

  /** The same machine for somebody with these variables. */
  setEnvironment(env: Record<string, string>): void {
    Object.assign(this.#env, env);
  }

  environment(): Record<string, string> {
    return { ...this.#env };
  }

  /** `in('photos', 'a.raw')` as Windows writes it. */
  in(...names: readonly string[]): string {
    return [this.folder, ...names].join('\\');
  }

  at(...names: readonly string[]): string {
    return join(this.unix, ...names);
  }

  async firn(...words: readonly string[]): Promise<CommandResult> {
    return this.startFirn(...words).ended;
  }

  startFirn(...words: readonly string[]): Running {
    return this.node('C:\\Firn\\out\\main\\cli.js', '--data', this.in('data'), ...words);
  }

  node(...args: readonly string[]): Running {
    return this.start('C:\\Firn\\node.exe', ...args);
  }

  /** Pipes give EBADF to Node under wine, so what is printed goes to files. */
  start(program: string, ...args: readonly string[]): Running {
    mkdirSync(this.at('printed'), { recursive: true });
    const files = ['out', 'err'].map((name) => join(mkdtempSync(this.at('printed', 'of-')), name));
    const descriptors = files.map((file) => openSync(file, 'w'));
    const nowhere = { AWS_CONFIG_FILE: 'C:\\nowhere', AWS_SHARED_CREDENTIALS_FILE: 'C:\\nowhere' };
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn('wine', [program, ...args], {
      cwd: this.unix,
      env: { PATH, HOME, LC_ALL: 'C.UTF-8', ...wineEnvironment, ...nowhere, ...this.#env },
      stdio: ['ignore', ...descriptors],
    });
    for (const descriptor of descriptors) closeSync(descriptor);
    const exited = once(child, 'exit') as Promise<[number | null]>;
    onTestFinished(() => kill(child, exited));
    const [out = '', err = ''] = files;
    return {
      printed: () => readFileSync(out, 'utf8'),
      kill: () => kill(child, exited),
      ended: resultOf(exited, out, err),
    };
  }
}

async function kill(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  child.kill('SIGKILL');
  await exited;
}

async function resultOf(exited: Promise<[number | null]>, out: string, err: string): Promise<CommandResult> {
  const [code] = await exited;
  const output = readFileSync(out, 'utf8');
  return { code, output, problems: readFileSync(err, 'utf8'), rows: rowsOf(output) };
}

function rowsOf(output: string): Record<string, unknown>[] {
  try {
    return output
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  } catch {
    return [];
  }
}

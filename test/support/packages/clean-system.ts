import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chownSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { _electron, type ElectronApplication } from 'playwright';

const enter = 'tools/packages/enter.sh';
/** The first ordinary user of a fresh Debian. */
const ANA = 1000;

type Outcome = { code: number; output: string; problems: string };

/**
 * A freshly installed Debian with one ordinary user, ana, in which packages are installed and used. It shares the network and
 * the display with this computer, nothing else. Needs the rights of root.
 */
export class CleanSystem {
  readonly #lower: string;
  readonly #upper = mkdtempSync(join(tmpdir(), 'firn-system-'));

  constructor(lower: string) {
    this.#lower = lower;
    mkdirSync(this.at('/home/ana'), { recursive: true });
    chownSync(this.at('/home/ana'), ANA, ANA);
    const { XAUTHORITY = '' } = process.env;
    if (existsSync(XAUTHORITY)) this.bring(XAUTHORITY, '/home/ana/.Xauthority');
  }

  /** Where a file lies that was written in it. */
  at(path: string): string {
    return join(this.#upper, 'changes', path);
  }

  /** A file of ana's. */
  bring(from: string, to: string): void {
    copyFileSync(from, this.at(to));
    chownSync(this.at(to), ANA, ANA);
  }

  write(path: string, bytes: Buffer | string): void {
    mkdirSync(join(this.at(path), '..'), { recursive: true });
    writeFileSync(this.at(path), bytes);
  }

  root(...command: string[]): Promise<Outcome> {
    return this.#run('root', command);
  }

  ana(...command: string[]): Promise<Outcome> {
    return this.#run('ana', command);
  }

  async install(deb: string): Promise<Outcome> {
    mkdirSync(this.at('/root'), { recursive: true });
    copyFileSync(deb, this.at(`/root/${basename(deb)}`));
    return this.root('dpkg', '--force-unsafe-io', '-i', `/root/${basename(deb)}`);
  }

  /** The program of the package in its window, with the sandbox that people have. */
  async launch(): Promise<ElectronApplication> {
    const script = join(this.#upper, 'firn');
    const command = [join(process.cwd(), enter), this.#lower, this.#upper, 'ana', '/opt/Firn/firn'];
    writeFileSync(script, `#!/bin/sh\nexec ${command.join(' ')} "$@"\n`, { mode: 0o755 });
    return _electron.launch({ executablePath: script, args: [], chromiumSandbox: true, timeout: 60_000 });
  }

  start(...command: string[]): ChildProcess {
    return spawn(enter, [this.#lower, this.#upper, 'ana', ...command], { stdio: 'ignore' });
  }

  /** Every path in it that is not of this run alone. */
  async files(): Promise<string[]> {
    const { output } = await this.root('find', '/', '-xdev', '-not', '-type', 'd');
    return output.split('\n').filter((path) => path !== '' && !/^\/(?:proc|sys|dev|tmp|run|root)\//.test(path));
  }

  async remove(): Promise<void> {
    await promisify(execFile)('rm', ['-rf', '--one-file-system', this.#upper]);
  }

  async #run(user: string, command: string[]): Promise<Outcome> {
    return new Promise((resolve) => {
      const options = { encoding: 'utf8', maxBuffer: 2 ** 28 } as const;
      const child = execFile(
        enter,
        [this.#lower, this.#upper, user, ...command],
        options,
        (_error, output, problems) => {
          resolve({ code: child.exitCode ?? 1, output, problems });
        },
      );
    });
  }
}

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { environmentFor } from '../support/practice-process.ts';

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** `sysconf(_SC_CLK_TCK)`, the same on every Linux that people use. */
const TICKS_PER_SECOND = 100;

/** A running program whose lines of JSON can be waited for. */
export class Measured {
  readonly startedAt = Date.now();
  readonly #child: Child;
  readonly #lines: Record<string, unknown>[] = [];
  readonly #waiting: (() => void)[] = [];
  #problems = '';

  /** Node runs `args`, unless another program is to do that. */
  constructor(args: readonly string[], env: Record<string, string> = {}, program = process.execPath) {
    const { PATH = '', HOME = '' } = process.env;
    this.#child = spawn(program, args, { stdio: 'pipe', env: { PATH, HOME, ...env } });
    this.#child.stdin.on('error', () => undefined);
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      if (!line.startsWith('{')) return;
      this.#lines.push(JSON.parse(line) as Record<string, unknown>);
      for (const wake of this.#waiting.splice(0)) wake();
    });
    this.#child.stderr.on('data', (chunk: Buffer) => (this.#problems += chunk.toString()));
    this.#child.on('error', (error) => (this.#problems += error.message));
  }

  /** Firn's command line against a service. */
  static firn(dataFolder: string, url: string, args: readonly string[]): Measured {
    return new Measured(['out/main/cli.js', '--data', dataFolder, '--json', ...args], environmentFor(url));
  }

  /** The first line that has this key, printed already or later. */
  line(key: string): Promise<Record<string, unknown>> {
    return this.lineThat((line) => key in line);
  }

  event(name: string): Promise<Record<string, unknown>> {
    return this.lineThat((line) => line['event'] === name);
  }

  /** The first line of which this is true. */
  async lineThat(isMeant: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
    for (;;) {
      const found = this.#lines.find(isMeant);
      if (found) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** The most memory it has had so far, in bytes; null where the system does not tell (it is read from /proc). */
  peakMemory(): number | null {
    try {
      const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.#child.pid ?? 0}/status`, 'utf8'));
      return match?.[1] === undefined ? null : Number(match[1]) * 1024;
    } catch {
      return null;
    }
  }

  get lineCount(): number {
    return this.#lines.length;
  }

  /** Seconds of processor time that it and its children have used so far; null where the system does not tell. */
  cpuSeconds(): number | null {
    try {
      const stat = readFileSync(`/proc/${this.#child.pid ?? 0}/stat`, 'utf8');
      const fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      return fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) / TICKS_PER_SECOND;
    } catch {
      return null;
    }
  }

  /** What it has said on standard error, for when something is wrong. */
  get problems(): string {
    return this.#problems;
  }

  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  write(text: string): void {
    this.#child.stdin.write(text);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async ended(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'close');
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended();
  }
}

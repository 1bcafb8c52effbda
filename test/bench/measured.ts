import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { environmentFor } from '../support/practice-process.ts';

type Child = ChildProcessByStdio<null, Readable, null>;

/** A running program whose lines of JSON can be waited for. */
export class Measured {
  readonly startedAt = Date.now();
  readonly #child: Child;
  readonly #lines: Record<string, unknown>[] = [];
  readonly #waiting: (() => void)[] = [];

  constructor(args: readonly string[], env: Record<string, string> = {}) {
    const { PATH = '', HOME = '' } = process.env;
    this.#child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'], env: { PATH, HOME, ...env } });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.#lines.push(JSON.parse(line) as Record<string, unknown>);
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  /** Firn's command line against a service. */
  static firn(dataFolder: string, url: string, args: readonly string[]): Measured {
    return new Measured(['out/main/cli.js', '--data', dataFolder, '--json', ...args], environmentFor(url));
  }

  /** The first line that has this key, printed already or later. */
  async line(key: string): Promise<Record<string, unknown>> {
    for (;;) {
      const found = this.#lines.find((line) => key in line);
      if (found) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async event(name: string): Promise<Record<string, unknown>> {
    for (;;) {
      const found = this.#lines.find((line) => line['event'] === name);
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

  async ended(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'close');
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended();
  }
}

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { inTerminal } from './terminal.ts';

export type CommandResult = { code: number | null; output: string; problems: string; rows: Record<string, unknown>[] };

/** The built command line with a data folder and a service, run as a script would run it. */
export class FirnCommand {
  readonly dataFolder: string;
  readonly #env: Record<string, string>;

  constructor(dataFolder: string, env: Record<string, string>) {
    this.dataFolder = dataFolder;
    this.#env = env;
  }

  /** Without `--data`: with the folder that Firn chooses by itself. */
  static withUsualFolder(env: Record<string, string>): FirnCommand {
    return new FirnCommand('', env);
  }

  with(env: Record<string, string>): FirnCommand {
    return new FirnCommand(this.dataFolder, { ...this.#env, ...env });
  }

  start(...args: string[]): ChildProcessWithoutNullStreams {
    const [program = '', ...all] = this.#command(args);
    const child = spawn(program, all, { env: this.#environment() });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    return child;
  }

  async run(...args: string[]): Promise<CommandResult> {
    return finish(this.start(...args));
  }

  /** As somebody at a terminal would run it, who answers what is asked. */
  atTerminal(args: readonly string[], answers: readonly { to: RegExp; type: string }[]) {
    return inTerminal(this.#command(args), this.#environment(), answers);
  }

  #command(args: readonly string[]): string[] {
    const data = this.dataFolder === '' ? [] : ['--data', this.dataFolder];
    return [process.execPath, 'out/main/cli.js', ...data, ...args];
  }

  #environment(): Record<string, string> {
    const { PATH = '', HOME = '' } = process.env;
    const nowhere = { AWS_CONFIG_FILE: '/nonexistent', AWS_SHARED_CREDENTIALS_FILE: '/nonexistent' };
    return { PATH, HOME, ...nowhere, ...this.#env };
  }
}

/** Waits for the end of a command. `rows` holds what was printed as JSON lines, when all of it was. */
export async function finish(child: ChildProcessWithoutNullStreams): Promise<CommandResult> {
  let output = '';
  let problems = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (problems += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output, problems, rows: parseRows(output) };
}

function parseRows(output: string): Record<string, unknown>[] {
  try {
    return output
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  } catch {
    return [];
  }
}

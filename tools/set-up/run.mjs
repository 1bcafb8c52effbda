import { spawn } from 'node:child_process';
import { root } from './project.mjs';

/**
 * Runs a program to its end, never rejecting: the exit code, which is null when a signal or a missing program ended it,
 * and all that it printed.
 */
export function capture(
  /** @type {string} */ command,
  /** @type {readonly string[]} */ args,
  /** @type {import('node:child_process').SpawnOptions} */ options = {},
) {
  return new Promise((/** @type {(result: { code: number | null, output: string }) => void} */ resolve) => {
    const child = spawn(command, args, { cwd: root, ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (/** @type {Buffer} */ chunk) => (output += chunk.toString());
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', (error) => resolve({ code: null, output: output + error.message }));
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** Runs silently when all goes well; otherwise throws what the program printed. */
export async function run(
  /** @type {string} */ command,
  /** @type {readonly string[]} */ args,
  /** @type {import('node:child_process').SpawnOptions} */ options = {},
) {
  const { code, output } = await capture(command, args, options);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${String(code)}\n${output}`);
  return output;
}

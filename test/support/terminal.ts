import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

/** `script` of util-linux gives a command a terminal; that of other systems has other options. */
export const hasTerminal = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

/** Runs a command in a terminal, and types each answer when its question is there. All that the terminal shows, and the exit code. */
export async function inTerminal(
  command: readonly string[],
  env: Record<string, string>,
  answers: readonly { to: RegExp; type: string }[],
): Promise<{ code: number | null; shown: string }> {
  const line = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const child = spawn('script', ['-qec', line, '/dev/null'], { env });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const left = [...answers];
  let shown = '';
  let looked = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    const [next] = left;
    if (!next?.to.test(shown.slice(looked))) return;
    looked = shown.length;
    left.shift();
    child.stdin.write(`${next.type}\r`);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, shown };
}

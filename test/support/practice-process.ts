import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { PRACTICE_CREDENTIALS } from '../../main/practice/credentials.ts';

/** Made by `buildForTests`. */
export const PRACTICE_PROGRAM = '.local/test-programs/practice.mjs';

export type PracticeProcess = {
  url: string;
  folder: string;
  process: ChildProcess;
  kill: () => void;
  /** Another one in its place, with the same URL and folder. */
  again: (args?: readonly string[]) => Promise<PracticeProcess>;
};

/** A practice vault in a process of its own, which outlives whatever is done to Firn. Whoever starts it kills it. */
export async function startPractice(folder: string, args: readonly string[] = []): Promise<PracticeProcess> {
  const child = spawn(process.execPath, [PRACTICE_PROGRAM, '--folder', folder, '--fast', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { url } = JSON.parse(line) as { url: string };
  const kill = (): void => void child.kill('SIGKILL');
  return {
    url,
    folder,
    process: child,
    kill,
    again: async (others = []) => {
      const ended = once(child, 'exit');
      kill();
      await ended;
      return startPractice(folder, ['--port', new URL(url).port, ...others]);
    },
  };
}

/** What the command line needs to know of a practice service. */
export function environmentFor(url: string): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: PRACTICE_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: PRACTICE_CREDENTIALS.secretAccessKey,
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_GLACIER: url,
    AWS_ENDPOINT_URL_S3: url,
  };
}

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';

const built = new URL('../../out/main/practice.js', import.meta.url).pathname;

/** The built command, or null where the build has not been run. */
export const practiceCommand = existsSync(built) ? built : null;

export type PracticeProcess = { url: string; process: ChildProcess; kill: () => Promise<void> };

/** Starts the practice vault as a process of its own, so that it can be killed as the power would kill it. */
export async function startPracticeProcess(folder: string, ...options: string[]): Promise<PracticeProcess> {
  const child = spawn(process.execPath, [String(practiceCommand), '--folder', folder, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', () => {
      reject(new Error('The practice vault did not start.'));
    });
  });
  return {
    url: (JSON.parse(line) as { url: string }).url,
    process: child,
    kill: () =>
      new Promise((resolve) => {
        child.once('exit', () => {
          resolve();
        });
        child.kill('SIGKILL');
      }),
  };
}

import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FirnWindow } from '../../test/support/firn-window.ts';
import { inLocal, inRoot } from '../set-up/project.mjs';

const folder = inLocal('demo');

/** What the demo works with; all of it is made anew each time. */
export const stage = {
  file: join(folder, 'Agátka ve školce .cr2'),
  dataFolder: join(folder, 'data'),
  practiceFolder: join(folder, 'data', 'practice'),
  screenshots: inRoot('screenshots'),
};

/** Clears the stage and puts a file of random bytes on it, which are the answer. */
export function setStage(fileSize: number): Buffer {
  for (const made of [folder, stage.screenshots]) {
    rmSync(made, { recursive: true, force: true });
    mkdirSync(made, { recursive: true });
  }
  const bytes = randomBytes(fileSize);
  writeFileSync(stage.file, bytes);
  return bytes;
}

/** Taken by the window itself, at once: Playwright's own screenshots can last longer than the upload. */
export async function photograph({ app }: FirnWindow, name: string): Promise<void> {
  const png = await app.evaluate(async ({ BrowserWindow }) => {
    const image = await BrowserWindow.getAllWindows()[0]?.webContents.capturePage();
    return image?.toPNG().toString('base64') ?? '';
  });
  if (png === '') throw new Error('There is no window to be seen.');
  writeFileSync(join(stage.screenshots, `${name}.png`), Buffer.from(png, 'base64'));
}

export function say(line: string): void {
  console.log(`demo: ${line}`);
}

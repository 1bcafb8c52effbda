import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What others than its owner could read, or change, of the folder and of all that is below it: paths with their modes. */
export function openToStrangers(folder: string): string[] {
  const below = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return [folder, ...below].flatMap((path) => {
    const { mode } = lstatSync(path);
    return (mode & 0o077) === 0 ? [] : `${path} ${(mode & 0o777).toString(8)}`;
  });
}

import { createRequire } from 'node:module';

/** Outside Electron its package answers with the path of the executable. */
export function electronExecutable(): string {
  return createRequire(import.meta.url)('electron') as string;
}

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './temporary-folder.ts';

export type OddMode =
  'hang' | 'eio' | 'etimedout' | 'edeadlk' | 'ebusy' | 'grow' | 'fat' | 'utimes' | 'fsyncdir' | 'name143';

/**
 * The environment with which a program finds `folder` on an odd file system; `odd-fs.c` tells of the modes. `whileFile`:
 * reading fails only while that file exists. Null where it cannot be made: other systems than Linux, or no compiler.
 */
export function oddFs(folder: string, modes: readonly OddMode[], whileFile?: string): Record<string, string> | null {
  if (process.platform !== 'linux') return null;
  const library = join(temporaryFolder(), 'odd-fs.so');
  const source = fileURLToPath(new URL('odd-fs.c', import.meta.url));
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-o', library, source, '-ldl'], { stdio: ['ignore', 'ignore', 'inherit'] });
  } catch {
    return null;
  }
  return {
    LD_PRELOAD: library,
    ODD: modes.join(','),
    ODD_PATH: folder,
    ...(whileFile === undefined ? {} : { ODD_WHILE: whileFile }),
  };
}

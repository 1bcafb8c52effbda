import type { SourceFiles } from '../core/ports.ts';
import { hashRange, identify } from './read.ts';
import { walk } from './walk.ts';

/** The real files of this computer, hashed in the thread that asks. `hashing-thread.ts` spares the main thread that. */
export const localFiles: SourceFiles = {
  foldsCase: process.platform === 'win32' || process.platform === 'darwin',
  identify,
  walk,
  hashRange,
};

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Failure } from '../../shared/failure.ts';
import { KiB } from '../../shared/units.ts';
import { PRIVATE_FILE, makePrivateFolder } from '../files/private.ts';
import { startFailure } from './start-failure.ts';

/** Less room than the records of a single upload need is none. */
const ENOUGH = 64 * KiB;

/** Why nothing can be written into the data folder, which is made when it is missing; null when it can. Never throws. */
export function problemOfFolder(folder: string): Failure | null {
  const probe = join(folder, 'room.probe');
  try {
    makePrivateFolder(folder);
    writeFileSync(probe, Buffer.alloc(ENOUGH), { mode: PRIVATE_FILE });
    return null;
  } catch (error) {
    return startFailure(error, folder);
  } finally {
    removeProbe(probe);
  }
}

function removeProbe(probe: string): void {
  try {
    rmSync(probe, { force: true });
  } catch {
    // The folder is no folder, and that has been told.
  }
}

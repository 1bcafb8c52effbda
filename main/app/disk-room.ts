import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { MiB } from '../../shared/units.ts';
import { isDiskFull } from '../store/database.ts';
import { PRIVATE_FILE } from '../files/private.ts';

/** Whether the disk takes a MiB more, which is what the records of a thousand parts need. */
export function hasRoom(folder: string): boolean {
  const file = join(folder, 'room');
  try {
    const handle = openSync(file, 'w', PRIVATE_FILE);
    try {
      const written = writeSync(handle, Buffer.alloc(MiB));
      fsyncSync(handle);
      return written === MiB;
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    return !isDiskFull(error);
  } finally {
    rmSync(file, { force: true });
  }
}

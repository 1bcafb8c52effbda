import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';

/** Changes the file, and gives it back its time: to the nanosecond, while Node sets times to the microsecond only. */
export function underItsOldTime(path: string, change: () => void): void {
  const reference = `${path}.time`;
  writeFileSync(reference, '');
  execFileSync('touch', ['-r', path, reference]);
  change();
  execFileSync('touch', ['-r', reference, path]);
  rmSync(reference);
}

/** Puts another byte at that place of the file. */
export function writeUnderItsOldTime(path: string, position: number): void {
  underItsOldTime(path, () => {
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.from('another'), 0, 7, position);
    closeSync(file);
  });
}

import { appendFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { redactAll } from '../../shared/redact.ts';
import { MiB } from '../../shared/units.ts';
import { PRIVATE_FILE, makePrivateFolder } from '../files/private.ts';

const MAX_SIZE = 2 * MiB;

/**
 * Appends JSON lines to `firn.log`; one older file is kept. Never throws: a full disk must not stop the queue. Callers
 * pass ids, paths and messages, never a secret or a signature; `redactAll` is the second net.
 */
export function openLog(folder: string): (message: string, details: Record<string, unknown>) => void {
  const file = join(folder, 'firn.log');
  return (message, details) => {
    try {
      makePrivateFolder(folder);
      if (sizeOf(file) > MAX_SIZE) renameSync(file, `${file}.old`);
      const line = `${JSON.stringify({ at: new Date().toISOString(), message, ...redactAll(details) })}\n`;
      appendFileSync(file, line, { mode: PRIVATE_FILE });
    } catch {
      // Nothing can be written down about not being able to write.
    }
  };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Writes `SHA256SUMS` for the named files of a folder, as `sha256sum --check` reads it. */
export async function writeSums(/** @type {string} */ folder, /** @type {readonly string[]} */ names) {
  const lines = [];
  for (const name of [...names].sort()) {
    const hash = createHash('sha256');
    await pipeline(fs.createReadStream(path.join(folder, name)), hash);
    lines.push(`${hash.digest('hex')}  ${name}\n`);
  }
  fs.writeFileSync(path.join(folder, 'SHA256SUMS'), lines.join(''));
}

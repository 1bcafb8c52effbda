import fs from 'node:fs';
import path from 'node:path';
import { say } from '../set-up/say.mjs';

const installers = /\.(AppImage|deb|rpm|tar\.gz|exe|zip|dmg)$/;

/** Says how large each package is, newest version included alone. */
export function tellSizes(/** @type {string} */ folder, /** @type {number} */ since) {
  for (const name of fs.readdirSync(folder).sort()) {
    const { size, mtimeMs } = fs.statSync(path.join(folder, name));
    if (installers.test(name) && mtimeMs >= since) say(`dist:   ${name}  ${(size / 2 ** 20).toFixed(1)} MiB`);
  }
}

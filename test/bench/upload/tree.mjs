import { createHash } from 'node:crypto';

/** The tree hash of a file from those of its parts. @returns {Buffer} */
export function combine(/** @type {readonly Buffer[]} */ hashes) {
  if (hashes.length === 1) return /** @type {Buffer} */ (hashes[0]);
  const half = 2 ** Math.floor(Math.log2(hashes.length - 1));
  return createHash('sha256')
    .update(combine(hashes.slice(0, half)))
    .update(combine(hashes.slice(half)))
    .digest();
}

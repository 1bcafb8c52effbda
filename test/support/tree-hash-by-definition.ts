import { createHash } from 'node:crypto';
import { MiB } from '../../shared/units.ts';

/** The tree hash as the developer guide defines it, level by level: slow, and independent of the product's code. */
export function treeHashByDefinition(bytes: Buffer): string {
  let level: Buffer[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += MiB) level.push(sha256(bytes.subarray(at, at + MiB)));
  while (level.length > 1) {
    const next: Buffer[] = [];
    for (let index = 0; index < level.length; index += 2) {
      const pair = level.slice(index, index + 2);
      next.push(pair.length === 2 ? sha256(Buffer.concat(pair)) : Buffer.concat(pair));
    }
    level = next;
  }
  return Buffer.concat(level).toString('hex');
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

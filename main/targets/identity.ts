import type { BigIntStats } from 'node:fs';
import type { FileIdentity } from '../retrievals/ports.ts';

/** In which systems count what a file has taken, whatever the drive's own blocks are. */
const BLOCK = 512;

export function identityOf(stats: BigIntStats): FileIdentity {
  const { size, mtimeNs, blocks } = stats;
  return {
    fileId: fileIdOf(stats),
    size: Number(size),
    modifiedNs: mtimeNs.toString(),
    allocated: Number(blocks) * BLOCK,
  };
}

export function fileIdOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

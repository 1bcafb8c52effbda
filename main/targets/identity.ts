import { type BigIntStats, constants } from 'node:fs';
import type { FileIdentity } from '../retrievals/ports.ts';

/** Links are not followed: one could lead out of the folder. Windows has no such flag, and no links that anybody may make. */
export const NO_LINK = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW;

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

import { type BigIntStats, constants } from 'node:fs';
import type { FileIdentity } from '../core/retrieval/ports.ts';

/** Links are not followed: one could lead out of the folder. Windows has no such flag, and no links that anybody may make. */
export const NO_LINK = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW;

export function identityOf(stats: BigIntStats): FileIdentity {
  return { fileId: fileIdOf(stats), size: Number(stats.size), modifiedNs: stats.mtimeNs.toString() };
}

export function fileIdOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

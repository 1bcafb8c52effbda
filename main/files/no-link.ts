import { constants } from 'node:fs';

/** Links are not followed: one could lead out of the folder. Windows has no such flag, and no links that anybody may make. */
export const NO_LINK = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW;

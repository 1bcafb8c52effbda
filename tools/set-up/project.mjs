import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of this checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

export const inRoot = (/** @type {string[]} */ ...parts) => path.join(root, ...parts);

/** What tools make and may be thrown away at any time: caches, the local Electron, reports. */
export const inLocal = (/** @type {string[]} */ ...parts) => inRoot('.local', ...parts);

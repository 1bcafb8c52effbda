import { constants, setPriority } from 'node:os';
import type { Effort } from '../../shared/cpu-use.ts';

const { PRIORITY_LOW, PRIORITY_BELOW_NORMAL, PRIORITY_NORMAL } = constants.priority;

/**
 * Lets everything else go before this thread, for good: a thread that was lowered cannot be raised again without rights that
 * people do not have. Only Linux knows priorities of threads.
 */
export function lowerThread(): void {
  if (process.platform === 'linux') set(PRIORITY_LOW);
}

/** Windows has them for processes, and lets them be raised again. On macOS the smaller number of threads must do. */
export function setProcessEffort(effort: Effort): void {
  if (process.platform === 'win32') set(effort === 'gentle' ? PRIORITY_BELOW_NORMAL : PRIORITY_NORMAL);
}

/** A system that refuses it loses nothing but the manners. */
function set(priority: number): void {
  try {
    setPriority(priority);
  } catch {
    return;
  }
}

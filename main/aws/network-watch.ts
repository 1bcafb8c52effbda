import { MINUTE, SECOND } from '../../shared/units.ts';
import { type DeadConnections, ownAddresses } from './dead-connections.ts';

const LOOK_MS = 5 * SECOND;
/** A look that comes so late was slept through. */
const SLEPT_MS = 1 * MINUTE;

/**
 * Looks every few seconds whether this computer has slept or has lost an address, and says which connections are dead for it: the
 * other side knows nothing of either, so they would be waited for until their time is over. Needs no word from the system, which
 * the command line does not get and the window not always. Never keeps the process alive.
 */
export function watchNetwork(
  onDead: (dead: DeadConnections) => void,
  { addresses = ownAddresses, now = Date.now }: { addresses?: () => string[]; now?: () => number } = {},
): { look: () => void; close: () => void } {
  let lookedAt = now();
  let known = addresses();
  const look = (): void => {
    const current = addresses();
    const hasSlept = now() - lookedAt > SLEPT_MS;
    const hasLost = known.some((address) => !current.includes(address));
    lookedAt = now();
    known = current;
    if (hasSlept) onDead({ kind: 'all' });
    else if (hasLost) onDead({ kind: 'from-elsewhere', addresses: current });
  };
  const timer = setInterval(look, LOOK_MS).unref();
  return {
    look,
    close: () => {
      clearInterval(timer);
    },
  };
}

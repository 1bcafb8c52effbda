import { askForCode } from './ask.ts';
import type { Account } from '../../shared/account.ts';
import type { Result } from '../../shared/result.ts';
import { systemClock } from '../app/clock.ts';
import type { Destination } from '../core/ports.ts';
import { type Destinations, openDestinations } from '../places/destinations.ts';
import { ask } from '../aws/ask.ts';

/** Destinations of an account that is written nowhere, closed when `act` is over. */
export async function withDestinations<T>(
  codeFolder: string,
  act: (destinations: Destinations) => Promise<T>,
): Promise<T> {
  const keyRing = { keys: () => null };
  const destinations = openDestinations({
    keyRing,
    codeFolder,
    practiceFolder: '',
    threads: 1,
    clock: systemClock,
    askForCode,
  });
  try {
    return await act(destinations);
  } finally {
    await destinations.close();
  }
}

/** One question to the service of an account that is written nowhere. */
export function askService<T>(
  account: Account,
  question: (destination: Destination, signal: AbortSignal) => Promise<Result<T>>,
): Promise<Result<T>> {
  return withDestinations('', (destinations) => ask(destinations.open(account), question));
}

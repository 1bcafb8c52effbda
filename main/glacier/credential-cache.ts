import { type Result, ok } from '../../shared/result.ts';
import { MINUTE } from '../../shared/units.ts';
import type { CredentialProvider, Credentials } from './credential-provider.ts';

/** Credentials are fetched anew this long before they expire. */
const MARGIN_MS = 5 * MINUTE;

/** Keeps what `fetch` gives until 5 minutes before it expires, and never fetches twice at the same time. */
export function cachedCredentials(
  fetch: () => Promise<Result<Credentials>>,
  now: () => number = Date.now,
): CredentialProvider {
  let kept: Credentials | null = null;
  let fetching: Promise<Result<Credentials>> | null = null;
  const fetchOnce = (): Promise<Result<Credentials>> => {
    fetching ??= fetch()
      .then((fetched) => {
        kept = fetched.ok ? fetched.value : null;
        return fetched;
      })
      .finally(() => {
        fetching = null;
      });
    return fetching;
  };
  const isFresh = ({ expiresAt }: Credentials): boolean => expiresAt === null || expiresAt - now() > MARGIN_MS;
  return {
    get: (signal) => (kept && isFresh(kept) ? Promise.resolve(ok(kept)) : unlessAborted(fetchOnce(), signal)),
    refresh: fetchOnce,
  };
}

/** The fetching goes on for others who wait for it. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      reject(signal.reason as Error);
    };
    signal.throwIfAborted();
    signal.addEventListener('abort', stop, { once: true });
    void promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', stop);
    });
  });
}

import { type Result, ok } from '../../../shared/result.ts';
import { MINUTE } from '../../../shared/units.ts';
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
  const lasts = (credentials: Credentials, ms: number): boolean =>
    credentials.expiresAt === null || credentials.expiresAt - now() > ms;
  const fetchOnce = (): Promise<Result<Credentials>> => {
    fetching ??= fetch()
      .then((fetched) => {
        if (fetched.ok) kept = fetched.value;
        return fetched;
      })
      .finally(() => {
        fetching = null;
      });
    return fetching;
  };
  return {
    async get(signal) {
      if (kept && lasts(kept, MARGIN_MS)) return ok(kept);
      const fetched = await unlessAborted(fetchOnce(), signal);
      // The old ones are still good for a while, and the source may answer again by then.
      return !fetched.ok && kept && lasts(kept, 0) ? ok(kept) : fetched;
    },
    // Many requests may learn at the same time that the same credentials have expired.
    refresh: (expired) => (kept && expired && !isSame(kept, expired) ? Promise.resolve(ok(kept)) : fetchOnce()),
  };
}

function isSame(a: Credentials, b: Credentials): boolean {
  return a.accessKeyId === b.accessKeyId && a.sessionToken === b.sessionToken;
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

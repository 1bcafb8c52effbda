import type { Failure } from '../../shared/failure.ts';
import { keepSecret } from '../../shared/redact.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { CredentialProvider, Credentials } from './credential-provider.ts';
import type { HttpRequestHead } from '../aws/connections.ts';
import type { Operation } from './operation.ts';
import { type RouteTo, direct } from '../aws/route.ts';
import { type Owner, WHOEVER_SIGNS } from './owner.ts';
import { signRequest } from './sign.ts';

export type SigningOptions = {
  /** The service's URL; a path in it comes before every request's. */
  endpoint: string;
  region: string;
  credentials: CredentialProvider;
  /** Directly unless this is given. */
  routeTo?: RouteTo;
};

type Signed = {
  operation: Operation<unknown>;
  /** Whose vaults are meant; null for those of whatever account the credentials are of. */
  owner: Owner | null;
  /** The service's time. */
  now: () => number;
};

/** Signs the attempts of one operation, each at its moment and with the credentials of that moment. */
export class Signing {
  readonly #options: SigningOptions;
  readonly #what: Signed;
  #used: Credentials | undefined;

  constructor(options: SigningOptions, what: Signed) {
    this.#options = options;
    this.#what = what;
  }

  /** The head of the request with these headers added. `body`: null when `x-amz-content-sha256` stands for it. */
  async sign(
    extra: Record<string, string>,
    body: Uint8Array | null,
    signal: AbortSignal,
  ): Promise<Result<HttpRequestHead>> {
    const credentials = await this.#options.credentials.get(signal);
    if (!credentials.ok) return credentials;
    if (!areSendable(credentials.value)) return fail(unsendable);
    this.#used = credentials.value;
    keepSecret(credentials.value.secretAccessKey);
    keepSecret(credentials.value.sessionToken);
    const { region, endpoint, routeTo } = this.#options;
    const { operation, owner, now } = this.#what;
    const { method, path, query = {}, headers } = operation;
    const base = new URL(endpoint);
    const signed = await signRequest(
      {
        method,
        endpoint: base,
        path: [...segmentsOf(base), owner?.pathSegment ?? WHOEVER_SIGNS, ...path],
        query,
        headers: { ...headers, ...extra },
        body,
      },
      { region, credentials: credentials.value, now: now() },
    );
    return ok({ ...signed, route: (await routeTo?.(endpoint)) ?? direct });
  }

  /** Fetches other credentials than those used last, which the service has called expired. */
  renew(): Promise<Result<Credentials>> {
    return this.#options.credentials.refresh(this.#used);
  }
}

function segmentsOf({ pathname }: URL): string[] {
  return pathname
    .split('/')
    .filter((segment) => segment !== '')
    .map(decodeURIComponent);
}

const unsendable: Failure = { kind: 'credentials-rejected', detail: 'they have characters that no key of Amazon has' };

/** Typed keys may hold anything; a header takes only some of it. */
function areSendable({ accessKeyId, secretAccessKey, sessionToken }: Credentials): boolean {
  return [accessKeyId, secretAccessKey, sessionToken ?? 'none'].every((text) => /^[\x21-\x7e]+$/.test(text));
}

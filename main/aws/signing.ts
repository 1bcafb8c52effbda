import type { Failure } from '../../shared/failure.ts';
import { keepSecret } from '../../shared/redact.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { HttpRequestHead } from './connections.ts';
import type { CredentialProvider, Credentials } from './credentials/credential-provider.ts';
import { type RouteTo, direct } from './route.ts';
import { type SigningScope, type UnsignedRequest, signRequest } from './sign.ts';

export type SigningOptions = {
  credentials: CredentialProvider;
  /** Directly unless this is given. */
  routeTo?: RouteTo;
};

/** Signs the attempts of one request, each at its moment and with the credentials of that moment. */
export class Signing {
  readonly #options: SigningOptions;
  readonly #now: () => number;
  #used: Credentials | undefined;

  /** `now`: the service's time. */
  constructor(options: SigningOptions, now: () => number) {
    this.#options = options;
    this.#now = now;
  }

  async sign(
    request: UnsignedRequest,
    scope: Pick<SigningScope, 'service' | 'region'>,
    signal: AbortSignal,
  ): Promise<Result<HttpRequestHead>> {
    const credentials = await this.#options.credentials.get(signal);
    if (!credentials.ok) return credentials;
    if (!areSendable(credentials.value)) return fail(unsendable);
    this.#used = credentials.value;
    keepSecret(credentials.value.secretAccessKey);
    keepSecret(credentials.value.sessionToken);
    const signed = await signRequest(request, { ...scope, credentials: credentials.value, now: this.#now() });
    return ok({ ...signed, route: (await this.#options.routeTo?.(request.endpoint.origin)) ?? direct });
  }

  /** Fetches other credentials than those used last, which the service has called expired. */
  renew(): Promise<Result<Credentials>> {
    return this.#options.credentials.refresh(this.#used);
  }
}

const unsendable: Failure = { kind: 'credentials-rejected', detail: 'they have characters that no key of Amazon has' };

/** Typed keys may hold anything; a header takes only some of it. */
function areSendable({ accessKeyId, secretAccessKey, sessionToken }: Credentials): boolean {
  return [accessKeyId, secretAccessKey, sessionToken ?? 'none'].every((text) => /^[\x21-\x7e]+$/.test(text));
}

import type { Agent } from 'node:https';
import { type Result, ok } from '../../shared/result.ts';
import { type ProxyFor, proxyFromEnvironment } from '../aws/proxy.ts';
import { trust } from '../aws/trust.ts';
import { TunnelAgent } from '../aws/tunnel.ts';

/** How sign-in services (SSO, STS) are reached: the way that Firn goes to Glacier. */
export type SignInRoute = {
  /** As the environment says unless this is given. */
  proxyFor?: ProxyFor;
  /** Files of certificates (PEM) to trust besides the usual ones. */
  caFiles?: readonly string[];
};

/** The same in the words of Amazon's credential providers. */
export type ClientConfig = { requestHandler: { httpsAgent: Agent } };

/** `offline` when a file of certificates cannot be read. */
export function clientConfigOf({ proxyFor = proxyFromEnvironment, caFiles = [] }: SignInRoute): Result<ClientConfig> {
  const trusted = caFiles.length === 0 ? ok(undefined) : trust(caFiles);
  if (!trusted.ok) return trusted;
  // Asked once an hour or so: a connection that is kept would only be in the way.
  const options = trusted.value === undefined ? {} : { secureContext: trusted.value };
  const httpsAgent = new TunnelAgent((url) => proxyFor(url), { keepAlive: false, ...options });
  return ok({ requestHandler: { httpsAgent } });
}

import type { Agent } from 'node:https';
import { UnusableCertificates, networkFailure } from '../network-failure.ts';
import { type RouteTo, direct } from '../route.ts';
import { RoutedAgent } from '../routed-agent.ts';
import { trust } from '../trust.ts';
import { type Result, fail, ok } from '../../../shared/result.ts';

/** How sign-in services (SSO, STS) are reached: the way that Firn goes to Glacier. Directly unless `routeTo` is given. */
export type SignInRoute = { routeTo?: RouteTo };

/** The same in the words of Amazon's credential providers. */
export type ClientConfig = { requestHandler: { httpsAgent: Agent } };

/** Any of the sign-in services: which one a profile needs, its provider finds out. */
const SIGN_IN_URL = 'https://sts.amazonaws.com';

/** `offline` when a file of certificates cannot be read. */
export async function clientConfigOf({ routeTo = () => direct }: SignInRoute): Promise<Result<ClientConfig>> {
  const { caFiles } = await routeTo(SIGN_IN_URL);
  try {
    // Asked once an hour or so: a connection that is kept would only be in the way.
    const options = { keepAlive: false, secureContext: trust(caFiles) };
    const httpsAgent = new RoutedAgent(async (url) => (await routeTo(url)).ways, options);
    return ok({ requestHandler: { httpsAgent } });
  } catch (error) {
    if (error instanceof UnusableCertificates) return fail(networkFailure(error, 'the sign-in service'));
    throw error;
  }
}

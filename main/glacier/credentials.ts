import { parseKnownFiles } from '@smithy/core/config';
import { type Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { MINUTE, SECOND, formatDuration } from '../../shared/units.ts';
import { cachedCredentials } from './credential-cache.ts';
import { credentialFailure } from './credential-failure.ts';
import type { CredentialProvider, Credentials } from './credential-provider.ts';
import { IdleConnection } from '../aws/network-failure.ts';
import { type ClientConfig, type SignInRoute, clientConfigOf } from './sign-in.ts';

export type { CredentialProvider, Credentials } from './credential-provider.ts';

/** What Amazon's own providers give. */
type Identity = { accessKeyId: string; secretAccessKey: string; sessionToken?: string; expiration?: Date };

/** A process that is asked for credentials may ask the user in turn, but not for ever. */
const PROFILE_PATIENCE_MS = 2 * MINUTE;
/** On a computer outside Amazon nobody answers the look-up of an instance's role. */
const CHAIN_PATIENCE_MS = 10 * SECOND;

/** Access key, secret and, of temporary credentials, the session token, as the user gave them. They cannot be renewed. */
export function fixedCredentials(keys: Omit<Credentials, 'expiresAt'>): CredentialProvider {
  const { accessKeyId, secretAccessKey, sessionToken } = keys;
  const expired: Failure = { kind: 'credentials-expired', detail: 'the session token has run out' };
  return {
    get: () => Promise.resolve(ok({ accessKeyId, secretAccessKey, sessionToken, expiresAt: null })),
    refresh: () => Promise.resolve(fail(expired)),
  };
}

/** A profile of the AWS shared config: keys, SSO, assume-role, web identity, process. Read anew each time it is asked. */
export function profileCredentials(profile: string, route: SignInRoute = {}): CredentialProvider {
  return cachedCredentials(() =>
    fetched(PROFILE_PATIENCE_MS, route, async (clientConfig) => {
      const { fromIni } = await import('@aws-sdk/credential-providers');
      return fromIni({ profile, ignoreCache: true, clientConfig })();
    }),
  );
}

/** The keys of the environment, before all else as in the AWS CLI; without them, Amazon's default chain. */
export function environmentCredentials(
  environment: NodeJS.ProcessEnv = process.env,
  route: SignInRoute = {},
): CredentialProvider {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN = '' } = environment;
  if (AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY) {
    const sessionToken = AWS_SESSION_TOKEN === '' ? null : AWS_SESSION_TOKEN;
    return fixedCredentials({ accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY, sessionToken });
  }
  return cachedCredentials(() =>
    fetched(CHAIN_PATIENCE_MS, route, async (clientConfig) => {
      const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
      return fromNodeProviderChain({ ignoreCache: true, timeout: SECOND, maxRetries: 0, clientConfig })();
    }),
  );
}

/** The profiles of the AWS shared config and credentials files, by name; none when there are no such files. */
export async function listProfiles(): Promise<{ profile: string; region: string | null }[]> {
  const sections = await parseKnownFiles({ ignoreCache: true });
  return Object.entries(sections)
    .filter(([name]) => !/^(sso-session|services)\./.test(name))
    .map(([profile, { region }]) => ({ profile, region: region ?? null }))
    .toSorted((a, b) => (a.profile < b.profile ? -1 : 1));
}

async function fetched(
  patienceMs: number,
  route: SignInRoute,
  ask: (clientConfig: ClientConfig) => Promise<Identity>,
): Promise<Result<Credentials>> {
  const config = await clientConfigOf(route);
  if (!config.ok) return config;
  try {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await within(patienceMs, ask(config.value));
    return ok({
      accessKeyId,
      secretAccessKey,
      sessionToken: sessionToken ?? null,
      expiresAt: expiration?.getTime() ?? null,
    });
  } catch (error) {
    return fail(credentialFailure(error));
  }
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new IdleConnection(`no credentials within ${formatDuration(ms)}`));
    }, ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

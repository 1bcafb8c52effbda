import { type Failure } from '../../../shared/failure.ts';
import { type Result, fail, ok } from '../../../shared/result.ts';
import { MINUTE, SECOND, formatDuration } from '../../../shared/units.ts';
import { cachedCredentials } from './credential-cache.ts';
import { type AskedOf, credentialFailure } from './credential-failure.ts';
import type { CredentialProvider, Credentials } from './credential-provider.ts';
import { IdleConnection } from '../network-failure.ts';
import { type ClientConfig, type SignInRoute, clientConfigOf } from './sign-in.ts';

export type { CredentialProvider, Credentials } from './credential-provider.ts';

/** What Amazon's own providers give. */
type Identity = { accessKeyId: string; secretAccessKey: string; sessionToken?: string; expiration?: Date };

/** A process that is asked for credentials may ask the user in turn, but not for ever. */
const PROFILE_PATIENCE_MS = 2 * MINUTE;
/** The default profile may have such a process, too. The look-up of an instance's role has a limit of its own. */
const CHAIN_PATIENCE_MS = MINUTE;
const INSTANCE_PATIENCE_MS = SECOND;

/** How somebody is asked for the code of an MFA device; null when nobody can answer. */
export type AskForCode = (profile: string, device: string) => Promise<string | null>;

export type ProfileOptions = SignInRoute & {
  /** Of the vaults: the sign-in service of its partition is asked where the profile names no region. */
  region?: string;
  askForCode?: AskForCode;
};

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
export function profileCredentials(profile: string, options: ProfileOptions = {}): CredentialProvider {
  return cachedCredentials(() =>
    fetched({ profile }, PROFILE_PATIENCE_MS, options, async (clientConfig) => {
      const { fromIni } = await import('@aws-sdk/credential-providers');
      return fromIni({ profile, ...common(profile, options), clientConfig })();
    }),
  );
}

function common(profile: string, { region, askForCode }: ProfileOptions) {
  return {
    ignoreCache: true,
    ...(region !== undefined && { parentClientConfig: { region } }),
    ...(askForCode && { mfaCodeProvider: async (device: string) => codeOr(await askForCode(profile, device)) }),
  };
}

function codeOr(code: string | null): string {
  if (code === null) throw new Error('multi-factor authentication, and nobody to ask');
  return code;
}

/** The keys of the environment, before all else as in the AWS CLI; without them, Amazon's default chain. */
export function environmentCredentials(
  environment: NodeJS.ProcessEnv = process.env,
  options: ProfileOptions = {},
): CredentialProvider {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN = '' } = environment;
  if (AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY) {
    const sessionToken = AWS_SESSION_TOKEN === '' ? null : AWS_SESSION_TOKEN;
    return fixedCredentials({ accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY, sessionToken });
  }
  return cachedCredentials(() =>
    fetched({ profile: environment['AWS_PROFILE'] ?? null }, CHAIN_PATIENCE_MS, options, async (clientConfig) => {
      const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
      const limits = { timeout: INSTANCE_PATIENCE_MS, maxRetries: 0 };
      const profile = environment['AWS_PROFILE'] ?? 'default';
      return fromNodeProviderChain({ ...common(profile, options), ...limits, clientConfig })();
    }),
  );
}

async function fetched(
  asked: AskedOf,
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
    return fail(credentialFailure(error, asked));
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

import type { Account, AccountId, UsableSource } from '../../shared/account.ts';
import { endpointInForce, ownService } from '../../shared/endpoints.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { listProfiles } from '../glacier/profiles.ts';
import { printable } from '../../shared/failure.ts';
import type { App } from '../app/app.ts';
import type { AccountOptions } from './command.ts';

export type AccountSettings = Pick<Account, 'region' | 'endpointUrl'> & { source: UsableSource };

/**
 * Which account the command line means, by what was typed, the environment and the profile. A failure is a sentence. Without
 * a profile of its own the environment still has the settings of AWS_PROFILE or the default one.
 */
export async function settingsOf({
  profile,
  settingsProfile,
  region,
  endpointUrl,
  usesFips,
  ignoresConfigured,
}: AccountOptions): Promise<Result<AccountSettings, string>> {
  const source: UsableSource = profile === null ? { kind: 'environment' } : { kind: 'profile', profile };
  const set = (await listProfiles()).find((one) => one.profile === settingsProfile);
  const chosen = region ?? set?.region ?? null;
  if (chosen === null)
    return fail('Say in which region the vaults are: --region, AWS_REGION, or a region in the profile.');
  const said = set ?? ownService;
  const service = {
    endpointUrl: ignoresConfigured ? null : said.endpointUrl,
    usesFips: usesFips ?? said.usesFips,
  };
  const endpoint = endpointInForce(endpointUrl, service, chosen);
  return endpoint.ok ? ok({ source, region: chosen, endpointUrl: endpoint.value }) : endpoint;
}

/** An account that is used once and written nowhere. */
export function passingAccount(settings: AccountSettings): Account {
  return { id: '00000000-0000-4000-8000-000000000000' as AccountId, name: 'command line', number: null, ...settings };
}

/** The account of these settings among those of the folder, added when it is new. */
export function accountOf({ accounts }: App, { source, region, endpointUrl }: AccountSettings): Account {
  return accounts.of(source, region, endpointUrl);
}

/** Tells a vault from one of the same name elsewhere: `photos (work, eu-west-1, 111122223333)`. */
export function vaultWords(vault: string, account: Account | null): string {
  if (!account) return `${vault} (of an account that is gone)`;
  const { name, region, number } = account;
  return `${vault} (${[printable(name), region, ...(number === null ? [] : [number])].join(', ')})`;
}

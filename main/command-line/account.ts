import { type Account, type AccountId, type UsableSource, endpointProblem } from '../../shared/account.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { listProfiles } from '../glacier/credentials.ts';
import { printable } from '../../shared/failure.ts';
import type { App } from '../open.ts';
import type { AccountOptions } from './arguments.ts';

export type AccountSettings = Pick<Account, 'region' | 'endpointUrl'> & { source: UsableSource };

/** Which account the command line means. A failure is a sentence. */
export async function settingsOf({
  profile,
  region,
  endpointUrl,
}: AccountOptions): Promise<Result<AccountSettings, string>> {
  const source: UsableSource = profile === null ? { kind: 'environment' } : { kind: 'profile', profile };
  const chosen = region ?? (await regionOfProfile(profile ?? 'default'));
  if (chosen === null)
    return fail('Say in which region the vaults are: --region, AWS_REGION, or a region in the profile.');
  const problem = endpointUrl === null ? null : endpointProblem(endpointUrl);
  if (problem !== null) return fail(problem);
  return ok({ source, region: chosen, endpointUrl });
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

async function regionOfProfile(name: string): Promise<string | null> {
  const profiles = await listProfiles();
  return profiles.find(({ profile }) => profile === name)?.region ?? null;
}

import { type Account, type AccountId, type CredentialSource, endpointProblem } from '../../shared/account.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { listProfiles } from '../glacier/credentials.ts';
import type { Place } from './arguments.ts';

export type AccountPlace = Pick<Account, 'source' | 'region' | 'endpointUrl'>;

/** Which account the command line means. A failure is a sentence. */
export async function placeOf({ profile, region, endpointUrl }: Place): Promise<Result<AccountPlace, string>> {
  const source: CredentialSource = profile === null ? { kind: 'environment' } : { kind: 'profile', profile };
  const chosen = region ?? (await regionOfProfile(profile ?? 'default'));
  if (chosen === null)
    return fail('Say in which region the vaults are: --region, AWS_REGION, or a region in the profile.');
  const problem = endpointUrl === null ? null : endpointProblem(endpointUrl);
  if (problem !== null) return fail(problem);
  return ok({ source, region: chosen, endpointUrl });
}

/** An account that is used once and written nowhere. */
export function passingAccount(place: AccountPlace): Account {
  return { id: '00000000-0000-4000-8000-000000000000' as AccountId, name: 'command line', number: null, ...place };
}

async function regionOfProfile(name: string): Promise<string | null> {
  const profiles = await listProfiles();
  return profiles.find(({ profile }) => profile === name)?.region ?? null;
}

import { parseKnownFiles } from '@smithy/core/config';

/** The profiles of the AWS shared config and credentials files, by name. None when there are no such files. */
export async function listProfiles(): Promise<{ profile: string; region: string | null }[]> {
  const sections = await parseKnownFiles({ ignoreCache: true });
  return Object.entries(sections)
    .filter(([name]) => !/^(sso-session|services)\./.test(name))
    .map(([profile, { region }]) => ({ profile, region: region ?? null }))
    .toSorted((a, b) => (a.profile < b.profile ? -1 : 1));
}

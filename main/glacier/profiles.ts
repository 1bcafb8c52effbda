import { parseKnownFiles } from '@smithy/core/config';
import { type Profile, type ProfileService, isTrue } from '../../shared/endpoints.ts';

type Sections = Awaited<ReturnType<typeof parseKnownFiles>>;

/** The profiles of the AWS shared config and credentials files, by name; none when there are no such files. */
export async function listProfiles(): Promise<Profile[]> {
  const sections = await parseKnownFiles({ ignoreCache: true });
  return Object.entries(sections)
    .filter(([name]) => !/^(sso-session|services)\./.test(name))
    .map(([profile, section]) => ({ profile, region: section['region'] ?? null, ...serviceOf(section, sections) }))
    .toSorted((a, b) => (a.profile < b.profile ? -1 : 1));
}

/** The section of services that the profile names comes before its own address, which is for all services of Amazon. */
function serviceOf(section: Sections[string], sections: Sections): ProfileService {
  const services = sections[`services.${section['services'] ?? ''}`];
  const endpointUrl = services?.['glacier.endpoint_url'] ?? section['endpoint_url'] ?? null;
  return {
    endpointUrl: isTrue(section['ignore_configured_endpoint_urls']) ? null : endpointUrl,
    usesFips: isTrue(section['use_fips_endpoint']),
  };
}

import { endpointProblem } from './account.ts';
import { type Result, fail, ok } from './result.ts';

/** What a profile of the AWS configuration says about the address of the vault service. */
export type ProfileService = { endpointUrl: string | null; usesFips: boolean };

/** A profile of the AWS configuration. */
export type Profile = ProfileService & { profile: string; region: string | null };

export const ownService: ProfileService = { endpointUrl: null, usesFips: false };

/** The URL of the vault service of a region. Its names end differently in each of Amazon's partitions. */
export function endpointFor(region: string): string {
  return `https://glacier.${region}.${partitionSuffix(region)}`;
}

/** The URL of the service of a region that tells whose credentials are (STS). */
export function identityEndpointFor(region: string): string {
  return `https://sts.${region}.${partitionSuffix(region)}`;
}

/** Where the service of a region uses validated cryptography (FIPS 140) alone; null where it has no such endpoint. */
function fipsEndpointFor(region: string): string | null {
  if (region.startsWith('us-gov-')) return endpointFor(region);
  const isKnown = FIPS_REGIONS.has(region) || region.startsWith('us-iso');
  return isKnown ? `https://glacier-fips.${region}.${partitionSuffix(region)}` : null;
}

/** From Amazon's list of endpoints. */
const FIPS_REGIONS: ReadonlySet<string> = new Set(['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1']);

/**
 * The address that an account gets: what was typed, before what its profile says. Null for the region's own. Like Amazon's
 * tools, it takes no address beside FIPS. A failure is a sentence.
 */
export function endpointInForce(
  typed: string | null,
  { endpointUrl, usesFips }: ProfileService,
  region: string,
): Result<string | null, string> {
  const url = typed ?? endpointUrl;
  const problem = url === null ? null : endpointProblem(url);
  if (problem !== null) return fail(problem);
  if (!usesFips) return ok(url);
  const fips = fipsEndpointFor(region);
  if (fips === null)
    return fail(`The AWS configuration wants a FIPS endpoint (use_fips_endpoint); Glacier has none in ${region}.`);
  if (url !== null && url.replace(/\/$/, '') !== fips)
    return fail('The AWS configuration wants a FIPS endpoint (use_fips_endpoint), and this is another address.');
  return ok(fips === endpointFor(region) ? null : fips);
}

/** A setting of the AWS configuration, as the AWS CLI reads it. */
export function isTrue(text: string | undefined): boolean {
  return text?.toLowerCase() === 'true';
}

/** How the names of Amazon's hosts end in the partition of a region. */
export function partitionSuffix(region: string): string {
  if (region.startsWith('cn-')) return 'amazonaws.com.cn';
  if (region.startsWith('eusc-')) return 'amazonaws.eu';
  if (region.startsWith('us-isob-')) return 'sc2s.sgov.gov';
  return region.startsWith('us-iso-') ? 'c2s.ic.gov' : 'amazonaws.com';
}

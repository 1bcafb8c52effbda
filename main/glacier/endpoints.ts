/** The URL of the vault service of a region. Its names end differently in each of Amazon's partitions. */
export function endpointFor(region: string): string {
  return `https://glacier.${region}.${suffix(region)}`;
}

function suffix(region: string): string {
  if (region.startsWith('cn-')) return 'amazonaws.com.cn';
  if (region.startsWith('us-isob-')) return 'sc2s.sgov.gov';
  return region.startsWith('us-iso-') ? 'c2s.ic.gov' : 'amazonaws.com';
}

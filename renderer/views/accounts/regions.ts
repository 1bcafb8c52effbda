import { GLACIER_REGIONS } from '../../../shared/account.ts';

const places: Record<(typeof GLACIER_REGIONS)[number], string> = {
  'us-east-1': 'US East, N. Virginia',
  'us-east-2': 'US East, Ohio',
  'us-west-1': 'US West, N. California',
  'us-west-2': 'US West, Oregon',
  'af-south-1': 'Africa, Cape Town',
  'ap-east-1': 'Asia Pacific, Hong Kong',
  'ap-northeast-1': 'Asia Pacific, Tokyo',
  'ap-northeast-2': 'Asia Pacific, Seoul',
  'ap-northeast-3': 'Asia Pacific, Osaka',
  'ap-south-1': 'Asia Pacific, Mumbai',
  'ap-southeast-1': 'Asia Pacific, Singapore',
  'ap-southeast-2': 'Asia Pacific, Sydney',
  'ap-southeast-3': 'Asia Pacific, Jakarta',
  'ca-central-1': 'Canada, Central',
  'eu-central-1': 'Europe, Frankfurt',
  'eu-north-1': 'Europe, Stockholm',
  'eu-south-1': 'Europe, Milan',
  'eu-west-1': 'Europe, Ireland',
  'eu-west-2': 'Europe, London',
  'eu-west-3': 'Europe, Paris',
  'me-south-1': 'Middle East, Bahrain',
  'sa-east-1': 'South America, São Paulo',
  'cn-north-1': 'China, Beijing',
  'cn-northwest-1': 'China, Ningxia',
  'us-gov-east-1': 'AWS GovCloud, US-East',
  'us-gov-west-1': 'AWS GovCloud, US-West',
};

/** Each region with its place, in the order of GLACIER_REGIONS. */
export const regions: readonly { code: string; name: string }[] = GLACIER_REGIONS.map((code) => ({
  code,
  name: `${places[code]} (${code})`,
}));

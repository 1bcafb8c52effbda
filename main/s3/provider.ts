import { SECOND } from '../../shared/units.ts';

/** What a service that speaks S3 can do. Whoever adds one says only what its documentation or a trial has shown. */
export type Provider = {
  name: string;
  mostParts: number;
  /** Whether parts and objects are confirmed with their SHA-256, which proves that the service has the very bytes. */
  confirmsChecksums: boolean;
  /** Whether `If-None-Match: *` keeps what has the name already. Elsewhere a look before has to do. */
  keepsNames: boolean;
  /** Whether a bucket's name may become part of the host's. */
  hasVirtualHosts: boolean;
  /** Whether buckets belong to accounts of 12 digits, which `x-amz-expected-bucket-owner` names. */
  hasOwners: boolean;
  /** Whether a restored copy ends after some days; elsewhere an object that was restored stays so. */
  endsRestores: boolean;
  /** Whether RestoreObject knows tiers. */
  hasTiers: boolean;
  /** Whether all public access to a bucket can be blocked. */
  blocksPublicAccess: boolean;
  /** How long the service takes a signature. */
  signatureLifeMs: number;
};

const common = { mostParts: 10_000, signatureLifeMs: 900 * SECOND };

const amazon: Provider = {
  ...common,
  name: 'Amazon S3',
  confirmsChecksums: true,
  keepsNames: true,
  hasVirtualHosts: true,
  hasOwners: true,
  endsRestores: true,
  hasTiers: true,
  blocksPublicAccess: true,
};

/** What any service can be trusted with of which nothing is known. */
const unknown: Provider = {
  ...common,
  name: 'a service that speaks S3',
  confirmsChecksums: false,
  keepsNames: false,
  hasVirtualHosts: false,
  hasOwners: false,
  endsRestores: true,
  hasTiers: true,
  blocksPublicAccess: false,
};

/** Object Storage with Glacier: at most 1,000 parts, no tiers, and what is restored stays restored. */
const scaleway: Provider = {
  ...unknown,
  name: 'Scaleway',
  mostParts: 1_000,
  confirmsChecksums: true,
  keepsNames: true,
  hasVirtualHosts: true,
  endsRestores: false,
  hasTiers: false,
};

const ovh: Provider = { ...unknown, name: 'OVHcloud', hasVirtualHosts: true };

const byName = { amazon, scaleway, ovh, unknown };
export type ProviderName = keyof typeof byName;

/** Who serves an address; null is Amazon's own. */
export function providerOf(endpointUrl: string | null): ProviderName {
  if (endpointUrl === null) return 'amazon';
  const { hostname } = new URL(endpointUrl);
  if (/\.amazonaws\.(com|com\.cn|eu)$/.test(hostname)) return 'amazon';
  if (hostname.endsWith('.scw.cloud')) return 'scaleway';
  return /\.cloud\.ovh\.(net|us)$/.test(hostname) ? 'ovh' : 'unknown';
}

export function abilitiesOf(name: ProviderName): Provider {
  return byName[name];
}

import { partitionSuffix } from '../../shared/endpoints.ts';
import { encodedPath } from '../aws/percent-encode.ts';

/** Where a service that speaks S3 is reached. */
export type S3Address = {
  /** Null for Amazon's own address in the region of the bucket. A path in it comes before every request's. */
  endpointUrl: string | null;
  /** Of Amazon's own addresses: those that also answer over IPv6. */
  dualstack?: boolean;
  /** Of Amazon's own addresses: those that use validated cryptography (FIPS 140) alone. */
  fips?: boolean;
};

export type Target = { bucket: string | null; key?: string | undefined };

/** Scheme and host, and the path from its first slash on, percent-encoded once. */
export type Location = { endpoint: URL; path: string };

/**
 * Where a request goes. The bucket is part of the host's name where that can be: a name with a dot fits no wildcard certificate,
 * and an address in numbers takes none before it. The key is never normalised: two slashes and `..` are part of a name.
 */
export function locationOf(
  { bucket, key }: Target,
  { address, region, hasVirtualHosts }: { address: S3Address; region: string; hasVirtualHosts: boolean },
): Location {
  const base = new URL(address.endpointUrl ?? amazonsUrl(region, address));
  const object = key === undefined ? '' : encodedPath(key.split('/'));
  const before = base.pathname.replace(/\/$/, '');
  if (bucket === null) return { endpoint: new URL(base.origin), path: `${before}/` };
  if (hasVirtualHosts && !isPathStyle(bucket, base)) {
    const endpoint = new URL(base.origin);
    endpoint.hostname = `${bucket}.${base.hostname}`;
    return { endpoint, path: `${before}/${object}` };
  }
  return { endpoint: new URL(base.origin), path: `${before}/${bucket}${key === undefined ? '' : `/${object}`}` };
}

function isPathStyle(bucket: string, { hostname }: URL): boolean {
  const isNumeric = hostname.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(hostname);
  return isNumeric || hostname === 'localhost' || !/^[a-z0-9-]+$/.test(bucket);
}

/** The global address would only redirect to the one of the region. */
function amazonsUrl(region: string, { dualstack = false, fips = false }: S3Address): string {
  const service = ['s3', ...(fips ? ['-fips'] : [])].join('');
  return `https://${service}${dualstack ? '.dualstack' : ''}.${region}.${partitionSuffix(region)}`;
}

/** Whether this can be a region: it becomes part of a host's name. */
export function isRegion(text: string): boolean {
  return /^[a-z]{2,5}(-[a-z0-9]+){1,4}$/.test(text);
}

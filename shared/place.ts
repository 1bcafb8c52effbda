import type { AccountId } from './account.ts';
import { type Result, fail, ok } from './result.ts';
import { isVaultName } from './vault.ts';

/** A number of SQLite's; none is ever given twice. */
export type PlaceId = number & { readonly __brand: 'PlaceId' };

export const STORAGE_CLASSES = ['DEEP_ARCHIVE', 'GLACIER', 'GLACIER_IR'] as const;
export type StorageClass = (typeof STORAGE_CLASSES)[number];

/** Which service keeps the archives: vaults of Amazon Glacier, or buckets of S3. */
export type PlaceService = PlaceName['service'];

/** How a place is called within its account and region. `prefix`: of the keys, without a slash at either end; may be empty. */
export type PlaceName = { service: 'glacier'; name: string } | { service: 's3'; name: string; prefix: string };

/**
 * Where archives go: a vault, or the part of a bucket below a prefix. What can be done with it is defined by its ports, never
 * by its service. One and the same as long as account, service, region, name and prefix are.
 */
export type Place = PlaceName & {
  id: PlaceId;
  accountId: AccountId;
  /** The 12 digits of the AWS account; null until an answer has told them. Never others afterwards. */
  accountNumber: string | null;
  region: string;
  /** What new archives get where the upload does not say; null where a place has but one. */
  storageClass: StorageClass | null;
};

/** As people and scripts write it: `vault:NAME` or `s3://BUCKET/PREFIX`. */
export function writePlace(place: PlaceName): string {
  switch (place.service) {
    case 'glacier':
      return `vault:${place.name}`;
    case 's3':
      return place.prefix === '' ? `s3://${place.name}` : `s3://${place.name}/${place.prefix}`;
  }
}

/** Reads what `writePlace` writes. A failure is a sentence. */
export function readPlace(text: string): Result<PlaceName, string> {
  const [, service, rest = ''] = /^(vault:|s3:\/\/)(.*)$/s.exec(text) ?? [];
  switch (service) {
    case 'vault:':
      return isVaultName(rest)
        ? ok({ service: 'glacier', name: rest })
        : fail(`"${rest}" cannot name a vault: 1 to 255 of a-z A-Z 0-9 _ . - are allowed.`);
    case 's3://':
      return readBucket(rest);
    default:
      return fail(`"${text}" is no place that Firn knows. Write it like vault:NAME or s3://BUCKET/PREFIX.`);
  }
}

/** How lists of an account's places call it: a vault by its name, a bucket as it is written. */
export function calledOf(place: PlaceName): string {
  return place.service === 'glacier' ? place.name : writePlace(place);
}

/** Whose call that is. No name of a vault has a colon. */
export function nameCalled(called: string): PlaceName {
  const place = called.includes(':') ? readPlace(called) : null;
  return place?.ok ? place.value : { service: 'glacier', name: called };
}

function readBucket(text: string): Result<PlaceName, string> {
  const slash = text.indexOf('/');
  const name = slash === -1 ? text : text.slice(0, slash);
  const prefix = slash === -1 ? '' : text.slice(slash + 1).replace(/\/$/, '');
  const problem = bucketNameProblem(name) ?? prefixProblem(prefix);
  return problem === null ? ok({ service: 's3', name, prefix }) : fail(problem);
}

/** S3's rules for names of buckets (user guide, "General purpose bucket naming rules"). A sentence; null when it can be one. */
export function bucketNameProblem(name: string): string | null {
  const looksRight = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..');
  const isAddress = /^\d+\.\d+\.\d+\.\d+$/.test(name);
  if (looksRight && !isAddress) return null;
  return `"${name}" cannot name a bucket: 3 to 63 of a-z 0-9 . - are allowed, with a letter or digit at both ends, and no IP address.`;
}

/** Keys with empty or dotted segments are not reached by every tool. */
function prefixProblem(prefix: string): string | null {
  if (prefix === '') return null;
  const isOdd = prefix
    .split('/')
    .some((segment) => ['', '.', '..'].includes(segment) || /[\u0000-\u001f\u007f]/.test(segment));
  return isOdd ? `"${prefix}" cannot be a prefix: each segment between slashes needs a name.` : null;
}

import type { StorageClass } from '../../../shared/place.ts';

/** A place in a bucket. `accountNumber`: asked anew each time, since it may be learned later; null while it is unknown. */
export type BucketPlace = {
  bucket: string;
  /** Of the keys, without a slash at either end; may be empty. */
  prefix: string;
  /** What new archives get where the upload does not say; null for the bucket's own. */
  storageClass: StorageClass | null;
  accountNumber: () => string | null;
};

/** The path under which the service has an object. */
export function locationOf({ bucket, accountNumber }: BucketPlace, key: string): string {
  return `/${accountNumber() ?? '-'}/${bucket}/${key}`;
}

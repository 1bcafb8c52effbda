import type { Checksum, ChecksumAlgorithm, ChecksumType } from '../checksums/algorithms.ts';

/** What is set for a bucket. Documents are kept as they were sent, checked. */
export type BucketSettings = {
  /** `off` until it was once enabled. */
  versioning: 'off' | 'Enabled' | 'Suspended';
  objectLock: { defaultRule: LockRule | null } | null;
  lifecycle: LifecycleRule[] | null;
  publicAccessBlock: Record<PublicAccessFlag, boolean> | null;
  ownership: Ownership | null;
  bucketKey: boolean;
};

export const ownerships = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'] as const;
export type Ownership = (typeof ownerships)[number];

export const publicAccessFlags = [
  'BlockPublicAcls',
  'IgnorePublicAcls',
  'BlockPublicPolicy',
  'RestrictPublicBuckets',
] as const;
export type PublicAccessFlag = (typeof publicAccessFlags)[number];

export type LockMode = 'GOVERNANCE' | 'COMPLIANCE';
/** How long a new object is kept from being deleted. */
export type LockRule = { mode: LockMode; unit: 'Days' | 'Years'; count: number };

export type LifecycleRule = {
  id: string;
  isEnabled: boolean;
  prefix: string;
  /** After how many days an incomplete upload is aborted; null when the rule is about something else. */
  abortDays: number | null;
  /** The rule as it was sent. */
  xml: string;
};

/** What is said of an object when it is made, or when its upload begins. */
export type ObjectHead = {
  storageClass: StorageClass;
  /** Content-Type and its like, names in lower case. */
  headers: Record<string, string>;
  /** Without `x-amz-meta-`, names in lower case. */
  metadata: Record<string, string>;
  tags: Record<string, string>;
  retention: Retention | null;
  legalHold: boolean;
};

export type Retention = { mode: LockMode; until: number };

export const storageClasses = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
] as const;
export type StorageClass = (typeof storageClasses)[number];

export const tiers = ['Bulk', 'Standard', 'Expedited'] as const;
/** From the slowest to the fastest. */
export type Tier = (typeof tiers)[number];

/** A temporary copy of an archived object. */
export type Restore = { tier: Tier; days: number; readyAt: number; expiresAt: number };

export type ObjectRecord = ObjectHead & {
  size: number;
  /** Without quotes. */
  etag: string;
  checksum: Checksum;
  /** Of parts; null when the object came in a single request. */
  partCount: number | null;
  restore: Restore | null;
};

/** A multipart upload's way of checking; null when it was begun without naming an algorithm. */
export type UploadChecksum = { algorithm: ChecksumAlgorithm; type: ChecksumType };
export type UploadDraft = ObjectHead & { checksum: UploadChecksum | null };

export type Version = { id: number; key: string; versionId: string; isCurrent: boolean; createdAt: number } & (
  { kind: 'object'; object: ObjectRecord } | { kind: 'delete-marker' }
);
export type StoredObject = Extract<Version, { kind: 'object' }>;

export type Upload = {
  id: number;
  uploadId: string;
  key: string;
  createdAt: number;
  keyChanged: boolean;
  draft: UploadDraft;
};

/** `checksum` in Base64, of the upload's algorithm, or of the default one. `md5` in hexadecimal. */
export type Part = { number: number; file: string; size: number; createdAt: number; md5: string; checksum: string };

/** The version that objects have that came while versions were not kept. */
export const NULL_VERSION = 'null';

import type { Result } from '../../../shared/result.ts';
import type { ByteRange } from '../../../shared/part-plan.ts';
import type { Vault } from '../../../shared/vault.ts';
import type { InventoryArchive, OpenMultipartUpload, RemotePart } from '../../../main/core/ports.ts';
import type { Job, JobFilter, RetrievalPolicy } from '../../../main/places/ports/archive-service.ts';
import type { Tier } from '../../../shared/tier.ts';
import type { PracticeCredentials } from '../../../main/practice/server.ts';

/** Where a service is, and as whom and at what time it is asked. */
export type Place = { url: string; now: () => number; credentials: PracticeCredentials };

/** What a refusal comes to, in words that fit every client. */
export type Why =
  | 'vault-missing'
  | 'not-found'
  | 'invalid'
  | 'limit-exceeded'
  | 'policy-enforced'
  | 'access-denied'
  | 'credentials-rejected'
  | 'credentials-expired'
  | 'clock-wrong'
  | 'closed-account'
  | 'other';

/** `message`: the service's own; empty where a client keeps none. */
export type Refused = { why: Why; message: string };
export type Seen<T> = Promise<Result<T, Refused>>;

export type Upload = { vault: string; uploadId: string };
export type Plain<T> = { [K in keyof T]: T[K] extends string ? string : T[K] };

export type ArchiveWanted = {
  archiveId: string;
  tier: Tier;
  range?: ByteRange;
  description?: string;
  snsTopic?: string;
};
export type InventoryWanted = {
  format: 'JSON' | 'CSV';
  from?: number;
  until?: number;
  limit?: number;
  marker?: string;
};
/** `treeHash`: as the service told it; null when it told none. */
export type Output = { bytes: Buffer; treeHash: string | null; contentType: string; description: string };

/**
 * A Glacier service as a client sees it, in one form for all clients: lists whole, times in milliseconds since 1970, null
 * for what is not set.
 */
export interface GlacierPort {
  createVault(vault: string): Seen<null>;
  describeVault(vault: string): Seen<Vault>;
  listVaults(): Seen<Vault[]>;
  deleteVault(vault: string): Seen<null>;

  initiate(vault: string, partSize: number, description: string): Seen<string>;
  /** `first`: of the archive's bytes. The tree hash that the service confirms. */
  uploadPart(upload: Upload, first: number, bytes: Buffer): Seen<string>;
  listParts(upload: Upload): Seen<{ partSize: number; parts: Plain<RemotePart>[] }>;
  listUploads(vault: string): Seen<Plain<OpenMultipartUpload>[]>;
  /** The archive ID. */
  complete(upload: Upload, size: number, treeHash: string): Seen<string>;
  abort(upload: Upload): Seen<null>;

  uploadArchive(vault: string, description: string, bytes: Buffer): Seen<{ archiveId: string; treeHash: string }>;
  deleteArchive(vault: string, archiveId: string): Seen<null>;

  /** These two return the ID of the job. */
  requestArchive(vault: string, wanted: ArchiveWanted): Seen<string>;
  requestInventory(vault: string, wanted: InventoryWanted): Seen<string>;
  describeJob(vault: string, jobId: string): Seen<Job>;
  listJobs(vault: string, filter: JobFilter): Seen<Job[]>;
  output(vault: string, jobId: string, range?: ByteRange): Seen<Output>;
  inventory(vault: string, jobId: string): Seen<{ inventoryAt: number; archives: Plain<InventoryArchive>[] }>;

  getRetrievalPolicy(): Seen<RetrievalPolicy>;
  setRetrievalPolicy(policy: RetrievalPolicy): Seen<null>;
}

/** Where a vault tells that its jobs have ended. */
export type Notifications = {
  snsTopic: string;
  events: ('ArchiveRetrievalCompleted' | 'InventoryRetrievalCompleted')[];
};

/** `expiresAt`: when a lock in progress vanishes; null once it is complete. */
export type VaultLock = {
  policy: string;
  state: 'InProgress' | 'Locked';
  createdAt: number;
  expiresAt: number | null;
};

/** A month of Expedited retrievals that are always served. */
export type ProvisionedCapacity = { capacityId: string; startsAt: number; expiresAt: number };

/** With what Firn itself never asks for. */
export interface WholeGlacierPort extends GlacierPort {
  listTags(vault: string): Seen<Record<string, string>>;
  addTags(vault: string, tags: Record<string, string>): Seen<null>;
  removeTags(vault: string, keys: string[]): Seen<null>;
  getNotifications(vault: string): Seen<Notifications | null>;
  setNotifications(vault: string, notifications: Notifications | null): Seen<null>;
  getAccessPolicy(vault: string): Seen<string | null>;
  setAccessPolicy(vault: string, policy: string | null): Seen<null>;
  getVaultLock(vault: string): Seen<VaultLock | null>;
  /** The lock ID. */
  initiateVaultLock(vault: string, policy: string): Seen<string>;
  completeVaultLock(vault: string, lockId: string): Seen<null>;
  abortVaultLock(vault: string): Seen<null>;

  listCapacity(): Seen<ProvisionedCapacity[]>;
  /** The capacity ID. */
  purchaseCapacity(): Seen<string>;
}

import type {
  DescribeVaultOutput,
  GetDataRetrievalPolicyCommandOutput,
  GetJobOutputCommandOutput,
  GetVaultLockCommandOutput,
  GetVaultNotificationsCommandOutput,
  GlacierJobDescription,
  JobParameters,
  ListProvisionedCapacityCommandOutput,
  PartListElement,
  UploadListElement,
  DataRetrievalRule,
} from '@aws-sdk/client-glacier';
import type { Vault } from '../../../shared/vault.ts';
import type { InventoryArchive, OpenMultipartUpload, RemotePart } from '../../../main/core/ports.ts';
import type { Job, RetrievalPolicy } from '../../../main/places/ports/archive-service.ts';
import type {
  ArchiveWanted,
  InventoryWanted,
  Notifications,
  Output,
  Plain,
  ProvisionedCapacity,
  VaultLock,
} from './port.ts';

// The answers of Amazon's client in the form of the port, read without any of Firn's schemas.

/** What the service always gives. */
export function given<T>(value: T | null | undefined): T {
  if (value === undefined || value === null || value === '') throw new Error('The service left something out');
  return value;
}

export function vault(it: DescribeVaultOutput): Vault {
  return {
    name: given(it.VaultName),
    arn: given(it.VaultARN),
    createdAt: timeOf(it.CreationDate),
    inventoryAt: it.LastInventoryDate ? timeOf(it.LastInventoryDate) : null,
    archives: given(it.NumberOfArchives),
    size: given(it.SizeInBytes),
  };
}

export function part(it: PartListElement): Plain<RemotePart> {
  return { ...rangeOf(given(it.RangeInBytes)), treeHash: given(it.SHA256TreeHash) };
}

export function upload(it: UploadListElement): Plain<OpenMultipartUpload> {
  return {
    multipartUploadId: given(it.MultipartUploadId),
    description: it.ArchiveDescription ?? '',
    partSize: given(it.PartSizeInBytes),
    createdAt: timeOf(it.CreationDate),
  };
}

export function archiveRequest({ archiveId, tier, range, description, snsTopic }: ArchiveWanted): JobParameters {
  return {
    Type: 'archive-retrieval',
    ArchiveId: archiveId,
    Tier: tier,
    ...(range && { RetrievalByteRange: `${range.first}-${range.last}` }),
    ...(description && { Description: description }),
    ...(snsTopic && { SNSTopic: snsTopic }),
  };
}

export function inventoryRequest({ format, from, until, limit, marker }: InventoryWanted): JobParameters {
  const seconds = (ms: number): string => new Date(ms).toISOString().replace(/\.\d{3}/, '');
  return {
    Type: 'inventory-retrieval',
    Format: format,
    InventoryRetrievalParameters: {
      ...(from !== undefined && { StartDate: seconds(from) }),
      ...(until !== undefined && { EndDate: seconds(until) }),
      ...(limit !== undefined && { Limit: String(limit) }),
      ...(marker !== undefined && { Marker: marker }),
    },
  };
}

const statuses = { InProgress: 'in-progress', Succeeded: 'succeeded', Failed: 'failed' } as const;

export function job(it: GlacierJobDescription): Job {
  return {
    jobId: given(it.JobId),
    description: it.JobDescription ?? '',
    createdAt: timeOf(it.CreationDate),
    completedAt: it.CompletionDate ? timeOf(it.CompletionDate) : null,
    status: statuses[given(it.StatusCode)],
    message: it.StatusMessage ?? '',
    snsTopic: it.SNSTopic ?? null,
    purpose: purposeOf(it),
  };
}

function purposeOf(it: GlacierJobDescription): Job['purpose'] {
  if (it.Action === 'InventoryRetrieval') {
    const parameters = it.InventoryRetrievalParameters;
    return {
      kind: 'inventory',
      format: given(parameters?.Format),
      size: it.InventorySizeInBytes ?? null,
      isWhole: !parameters?.StartDate && !parameters?.EndDate && !parameters?.Limit && !parameters?.Marker,
      marker: parameters?.Marker ?? null,
    };
  }
  return {
    kind: 'archive',
    archiveId: given(it.ArchiveId),
    archiveSize: given(it.ArchiveSizeInBytes),
    archiveTreeHash: given(it.ArchiveSHA256TreeHash),
    range: rangeOf(given(it.RetrievalByteRange)),
    treeHash: it.SHA256TreeHash ?? null,
    tier: given(it.Tier),
  } as Job['purpose'];
}

export async function output(it: GetJobOutputCommandOutput): Promise<Output> {
  return {
    bytes: Buffer.from(await given(it.body).transformToByteArray()),
    treeHash: it.checksum ?? null,
    contentType: it.contentType ?? '',
    description: it.archiveDescription ?? '',
  };
}

type JsonArchive = Record<'ArchiveId' | 'ArchiveDescription' | 'CreationDate' | 'SHA256TreeHash', string> & {
  Size: number;
};

export function inventory(bytes: Buffer): { inventoryAt: number; archives: Plain<InventoryArchive>[] } {
  const json = JSON.parse(bytes.toString()) as { InventoryDate: string; ArchiveList: JsonArchive[] };
  return { inventoryAt: timeOf(json.InventoryDate), archives: json.ArchiveList.map(archiveOf) };
}

/** Good for descriptions without backslashes, of which Amazon's CSV makes a riddle. */
export function csvInventory(bytes: Buffer): Plain<InventoryArchive>[] {
  const [, ...lines] = bytes.toString().trimEnd().split('\n');
  return lines.map((line) => {
    const fields = [...line.matchAll(/(?:^|,)(?:"((?:[^"\\]|\\")*)"|([^,]*))/g)];
    const [id = '', description = '', created = '', size = '', treeHash = ''] = fields.map(
      ([, quoted, bare]) => quoted?.replaceAll('\\"', '"') ?? bare ?? '',
    );
    return { archiveId: id, description, createdAt: timeOf(created), size: Number(size), treeHash };
  });
}

function archiveOf(it: JsonArchive): Plain<InventoryArchive> {
  return {
    archiveId: it.ArchiveId,
    description: it.ArchiveDescription,
    createdAt: timeOf(it.CreationDate),
    size: it.Size,
    treeHash: it.SHA256TreeHash,
  };
}

export function notifications({ vaultNotificationConfig: it }: GetVaultNotificationsCommandOutput): Notifications {
  return { snsTopic: given(it?.SNSTopic), events: given(it?.Events) as Notifications['events'][number][] };
}

export function vaultLock(it: GetVaultLockCommandOutput): VaultLock {
  return {
    policy: given(it.Policy),
    state: given(it.State) as VaultLock['state'],
    createdAt: timeOf(it.CreationDate),
    expiresAt: it.ExpirationDate ? timeOf(it.ExpirationDate) : null,
  };
}

export function retrievalPolicy({ Policy }: GetDataRetrievalPolicyCommandOutput): RetrievalPolicy {
  const rule = given(Policy?.Rules?.[0]);
  return rule.Strategy === 'BytesPerHour'
    ? { strategy: rule.Strategy, bytesPerHour: given(rule.BytesPerHour) }
    : { strategy: rule.Strategy as 'FreeTier' | 'None' };
}

export function retrievalRule(policy: RetrievalPolicy): DataRetrievalRule {
  const limit = policy.strategy === 'BytesPerHour' ? { BytesPerHour: policy.bytesPerHour } : {};
  return { Strategy: policy.strategy, ...limit };
}

export function capacity({ ProvisionedCapacityList }: ListProvisionedCapacityCommandOutput): ProvisionedCapacity[] {
  return (ProvisionedCapacityList ?? []).map((unit) => ({
    capacityId: given(unit.CapacityId),
    startsAt: timeOf(unit.StartDate),
    expiresAt: timeOf(unit.ExpirationDate),
  }));
}

function timeOf(text: string | undefined): number {
  const ms = Date.parse(given(text));
  if (Number.isNaN(ms)) throw new Error(`"${text ?? ''}" is no time`);
  return ms;
}

function rangeOf(text: string): { first: number; last: number } {
  const [first = 0, last = 0] = text.split('-').map(Number);
  return { first, last };
}

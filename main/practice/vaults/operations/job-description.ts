import { isoTime } from '../../exchange/time.ts';
import type { JobOutcome } from '../store/jobs.ts';
import type { JobRecord } from '../store/records.ts';

/** A job as DescribeJob and ListJobs show it: every key is there, null where it does not apply. */
export function describeJob(record: JobRecord, outcome: JobOutcome, vaultArn: string): Record<string, unknown> {
  return {
    Action: record.work.kind === 'archive' ? 'ArchiveRetrieval' : 'InventoryRetrieval',
    ...archiveKeys(record),
    Completed: outcome.status !== 'InProgress',
    CompletionDate: isoTime(outcome.completedAt),
    CreationDate: isoTime(record.createdAt),
    ...inventoryKeys(record, outcome),
    JobDescription: record.description,
    JobId: record.jobId,
    JobOutputPath: null,
    OutputLocation: null,
    SelectParameters: null,
    SNSTopic: record.snsTopic,
    StatusCode: outcome.status,
    StatusMessage: outcome.message,
    VaultARN: vaultArn,
  };
}

function archiveKeys({ work }: JobRecord): Record<string, unknown> {
  const archive = work.kind === 'archive' ? work : null;
  return {
    ArchiveId: archive?.archiveId ?? null,
    ArchiveSHA256TreeHash: archive?.archiveTreeHash ?? null,
    ArchiveSizeInBytes: archive?.archiveSize ?? null,
    RetrievalByteRange: archive ? `${archive.range.first}-${archive.range.last}` : null,
    SHA256TreeHash: archive?.rangeTreeHash ?? null,
    Tier: archive?.tier ?? null,
  };
}

/** Where the next page starts and how long the output is are known once the job has succeeded. */
function inventoryKeys({ work }: JobRecord, { status }: JobOutcome): Record<string, unknown> {
  if (work.kind !== 'inventory') return { InventoryRetrievalParameters: null, InventorySizeInBytes: null };
  const done = status === 'Succeeded';
  return {
    InventoryRetrievalParameters: {
      EndDate: work.endDate,
      Format: work.format,
      Limit: work.limit,
      Marker: done ? work.nextMarker : work.marker,
      StartDate: work.startDate,
    },
    InventorySizeInBytes: done ? work.size : null,
  };
}

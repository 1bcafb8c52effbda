import type { AccountId } from '../../shared/account.ts';
import { assertNever } from '../../shared/assert.ts';
import type { OnExisting, RetrievalId, RetrievalPhase, RetrievalProgress, Tier } from '../../shared/retrieval.ts';
import type { ArchiveId, TreeHash } from '../../shared/upload.ts';
import type { Retrieval } from '../core/retrieval/ports.ts';
import { type HoldColumns, holdColumns, present, toHold } from './hold-columns.ts';

/** The progress columns of `retrieval`; the CHECKs in 004-retrievals.ts guarantee which are null together. */
export type RetrievalColumns = HoldColumns & {
  phase: RetrievalPhase['kind'];
  asked_at: number | null;
  job_id: string | null;
  requested_at: number | null;
  output_ends_at: number | null;
  output_tree_hash: TreeHash | null;
  target_path: string | null;
};

export type RetrievalRow = RetrievalColumns & {
  id: RetrievalId;
  account_id: AccountId;
  region: string;
  vault: string;
  position: number;
  added_at: number;
  archive_id: ArchiveId;
  archive_size: number;
  archive_tree_hash: TreeHash;
  path: string | null;
  modified_ns: string | null;
  first: number;
  last: number;
  range_size: number;
  tier: Tier;
  folder: string;
  folder_id: string;
  relative_path: string;
  on_existing: OnExisting;
  partial_path: string | null;
  partial_file_id: string | null;
  partial_modified_ns: string | null;
  received_bytes: number;
};

const nothing = {
  asked_at: null,
  job_id: null,
  requested_at: null,
  output_ends_at: null,
  output_tree_hash: null,
  target_path: null,
};

export function toRetrievalColumns({ phase, hold }: RetrievalProgress): RetrievalColumns {
  return { ...nothing, ...phaseColumns(phase), ...holdColumns(hold) };
}

function phaseColumns(
  phase: RetrievalPhase,
): Pick<RetrievalColumns, 'phase'> & { [K in keyof RetrievalColumns]?: RetrievalColumns[K] } {
  switch (phase.kind) {
    case 'queued':
      return { phase: 'queued', asked_at: phase.askedAt };
    case 'requested':
      return { phase: 'requested', job_id: phase.jobId, requested_at: phase.requestedAt };
    case 'downloading': {
      const { jobId, outputEndsAt, treeHash } = phase;
      return { phase: 'downloading', job_id: jobId, output_ends_at: outputEndsAt, output_tree_hash: treeHash };
    }
    case 'finishing':
    case 'retrieved':
      return { phase: phase.kind, target_path: phase.path };
    case 'cancelled':
      return { phase: 'cancelled' };
    default:
      return assertNever(phase);
  }
}

export function toRetrievalProgress(row: RetrievalColumns): RetrievalProgress {
  return { phase: toPhase(row), hold: toHold(row) };
}

function toPhase(row: RetrievalColumns): RetrievalPhase {
  switch (row.phase) {
    case 'queued':
      return { kind: 'queued', askedAt: row.asked_at };
    case 'requested':
      return { kind: 'requested', jobId: present(row.job_id), requestedAt: present(row.requested_at) };
    case 'downloading': {
      const [jobId, outputEndsAt] = [present(row.job_id), present(row.output_ends_at)];
      return { kind: 'downloading', jobId, outputEndsAt, treeHash: row.output_tree_hash };
    }
    case 'finishing':
      return { kind: 'finishing', path: row.target_path };
    case 'retrieved':
      return { kind: 'retrieved', path: present(row.target_path) };
    case 'cancelled':
      return { kind: 'cancelled' };
    default:
      return assertNever(row.phase);
  }
}

export function toRetrieval(row: RetrievalRow): Retrieval {
  const { first, last, partial_path, partial_file_id, partial_modified_ns } = row;
  return {
    ...toRetrievalProgress(row),
    id: row.id,
    accountId: row.account_id,
    region: row.region,
    vault: row.vault,
    archiveId: row.archive_id,
    archiveSize: row.archive_size,
    treeHash: row.archive_tree_hash,
    path: row.path,
    modifiedNs: row.modified_ns,
    range: { first, last },
    size: last - first + 1,
    rangeSize: row.range_size,
    tier: row.tier,
    folder: row.folder,
    folderId: row.folder_id,
    relativePath: row.relative_path,
    onExisting: row.on_existing,
    position: row.position,
    addedAt: row.added_at,
    receivedBytes: row.received_bytes,
    partial:
      partial_path === null
        ? null
        : { path: partial_path, fileId: present(partial_file_id), modifiedNs: partial_modified_ns },
  };
}

import type { AccountId } from '../../shared/account.ts';
import { assertNever } from '../../shared/assert.ts';
import type {
  Asked,
  OnExisting,
  RetrievalId,
  RetrievalJob,
  RetrievalPhase,
  RetrievalProgress,
} from '../../shared/retrieval.ts';
import type { Tier } from '../../shared/tier.ts';
import type { ArchiveId, TreeHash } from '../../shared/upload.ts';
import type { Partial, Retrieval } from '../retrievals/ports.ts';
import { type HoldColumns, holdColumns, present, toHold } from './hold-columns.ts';

/** The progress columns of `retrieval`; the CHECKs of the schema guarantee which are null together. */
export type RetrievalColumns = HoldColumns & {
  phase: RetrievalPhase['kind'];
  asked_at: number | null;
  asked_first: number | null;
  asked_last: number | null;
  requested_at: number | null;
  output_ends_at: number | null;
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
  folder_mark: string;
  relative_path: string;
  on_existing: OnExisting;
  partial_path: string | null;
  partial_file_id: string | null;
  partial_modified_ns: string | null;
  partial_is_sparse: number | null;
  received_bytes: number;
};

const nothing = {
  asked_at: null,
  asked_first: null,
  asked_last: null,
  requested_at: null,
  output_ends_at: null,
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
      return { phase: 'queued', ...askedColumns(phase.asked) };
    case 'requested':
      return { phase: 'requested', requested_at: phase.requestedAt };
    case 'downloading':
      return { phase: 'downloading', output_ends_at: phase.outputEndsAt };
    case 'finishing':
    case 'retrieved':
      return { phase: phase.kind, target_path: phase.path };
    case 'cancelled':
      return { phase: 'cancelled' };
    default:
      return assertNever(phase);
  }
}

function askedColumns(asked: Asked | null): Pick<RetrievalColumns, 'asked_at' | 'asked_first' | 'asked_last'> {
  return { asked_at: asked?.at ?? null, asked_first: asked?.first ?? null, asked_last: asked?.last ?? null };
}

export function toRetrievalProgress(row: RetrievalColumns): RetrievalProgress {
  return { phase: toPhase(row), hold: toHold(row) };
}

function toPhase(row: RetrievalColumns): RetrievalPhase {
  switch (row.phase) {
    case 'queued':
      return { kind: 'queued', asked: toAsked(row) };
    case 'requested':
      return { kind: 'requested', requestedAt: present(row.requested_at) };
    case 'downloading':
      return { kind: 'downloading', outputEndsAt: present(row.output_ends_at) };
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

function toAsked({ asked_at, asked_first, asked_last }: RetrievalColumns): Asked | null {
  return asked_at === null ? null : { first: present(asked_first), last: present(asked_last), at: asked_at };
}

/** A row of `retrieval_job`; the CHECKs guarantee that an output that is not there has no tree hash. */
export type JobRow = {
  job_id: string;
  first: number;
  last: number;
  requested_at: number;
  output_ends_at: number | null;
  output_tree_hash: TreeHash | null;
  has_ended: number;
};

export function toJob({
  job_id,
  requested_at,
  output_ends_at,
  output_tree_hash,
  has_ended,
  ...range
}: JobRow): RetrievalJob {
  const output = output_ends_at === null ? null : { endsAt: output_ends_at, treeHash: output_tree_hash };
  return { ...range, jobId: job_id, requestedAt: requested_at, output, hasEnded: has_ended === 1 };
}

export function toRetrieval(row: RetrievalRow): Retrieval {
  const { first, last } = row;
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
    folderMark: row.folder_mark,
    relativePath: row.relative_path,
    onExisting: row.on_existing,
    position: row.position,
    addedAt: row.added_at,
    receivedBytes: row.received_bytes,
    partial: toPartial(row),
  };
}

function toPartial(row: RetrievalRow): Partial | null {
  if (row.partial_path === null) return null;
  const [fileId, modifiedNs] = [present(row.partial_file_id), row.partial_modified_ns];
  return { path: row.partial_path, fileId, modifiedNs, isSparse: row.partial_is_sparse === 1 };
}

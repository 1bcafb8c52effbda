import type { AccountId } from '../../shared/account.ts';
import { assertNever } from '../../shared/assert.ts';
import {
  type ArchiveId,
  MULTIPART_IDLE_LIMIT_MS,
  type MultipartUploadId,
  type Phase,
  type Progress,
  type TreeHash,
  type UploadId,
} from '../../shared/upload.ts';
import type { Upload } from '../core/store-ports.ts';
import { type HoldColumns, holdColumns, present, toHold } from './hold-columns.ts';

/** The progress columns of `upload`; the CHECKs in 001-first.ts guarantee which are null together. */
export type ProgressColumns = HoldColumns & {
  phase: Phase['kind'];
  initiate_asked_at: number | null;
  multipart_upload_id: MultipartUploadId | null;
  tree_hash: TreeHash | null;
  completion_asked_at: number | null;
  unconfirmed_since: number | null;
  archive_id: ArchiveId | null;
};

export type UploadRow = ProgressColumns & {
  id: UploadId;
  account_id: AccountId;
  vault: string;
  path: string;
  description: string;
  part_size: number;
  position: number;
  added_at: number;
  size: number;
  modified_ns: string;
  file_id: string;
  uploaded_bytes: number;
  active_at: number | null;
};

const nothing = {
  initiate_asked_at: null,
  multipart_upload_id: null,
  tree_hash: null,
  completion_asked_at: null,
  unconfirmed_since: null,
  archive_id: null,
};

export function toColumns({ phase, hold }: Progress): ProgressColumns {
  return { ...nothing, ...phaseColumns(phase), ...holdColumns(hold) };
}

function phaseColumns(phase: Phase): Partial<ProgressColumns> & Pick<ProgressColumns, 'phase'> {
  return {
    phase: phase.kind,
    ...('initiateAskedAt' in phase && { initiate_asked_at: phase.initiateAskedAt }),
    ...('multipartUploadId' in phase && { multipart_upload_id: phase.multipartUploadId }),
    ...('treeHash' in phase && { tree_hash: phase.treeHash }),
    ...('askedAt' in phase && { completion_asked_at: phase.askedAt }),
    ...('since' in phase && { unconfirmed_since: phase.since }),
    ...('archiveId' in phase && { archive_id: phase.archiveId }),
  };
}

export function toProgress(row: ProgressColumns): Progress {
  return { phase: toPhase(row), hold: toHold(row) };
}

function toPhase(row: ProgressColumns): Phase {
  switch (row.phase) {
    case 'queued':
      return { kind: 'queued', initiateAskedAt: row.initiate_asked_at };
    case 'cancelled':
      return { kind: 'cancelled' };
    case 'uploading':
    case 'aborting':
      return { kind: row.phase, multipartUploadId: present(row.multipart_upload_id) };
    case 'completing':
      return {
        kind: 'completing',
        multipartUploadId: present(row.multipart_upload_id),
        treeHash: present(row.tree_hash),
        askedAt: present(row.completion_asked_at),
      };
    case 'unconfirmed':
      return {
        kind: 'unconfirmed',
        treeHash: present(row.tree_hash),
        askedAt: present(row.completion_asked_at),
        since: present(row.unconfirmed_since),
      };
    case 'stored':
      return { kind: 'stored', archiveId: present(row.archive_id), treeHash: present(row.tree_hash) };
    default:
      return assertNever(row.phase);
  }
}

export function toUpload(row: UploadRow): Upload {
  return {
    ...toProgress(row),
    id: row.id,
    accountId: row.account_id,
    vault: row.vault,
    path: row.path,
    size: row.size,
    partSize: row.part_size,
    uploadedBytes: row.uploaded_bytes,
    position: row.position,
    addedAt: row.added_at,
    expiresAt: row.phase === 'uploading' && row.active_at !== null ? row.active_at + MULTIPART_IDLE_LIMIT_MS : null,
    description: row.description,
    identity: { size: row.size, modifiedNs: row.modified_ns, fileId: row.file_id },
  };
}

import { assertNever } from '../../shared/assert.ts';
import {
  MULTIPART_IDLE_LIMIT_MS,
  type Phase,
  type UploadProgressEvent,
  cancelledPhase,
  phaseAfter,
} from '../../shared/upload.ts';
import { waitKey } from '../../shared/wait.ts';
import { MiB } from '../../shared/units.ts';
import type { TaskKind } from '../engine/task-kind.ts';

/** What an upload alone knows. Sizes in bytes, times in milliseconds since 1970. */
export type UploadState = {
  path: string;
  /** By what the path is looked for: shared/path-key.ts. */
  pathKey: string;
  /** The drive that the file is on; empty when nobody can say. */
  drive: string;
  description: string;
  partSize: number;
  /** What the file was when it was added, or turned out to be the same as. `modifiedNs` does not fit a double. */
  size: number;
  modifiedNs: string;
  fileId: string;
  /** The last sign of life that keeps Glacier from removing the multipart upload. */
  activeAt: number | null;
  phase: Phase;
};

/** `small` have places beside the others, so that they need not wait for huge ones to end. `aborting` sends nothing and is never paused. */
export const UPLOAD_LANES = { large: 'upload', small: 'upload-small', aborting: 'upload-aborting' } as const;

const SMALL_FILE = 64 * MiB;
/** A begun upload that others have kept from its place for so long gets one beside them, before Glacier forgets it. */
const STALE_MS = MULTIPART_IDLE_LIMIT_MS / 2;

export const uploadKind: TaskKind<UploadState, UploadProgressEvent> = {
  name: 'upload',
  columns: {
    facts: {
      path: 'path',
      pathKey: 'path_key',
      drive: 'drive',
      description: 'description',
      partSize: 'part_size',
      size: 'size',
      modifiedNs: 'modified_ns',
      fileId: 'file_id',
      activeAt: 'active_at',
    },
    phases: {
      queued: { initiateAskedAt: 'initiate_asked_at' },
      uploading: { multipartUploadId: 'multipart_upload_id' },
      completing: { multipartUploadId: 'multipart_upload_id', treeHash: 'tree_hash', askedAt: 'completion_asked_at' },
      unconfirmed: { treeHash: 'tree_hash', askedAt: 'completion_asked_at', since: 'unconfirmed_since' },
      stored: { archiveId: 'archive_id', treeHash: 'tree_hash' },
      aborting: { multipartUploadId: 'multipart_upload_id' },
      cancelled: {},
    },
  },

  transition(upload, event) {
    const phase = phaseAfter(upload.phase, event);
    return phase && { ...upload, phase, activeAt: activeAfter(upload, phase, event) };
  },

  cancel(upload, hold) {
    const phase = cancelledPhase(upload.phase, hold);
    return phase && { ...upload, phase };
  },

  mayPause: ({ phase }) => phase.kind !== 'aborting',

  lane({ phase, size }) {
    switch (phase.kind) {
      case 'queued':
      case 'uploading':
      case 'completing':
      case 'unconfirmed':
        return size <= SMALL_FILE ? UPLOAD_LANES.small : UPLOAD_LANES.large;
      case 'aborting':
        return UPLOAD_LANES.aborting;
      case 'stored':
      case 'cancelled':
        return null;
      default:
        return assertNever(phase);
    }
  },

  /** The file is needed until its last part has left. */
  waitKeys({ phase, drive }) {
    const needsFile = phase.kind === 'queued' || phase.kind === 'uploading';
    return needsFile && drive !== '' ? [waitKey('drive', drive)] : [];
  },

  urgentAt: ({ phase, activeAt }) => (phase.kind === 'uploading' && activeAt !== null ? staleAt(activeAt) : null),

  keepsPieces: ({ phase }) => phase.kind !== 'queued',
};

/** From when on a half-sent upload is urgent. */
export function staleAt(activeAt: number): number {
  return activeAt + STALE_MS;
}

function activeAfter(
  { activeAt }: UploadState,
  phase: Phase,
  event: UploadProgressEvent & { at: number },
): number | null {
  if (event.kind === 'multipart-initiated') return event.at;
  return phase.kind === 'queued' ? null : activeAt;
}

import { assertNever } from '../../shared/assert.ts';
import type { Asked, RetrievalJob, RetrievalPhase } from '../../shared/retrieval.ts';
import type { TreeHash } from '../../shared/upload.ts';
import type { NewTask, Task } from '../engine/task.ts';
import type { NewRetrieval, Partial, Retrieval } from '../retrievals/ports.ts';
import { type RetrievalState, type RetrievalStatePhase, noPartial, queued } from '../retrievals/retrieval-state.ts';
import { present } from './hold-columns.ts';

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

export function toNewTask({
  accountId,
  vault,
  range,
  ...facts
}: NewRetrieval & { targetKey: string }): NewTask<RetrievalState> {
  const totalBytes = range.last - range.first + 1;
  return { place: { accountId, vault }, totalBytes, state: { ...facts, ...range, ...noPartial, phase: queued } };
}

export function toRetrieval({ state, ...task }: Task<RetrievalState>): Retrieval {
  const { first, last, phase, partialPath, partialFileId, partialModifiedNs, partialIsSparse, targetKey, ...facts } =
    state;
  return {
    ...facts,
    ...present(task.place),
    id: task.id,
    waitKeys: task.waitKeys,
    position: task.position,
    addedAt: task.addedAt,
    hold: task.hold,
    phase: toPhase(phase),
    range: { first, last },
    size: task.totalBytes,
    receivedBytes: task.doneBytes,
    partial: toPartial(state),
  };
}

export function toPhase(phase: RetrievalStatePhase): RetrievalPhase {
  switch (phase.kind) {
    case 'queued':
      return { kind: 'queued', asked: toAsked(phase) };
    case 'requested':
    case 'downloading':
    case 'finishing':
    case 'retrieved':
    case 'cancelled':
      return phase;
    default:
      return assertNever(phase);
  }
}

function toAsked({ askedAt, askedFirst, askedLast }: Extract<RetrievalStatePhase, { kind: 'queued' }>): Asked | null {
  return askedAt === null ? null : { first: present(askedFirst), last: present(askedLast), at: askedAt };
}

function toPartial({ partialPath, partialFileId, partialModifiedNs, partialIsSparse }: RetrievalState): Partial | null {
  if (partialPath === null) return null;
  return {
    path: partialPath,
    fileId: present(partialFileId),
    modifiedNs: partialModifiedNs,
    isSparse: partialIsSparse === 1,
  };
}

export function toPartialFacts(partial: Partial | null) {
  if (partial === null) return noPartial;
  const { path, fileId, modifiedNs, isSparse } = partial;
  return {
    partialPath: path,
    partialFileId: fileId,
    partialModifiedNs: modifiedNs,
    partialIsSparse: isSparse ? 1 : 0,
  };
}

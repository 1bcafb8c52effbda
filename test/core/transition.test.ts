import { describe, expect, it } from 'vitest';
import type { Failure } from '../../shared/failure.ts';
import type { Hold } from '../../shared/hold.ts';
import {
  type ArchiveId,
  type MultipartUploadId,
  type Phase,
  type Progress,
  type TreeHash,
  type UploadEvent,
  canCancel,
} from '../../shared/upload.ts';
import { IllegalTransition, progressAfter } from '../../main/engine/progress.ts';
import type { TaskEvent } from '../../main/engine/task-kind.ts';
import { type UploadState, uploadKind } from '../../main/uploads/upload-kind.ts';

const AT = 1_000;
const facts: Omit<UploadState, 'phase'> = {
  path: '/a.raw',
  pathKey: '/a.raw',
  drive: '/',
  description: 'a.raw',
  partSize: 1,
  size: 1,
  modifiedNs: '1',
  fileId: '1:1',
  activeAt: null,
};

/** What the engine makes of an upload by what its kind says. */
function transition({ phase, hold }: Progress, event: UploadEvent): Progress {
  const before = { state: { ...facts, phase }, hold };
  const after = progressAfter(uploadKind, before, event as TaskEvent<Exclude<UploadEvent, { kind: 'cancelled' }>>);
  return { phase: after.state.phase, hold: after.hold };
}
const multipartUploadId = 'multipart-1' as MultipartUploadId;
const treeHash = 'a'.repeat(64) as TreeHash;
const archiveId = 'archive-1' as ArchiveId;
const offline: Failure = { kind: 'offline', detail: 'no way' };
const refused: Failure = { kind: 'completion-rejected', message: 'no', ranges: [] };

const phases: { [K in Phase['kind']]: Extract<Phase, { kind: K }> } = {
  queued: { kind: 'queued', initiateAskedAt: 5 },
  uploading: { kind: 'uploading', multipartUploadId },
  completing: { kind: 'completing', multipartUploadId, treeHash, askedAt: AT },
  unconfirmed: { kind: 'unconfirmed', treeHash, askedAt: AT, since: 7 },
  stored: { kind: 'stored', archiveId, treeHash },
  aborting: { kind: 'aborting', multipartUploadId },
  cancelled: { kind: 'cancelled' },
};
const phaseKinds = Object.keys(phases) as Phase['kind'][];
const openKinds = phaseKinds.filter((kind) => kind !== 'stored' && kind !== 'cancelled');

const events: { [K in UploadEvent['kind']]: Extract<UploadEvent, { kind: K }> } = {
  'initiate-asked': { kind: 'initiate-asked', at: AT },
  'strays-swept': { kind: 'strays-swept', at: AT },
  'multipart-initiated': { kind: 'multipart-initiated', multipartUploadId, at: AT },
  'parts-uploaded': { kind: 'parts-uploaded', treeHash, at: AT },
  completed: { kind: 'completed', archiveId, at: AT },
  'multipart-lost': { kind: 'multipart-lost', at: AT },
  'completion-rejected': { kind: 'completion-rejected', message: 'no', badParts: [0], at: AT },
  'found-in-inventory': { kind: 'found-in-inventory', archiveId, at: AT },
  'absent-from-inventory': { kind: 'absent-from-inventory', unreadable: 0, at: AT },
  'found-in-journal': { kind: 'found-in-journal', archiveId, treeHash, at: AT },
  aborted: { kind: 'aborted', at: AT },
  'given-up': { kind: 'given-up', at: AT },
  'attempt-failed': { kind: 'attempt-failed', failure: offline, retryAt: AT + 9, attempt: 3, at: AT },
  recovered: { kind: 'recovered', at: AT },
  rejected: { kind: 'rejected', failure: refused, at: AT },
  paused: { kind: 'paused', at: AT },
  resumed: { kind: 'resumed', at: AT },
  cancelled: { kind: 'cancelled', at: AT },
};
const eventKinds = Object.keys(events) as UploadEvent['kind'][];

const holds = {
  none: null,
  paused: { kind: 'paused' },
  backoff: { kind: 'backoff', until: 50, attempt: 2, failure: offline },
  failed: { kind: 'failed', failure: refused },
} as const satisfies Record<string, Hold | null>;
const holdNames = Object.keys(holds) as (keyof typeof holds)[];

/** The design's table: the phase that an event leads to. What is not listed is illegal. */
const next: Partial<Record<UploadEvent['kind'], Partial<Record<Phase['kind'], Phase>>>> = {
  'initiate-asked': { queued: { kind: 'queued', initiateAskedAt: AT } },
  'strays-swept': { queued: { kind: 'queued', initiateAskedAt: null } },
  'multipart-initiated': { queued: phases.uploading },
  'parts-uploaded': { uploading: phases.completing },
  completed: { completing: phases.stored },
  'multipart-lost': {
    uploading: { kind: 'queued', initiateAskedAt: null },
    completing: { kind: 'unconfirmed', treeHash, askedAt: AT, since: AT },
    aborting: phases.cancelled,
  },
  'completion-rejected': { completing: phases.uploading },
  'found-in-inventory': { unconfirmed: phases.stored },
  'absent-from-inventory': { unconfirmed: { kind: 'queued', initiateAskedAt: null } },
  'found-in-journal': Object.fromEntries(openKinds.map((kind) => [kind, phases.stored])),
  aborted: { aborting: phases.cancelled },
  'given-up': { completing: phases.cancelled, aborting: phases.cancelled },
  cancelled: { queued: phases.cancelled, uploading: phases.aborting, unconfirmed: phases.cancelled },
};

/** Events that change the hold and leave the phase, whatever it is. */
const holdAfter: Partial<Record<UploadEvent['kind'], (before: Hold | null) => Hold | null>> = {
  'attempt-failed': () => ({ kind: 'backoff', until: AT + 9, attempt: 3, failure: offline }),
  rejected: () => ({ kind: 'failed', failure: refused }),
  recovered: (before) => (before?.kind === 'backoff' ? null : before),
  paused: () => ({ kind: 'paused' }),
  resumed: () => null,
};

/** What the table says; null for an illegal transition. */
function expected({ phase, hold }: Progress, event: UploadEvent): Progress | null {
  if (phase.kind === 'stored' || phase.kind === 'cancelled') return null;
  const changeHold = holdAfter[event.kind];
  if (changeHold) return { phase, hold: changeHold(hold) };
  if (event.kind === 'cancelled' && phase.kind === 'completing') {
    return hold?.kind === 'failed' ? { phase: phases.aborting, hold: null } : null;
  }
  if (event.kind === 'cancelled' && phase.kind === 'aborting') {
    return hold?.kind === 'failed' ? { phase: phases.cancelled, hold: null } : null;
  }
  const to = next[event.kind]?.[phase.kind];
  if (!to) return null;
  return { phase: to, hold: holdIn(to, hold) };
}

/** Whatever is final or about to end waits for nothing. */
function holdIn(to: Phase, hold: Hold | null): Hold | null {
  return ['stored', 'cancelled', 'aborting'].includes(to.kind) ? null : hold;
}

const cells = phaseKinds.flatMap((phase) => eventKinds.map((event) => [phase, event] as const));

describe('an upload', () => {
  it.each(cells)('in phase %s takes the event %s as the design says, whatever its hold', (phaseKind, eventKind) => {
    for (const name of holdNames) {
      const before: Progress = { phase: phases[phaseKind], hold: holds[name] };
      const after = expected(before, events[eventKind]);
      const act = (): Progress => transition(before, events[eventKind]);
      if (after) expect(act(), name).toEqual(after);
      else expect(act, name).toThrow(IllegalTransition);
    }
  });

  it('names phase and event when they do not go together', () => {
    expect(() => transition({ phase: phases.queued, hold: null }, events.completed)).toThrow(
      'completed of upload in phase queued',
    );
  });

  it('leaves what it was given as it was', () => {
    const before = { phase: { ...phases.completing }, hold: { ...holds.backoff } };
    transition(before, events['multipart-lost']);
    expect(before).toEqual({ phase: phases.completing, hold: holds.backoff });
  });

  it.each(openKinds)('in phase %s can be cancelled exactly when the event is legal', (kind) => {
    for (const name of holdNames) {
      const progress = { phase: phases[kind], hold: holds[name] };
      expect(canCancel(progress), name).toBe(expected(progress, events.cancelled) !== null);
    }
  });

  it('that is over cannot be cancelled', () => {
    expect(canCancel({ phase: phases.stored, hold: null })).toBe(false);
    expect(canCancel({ phase: phases.cancelled, hold: null })).toBe(false);
  });

  it('whose answer to complete is open can only be cancelled once Glacier has refused it', () => {
    expect(canCancel({ phase: phases.completing, hold: null })).toBe(false);
    expect(canCancel({ phase: phases.completing, hold: holds.paused })).toBe(false);
    expect(canCancel({ phase: phases.completing, hold: holds.backoff })).toBe(false);
    expect(canCancel({ phase: phases.completing, hold: holds.failed })).toBe(true);
  });
});

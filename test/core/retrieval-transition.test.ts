import { describe, expect, it } from 'vitest';
import type { Failure } from '../../shared/failure.ts';
import type { Hold } from '../../shared/hold.ts';
import {
  type RetrievalEvent,
  type RetrievalPhase,
  type RetrievalProgress,
  isOver,
  mayHaveName,
} from '../../shared/retrieval.ts';
import type { ArchiveId, TreeHash } from '../../shared/upload.ts';
import { IllegalTransition, progressAfter } from '../../main/engine/progress.ts';
import { retrievalKind } from '../../main/retrievals/retrieval-kind.ts';
import {
  type RetrievalState,
  type RetrievalStatePhase,
  holdAfterStep,
  noPartial,
} from '../../main/retrievals/retrieval-state.ts';
import { isHoldEvent } from '../../shared/hold.ts';
import { toPhase } from '../../main/store/retrieval-rows.ts';

const AT = 1_000;
const jobId = 'job-1';
const treeHash = 'a'.repeat(64) as TreeHash;
const offline: Failure = { kind: 'offline', detail: 'no way' };
const exists: Failure = { kind: 'target-exists', path: '/back/a.raw' };

/** `naming`: finishing, with the name chosen. */
type PhaseName = RetrievalPhase['kind'] | 'naming';

const phases: Record<PhaseName, RetrievalPhase> = {
  queued: { kind: 'queued', asked: { first: 0, last: 4, at: 5 } },
  requested: { kind: 'requested', requestedAt: 6 },
  downloading: { kind: 'downloading', outputEndsAt: 90 },
  finishing: { kind: 'finishing', path: null },
  naming: { kind: 'finishing', path: '/back/a.raw' },
  retrieved: { kind: 'retrieved', path: '/back/a.raw' },
  cancelled: { kind: 'cancelled' },
};
const phaseNames = Object.keys(phases) as PhaseName[];

const events: { [K in RetrievalEvent['kind']]: Extract<RetrievalEvent, { kind: K }> } = {
  asked: { kind: 'asked', tier: 'Standard', first: 5, last: 9, cost: 0.1, at: AT },
  'request-settled': { kind: 'request-settled', at: AT },
  requested: { kind: 'requested', jobId, adopted: false, first: 5, last: 9, at: AT },
  'all-asked': { kind: 'all-asked', at: AT },
  ready: {
    kind: 'ready',
    outputs: [
      { jobId: 'job-2', endsAt: 91, treeHash: null },
      { jobId, endsAt: 90, treeHash },
    ],
    at: AT,
  },
  'job-failed': { kind: 'job-failed', jobId, message: 'gone', at: AT },
  'job-lost': { kind: 'job-lost', jobId, at: AT },
  'output-gone': { kind: 'output-gone', jobIds: [jobId], at: AT },
  'outputs-fetched': { kind: 'outputs-fetched', at: AT },
  damaged: { kind: 'damaged', ranges: 'all', what: 'gone', at: AT },
  downloaded: { kind: 'downloaded', at: AT },
  'path-chosen': { kind: 'path-chosen', path: '/back/a.raw', at: AT },
  'path-taken': { kind: 'path-taken', at: AT },
  'in-place': { kind: 'in-place', at: AT },
  'existing-answered': { kind: 'existing-answered', answer: 'replace', at: AT },
  relocated: { kind: 'relocated', folder: '/other', at: AT },
  agreed: { kind: 'agreed', at: AT },
  'attempt-failed': { kind: 'attempt-failed', failure: offline, retryAt: AT + 9, attempt: 3, at: AT },
  recovered: { kind: 'recovered', at: AT },
  rejected: { kind: 'rejected', failure: exists, at: AT },
  paused: { kind: 'paused', at: AT },
  resumed: { kind: 'resumed', at: AT },
  cancelled: { kind: 'cancelled', at: AT },
};
const eventKinds = Object.keys(events) as RetrievalEvent['kind'][];

const holds = {
  none: null,
  paused: { kind: 'paused' },
  backoff: { kind: 'backoff', until: 50, attempt: 2, failure: offline },
  failed: { kind: 'failed', failure: exists },
} as const satisfies Record<string, Hold | null>;

const anew: RetrievalPhase = { kind: 'queued', asked: null };

/** The design's table: the phase that an event leads to. What is not listed is illegal. */
const next: Partial<Record<RetrievalEvent['kind'], Partial<Record<PhaseName, RetrievalPhase>>>> = {
  asked: { queued: { kind: 'queued', asked: { first: 5, last: 9, at: AT } } },
  'request-settled': { queued: anew },
  requested: { queued: anew },
  ready: { requested: phases.downloading },
  'job-failed': { requested: anew },
  'job-lost': { requested: anew },
  'output-gone': { requested: anew, downloading: anew },
  'outputs-fetched': { requested: anew, downloading: anew },
  agreed: { queued: phases.queued },
  damaged: { downloading: phases.downloading, finishing: anew, naming: anew },
  downloaded: { downloading: phases.finishing },
  'path-chosen': { finishing: phases.naming, naming: phases.naming },
  'path-taken': { finishing: phases.finishing, naming: phases.finishing },
  'in-place': { naming: phases.retrieved },
  'existing-answered': Object.fromEntries(phaseNames.map((name) => [name, phases[name]])),
  cancelled: Object.fromEntries(
    ['queued', 'requested', 'downloading', 'finishing', 'naming'].map((name) => [name, phases.cancelled]),
  ),
  relocated: {
    ...Object.fromEntries(phaseNames.map((name) => [name, phases[name]])),
    naming: phases.finishing,
  },
};

const holdAfter: Partial<Record<RetrievalEvent['kind'], (before: Hold | null) => Hold | null>> = {
  'attempt-failed': () => ({ kind: 'backoff', until: AT + 9, attempt: 3, failure: offline }),
  rejected: () => ({ kind: 'failed', failure: exists }),
  recovered: (before) => (before?.kind === 'backoff' ? null : before),
  paused: () => ({ kind: 'paused' }),
  resumed: () => null,
};

/** Events that end the hold, or put another one, with the phase. */
const holdWith: Partial<Record<RetrievalEvent['kind'], (before: Hold | null) => Hold | null>> = {
  ready: (before) => (before?.kind === 'backoff' ? null : before),
  relocated: (before) => (before?.kind === 'backoff' ? null : before),
  'job-failed': () => ({ kind: 'failed', failure: { kind: 'job-failed', message: 'gone' } }),
  'job-lost': () => ({ kind: 'failed', failure: { kind: 'job-lost' } }),
  'in-place': () => null,
  'existing-answered': (before) => (before?.kind === 'failed' ? null : before),
  cancelled: () => null,
};

/** What the table says; null for an illegal transition. */
function expected(name: PhaseName, hold: Hold | null, event: RetrievalEvent): RetrievalProgress | null {
  if (name === 'retrieved' || name === 'cancelled') return null;
  const changed = holdAfter[event.kind];
  if (changed) return { phase: phases[name], hold: changed(hold) };
  const to = next[event.kind]?.[name];
  return to ? { phase: to, hold: (holdWith[event.kind] ?? ((before) => before))(hold) } : null;
}

function stateIn(phase: RetrievalPhase): RetrievalState {
  return {
    region: 'eu-central-1',
    archiveId: 'a' as ArchiveId,
    archiveSize: 10,
    treeHash,
    path: null,
    modifiedNs: null,
    first: 0,
    last: 9,
    rangeSize: 1,
    tier: 'Standard',
    folder: '/back',
    folderId: '1:2',
    folderMark: 'mark',
    relativePath: 'a.raw',
    targetKey: '/back/a.raw',
    onExisting: 'ask',
    ...noPartial,
    phase: statePhase(phase),
  };
}

function statePhase(phase: RetrievalPhase): RetrievalStatePhase {
  if (phase.kind !== 'queued') return phase;
  const { at: askedAt = null, first: askedFirst = null, last: askedLast = null } = phase.asked ?? {};
  return { kind: 'queued', askedAt, askedFirst, askedLast, hasBegun: 0 };
}

/** As the store applies it. */
function retrievalTransition({ phase, hold }: RetrievalProgress, event: RetrievalEvent): RetrievalProgress {
  const after = progressAfter(retrievalKind, { state: stateIn(phase), hold }, event);
  const also = isHoldEvent(event) ? null : holdAfterStep(hold, event);
  const { state, hold: held } = also ? progressAfter(retrievalKind, after, { ...also, at: event.at }) : after;
  return { phase: toPhase(state.phase), hold: held };
}

const cells = phaseNames.flatMap((phase) => eventKinds.map((event) => [phase, event] as const));

describe('a retrieval', () => {
  it.each(cells)('in phase %s takes the event %s as the design says, whatever its hold', (name, eventKind) => {
    for (const hold of Object.values(holds)) {
      const before: RetrievalProgress = { phase: phases[name], hold };
      const after = expected(name, hold, events[eventKind]);
      const act = (): RetrievalProgress => retrievalTransition(before, events[eventKind]);
      if (after) expect(act(), JSON.stringify(hold)).toEqual(after);
      else expect(act, JSON.stringify(hold)).toThrow(IllegalTransition);
    }
  });

  it.each(phaseNames)('in phase %s can be cancelled unless it is over, and says when its file may be there', (name) => {
    expect(isOver(phases[name])).toBe(expected(name, null, events.cancelled) === null);
    expect(mayHaveName({ phase: phases[name] })).toBe(name === 'naming');
  });

  it('waits for its jobs when no request is without an answer', () => {
    const before: RetrievalProgress = { phase: anew, hold: null };
    const after = { phase: { kind: 'requested', requestedAt: AT }, hold: null };
    expect(retrievalTransition(before, events['all-asked'])).toEqual(after);
  });

  it('goes on after an answer about the existing file only when it stopped because of that', () => {
    const hold: Hold = { kind: 'failed', failure: { kind: 'job-lost' } };
    const before = { phase: phases.queued, hold };
    expect(retrievalTransition(before, events['existing-answered'])).toEqual(before);
  });

  it('keeps the user’s pause when its output is gone', () => {
    const before: RetrievalProgress = { phase: phases.downloading, hold: { kind: 'paused' } };
    expect(retrievalTransition(before, events['output-gone'])).toEqual({ phase: anew, hold: { kind: 'paused' } });
  });

  it('names phase and event when they do not go together', () => {
    expect(() => retrievalTransition({ phase: phases.queued, hold: null }, events['in-place'])).toThrow(
      'in-place of retrieval in phase queued',
    );
  });
});

import { describe, expect, it } from 'vitest';
import type { Hold } from '../../shared/hold.ts';
import {
  describeDeadline,
  describeRetrieval,
  describeRetrievalEvent,
  describeUsualWait,
  retrievalStanding,
} from '../../shared/retrieval-words.ts';
import type { RetrievalEvent, RetrievalPhase, RetrievalView } from '../../shared/retrieval.ts';
import { USUAL_WAIT } from '../../shared/retrieval-quote.ts';
import { HOUR, MINUTE, MiB } from '../../shared/units.ts';
import { failures } from '../support/failures.ts';
import { accountId, archiveId, treeHash } from '../support/window-samples.ts';

const NOW = Date.UTC(2026, 10, 25, 12);
const phases: { [K in RetrievalPhase['kind']]: Extract<RetrievalPhase, { kind: K }> } = {
  queued: { kind: 'queued', asked: null },
  requested: { kind: 'requested', requestedAt: NOW },
  downloading: { kind: 'downloading', outputEndsAt: NOW + 20 * HOUR },
  finishing: { kind: 'finishing', path: null },
  retrieved: { kind: 'retrieved', path: '/back/a.raw' },
  cancelled: { kind: 'cancelled' },
};

function view(changes: Partial<RetrievalView> = {}): RetrievalView {
  return {
    id: 'retrieval-1' as RetrievalView['id'],
    waitKeys: [],
    accountId,
    vault: 'photos',
    archiveId,
    path: '/photos/a.raw',
    archiveSize: 10 * MiB,
    range: { first: 0, last: 10 * MiB - 1 },
    size: 10 * MiB,
    receivedBytes: 0,
    tier: 'Standard',
    folder: '/back',
    relativePath: 'photos/a.raw',
    onExisting: 'ask',
    position: 1,
    addedAt: NOW,
    phase: phases.queued,
    hold: null,
    ...changes,
  };
}

const waiting = (kind: keyof typeof failures, attempt = 1): Hold => ({
  kind: 'backoff',
  until: NOW + 2 * MINUTE,
  attempt,
  failure: failures[kind],
});

describe('a retrieval in words', () => {
  it('says how far it is', () => {
    const words = Object.values(phases).map((phase) => describeRetrieval(view({ phase }), null, NOW));
    expect(words).toEqual([
      'Waiting for its turn',
      'Glacier is preparing the data',
      'Ready, about to download',
      'Giving the file its name',
      'Retrieved',
      'Cancelled',
    ]);
    expect(new Set(words).size).toBe(words.length);
  });

  it('says what it waits for, and when it goes on', () => {
    const words = (kind: keyof typeof failures): string => describeRetrieval(view({ hold: waiting(kind) }), null, NOW);
    expect(words('awaiting-job')).toBe('Glacier is preparing the data, usually for up to 5 h — looks again in 2 min');
    expect(words('request-unanswered')).toBe('Checking with Glacier whether it has begun — looks again in 2 min');
    expect(words('retrieval-limit')).toBe('Waiting for your limit of 10 GiB in 24 hours — goes on in 1 d');
    expect(words('target-missing')).toBe('Waiting for the folder — connect its drive or make it again');
    expect(words('target-full')).toBe('Waiting for room in the folder — looks again in 2 min');
    expect(words('offline')).toMatch(/^Waiting 2 min, then try 2: The service cannot be reached/);
  });

  it('asks for the user, or for the account', () => {
    const hold: Hold = { kind: 'failed', failure: failures['target-exists'] };
    expect(describeRetrieval(view({ hold }), null, NOW)).toMatch(/^Needs you: There is a file with this name/);
    expect(describeRetrieval(view({ hold: { kind: 'paused' } }), null, NOW)).toBe('Paused');
    const accountProblem = failures['credentials-expired'];
    const signedOut = (held: Hold | null): string =>
      describeRetrieval(view({ hold: held }), null, NOW, { accountProblem });
    expect(signedOut(null)).toBe('Waiting until you sign in again');
    expect(signedOut(waiting('awaiting-job'))).toBe('Waiting until you sign in again');
    expect(signedOut(hold)).toMatch(/^Needs you/);
    expect(signedOut({ kind: 'paused' })).toBe('Paused');
  });

  it('warns of an output that ends within four hours, while something of it is not here', () => {
    const ending = (leftMs: number) => ({ ...phases.downloading, outputEndsAt: NOW + leftMs });
    expect(describeDeadline(view({ phase: ending(20 * HOUR) }), NOW)).toEqual({
      words: 'Glacier keeps the output for 20 h',
      isUrgent: false,
    });
    expect(describeDeadline(view({ phase: ending(3 * HOUR) }), NOW)).toMatchObject({ isUrgent: true });
    expect(describeDeadline(view({ phase: ending(-1) }), NOW)).toMatchObject({ isUrgent: true });
    expect(describeDeadline(view({ phase: ending(HOUR), receivedBytes: 10 * MiB }), NOW)).toBeNull();
    expect(describeDeadline(view(), NOW)).toBeNull();
  });

  it('stands where it is counted', () => {
    expect(retrievalStanding(view())).toBe('waiting');
    expect(retrievalStanding(view({ phase: phases.downloading }))).toBe('running');
    expect(retrievalStanding(view({ phase: phases.downloading, hold: waiting('offline') }))).toBe('waiting');
    expect(retrievalStanding(view({ hold: { kind: 'failed', failure: failures['job-lost'] } }))).toBe('needs-you');
    expect(retrievalStanding(view({ phase: phases.retrieved }))).toBe('retrieved');
  });

  it('tells each event of its journal in a sentence of its own', () => {
    const at = NOW;
    const all = { first: 0, last: 10 * MiB - 1 };
    const events: RetrievalEvent[] = [
      { kind: 'asked', tier: 'Bulk', ...all, cost: 0.5, at },
      { kind: 'request-settled', at },
      { kind: 'requested', jobId: 'job', adopted: false, ...all, at },
      { kind: 'requested', jobId: 'job', adopted: true, ...all, at },
      { kind: 'all-asked', at },
      { kind: 'ready', outputs: [{ jobId: 'job', endsAt: at, treeHash }], at },
      { kind: 'job-failed', jobId: 'job', message: 'gone', at },
      { kind: 'output-gone', jobIds: ['job'], at },
      { kind: 'outputs-fetched', at },
      { kind: 'job-lost', jobId: 'job', at },
      { kind: 'damaged', ranges: 'all', what: 'the file is gone', at },
      { kind: 'damaged', ranges: [0, 5], what: 'they differ', at },
      { kind: 'downloaded', at },
      { kind: 'path-chosen', path: '/back/a\n.raw', at },
      { kind: 'path-taken', at },
      { kind: 'in-place', at },
      { kind: 'in-place', undone: ['time'], at },
      { kind: 'in-place', undone: ['folder-sync'], at },
      { kind: 'existing-answered', answer: 'replace', at },
      { kind: 'existing-answered', answer: 'keep-both', at },
      { kind: 'attempt-failed', failure: failures.offline, retryAt: at, attempt: 1, at },
      { kind: 'attempt-failed', failure: failures['awaiting-job'], retryAt: at, attempt: 1, at },
      { kind: 'recovered', at },
      { kind: 'rejected', failure: failures['job-lost'], at },
      { kind: 'paused', at },
      { kind: 'resumed', at },
      { kind: 'relocated', folder: '/media/Back 1', at },
      { kind: 'cancelled', at },
    ];
    const sentences = events.map(describeRetrievalEvent);
    expect(new Set(sentences).size).toBe(events.length);
    expect(sentences[0]).toBe('Asked Glacier for 10 MiB (Bulk, about $0.50)');
    for (const sentence of sentences) expect(sentence).not.toMatch(/undefined|null|NaN|\n/);
  });

  it('says how long it usually takes', () => {
    expect(Object.values(USUAL_WAIT).map(describeUsualWait)).toEqual(['1 to 5 min', '3 to 5 h', '5 to 12 h']);
    expect(describeUsualWait({ fromMs: 1000, toMs: 10_000 })).toBe('1 to 10 s');
  });
});

import { describe, expect, test } from 'vitest';
import { type Failure, isAccountFailure } from '../../shared/failure.ts';
import { GiB, HOUR, KiB, MINUTE, MiB, SECOND } from '../../shared/units.ts';
import type { Hold } from '../../shared/hold.ts';
import type { LiveProgress, Phase, UploadEvent, UploadId } from '../../shared/upload.ts';
import {
  describeAmount,
  describeEvent,
  describeLoss,
  describeProgress,
  describeRemaining,
  percentage,
  standing,
  type Surroundings,
} from '../../shared/words.ts';
import { failures } from '../support/failures.ts';
import { archiveId, multipartUploadId, sampleUpload, treeHash } from '../support/window-samples.ts';

const now = Date.UTC(2026, 10, 3, 12);
const offline: Failure = { kind: 'offline', detail: 'ENETUNREACH' };
const denied: Failure = { kind: 'vault-missing', vault: 'office' };

const queued: Phase = { kind: 'queued', initiateAskedAt: null };
const asking: Phase = { kind: 'queued', initiateAskedAt: now };
const uploading: Phase = { kind: 'uploading', multipartUploadId };
const completing: Phase = { kind: 'completing', multipartUploadId, treeHash, askedAt: now };
const unconfirmed: Phase = { kind: 'unconfirmed', treeHash, askedAt: now, since: now };
const aborting: Phase = { kind: 'aborting', multipartUploadId };
const stored: Phase = { kind: 'stored', archiveId, treeHash };
const cancelled: Phase = { kind: 'cancelled' };

const paused: Hold = { kind: 'paused' };
const backoff = (failure: Failure): Hold => ({ kind: 'backoff', until: now + 40 * SECOND, attempt: 2, failure });
const failed: Hold = { kind: 'failed', failure: denied };
const closed: Surroundings = { queuePaused: false, accountProblem: null, opensAt: 22 * 60 };
const live: LiveProgress = { id: 'upload-1' as UploadId, sentBytes: 5, rate: null, remainingMs: null };

describe('phase and hold in words', () => {
  const retry = 'Waiting 40 s, then try 3: The service cannot be reached (ENETUNREACH).';
  const needsYou = 'Needs you: There is no vault named "office" in this region.';
  const table: [string, Phase, Hold | null, string][] = [
    ['queued', queued, null, 'Waiting for its turn'],
    ['queued', asking, null, 'Starting'],
    ['queued', queued, paused, 'Paused'],
    ['queued', queued, backoff(offline), retry],
    ['queued', queued, failed, needsYou],
    ['uploading', uploading, null, 'About to start'],
    ['uploading', uploading, paused, 'Paused'],
    ['uploading', uploading, backoff(offline), retry],
    ['uploading', uploading, failed, needsYou],
    ['completing', completing, null, 'Checking with Amazon'],
    ['completing', completing, paused, 'Paused'],
    ['completing', completing, backoff(offline), retry],
    ['completing', completing, failed, needsYou],
    ['unconfirmed', unconfirmed, null, 'Checking with Amazon whether the archive was stored'],
    ['unconfirmed', unconfirmed, paused, 'Paused, before Firn knows whether the archive was stored'],
    [
      'unconfirmed',
      unconfirmed,
      backoff({ kind: 'awaiting-inventory', vault: 'office' }),
      'Checking with Amazon — looks again in 40 s',
    ],
    ['unconfirmed', unconfirmed, failed, needsYou],
    ['aborting', aborting, null, 'Cancelling'],
    ['aborting', aborting, paused, 'Paused while cancelling'],
    ['aborting', aborting, backoff(offline), retry],
    ['stored', stored, null, 'Stored'],
    ['cancelled', cancelled, null, 'Cancelled'],
  ];

  test.each(table)('%s: %j, held by %j', (_name, phase, hold, words) => {
    const expiresAt = now + 23 * HOUR + 10 * MINUTE;
    expect(describeProgress(sampleUpload({ phase, hold, expiresAt }), null, now)).toBe(words);
  });

  test('an upload on the wire is uploading; one that was begun is about to go on', () => {
    expect(describeProgress(sampleUpload({ phase: uploading }), live, now)).toBe('Uploading');
    expect(describeProgress(sampleUpload({ phase: uploading, uploadedBytes: 1 }), null, now)).toBe('About to go on');
  });

  test('a pause names the deadline only when something was sent that Amazon could give up', () => {
    const upload = sampleUpload({ phase: uploading, hold: paused, uploadedBytes: 1, expiresAt: now + 5 * HOUR });
    expect(describeProgress(upload, null, now)).toBe('Paused — continues within 5 h or starts over');
    expect(describeProgress({ ...upload, uploadedBytes: 0 }, null, now)).toBe('Paused');
  });

  test('a pause beyond the deadline says that it starts over', () => {
    const upload = sampleUpload({ phase: uploading, hold: paused, uploadedBytes: 1, expiresAt: now - 1 });
    expect(describeProgress(upload, null, now)).toBe('Paused for too long — it starts over when it continues');
  });

  test('when the wait is over, the next try is due', () => {
    const upload = sampleUpload({
      phase: uploading,
      hold: { kind: 'backoff', until: now, attempt: 1, failure: offline },
    });
    expect(describeProgress(upload, null, now)).toBe('Now try 2: The service cannot be reached (ENETUNREACH).');
  });

  test('a missing file says what to do instead of counting tries', () => {
    const upload = sampleUpload({ phase: uploading, hold: backoff({ kind: 'source-missing', path: '/x' }) });
    expect(describeProgress(upload, null, now)).toBe('Waiting for the file — connect its drive or put it back');
  });

  test('a paused queue and a troubled account keep what is running waiting, and nothing else', () => {
    const queuePaused: Surroundings = { queuePaused: true, accountProblem: null, opensAt: null };
    const signedOut: Surroundings = { queuePaused: true, accountProblem: failures['credentials-expired'], opensAt: 60 };
    const words = (hold: Hold | null, phase: Phase, around: Surroundings) =>
      describeProgress(sampleUpload({ phase, hold }), null, now, around);
    expect(words(null, uploading, queuePaused)).toBe('Waiting: all uploads are paused');
    expect(words(null, uploading, signedOut)).toBe('Waiting until you sign in again');
    expect(words(null, queued, closed)).toBe('Waiting until 22:00, by your schedule');
    expect(words(backoff(offline), uploading, signedOut)).toBe('Waiting until you sign in again');
    expect(words(failed, uploading, signedOut)).toMatch(/^Needs you/);
    expect(words(paused, uploading, signedOut)).toMatch(/^Paused/);
    expect(words(failed, uploading, queuePaused)).toMatch(/^Needs you/);
    expect(words(null, stored, queuePaused)).toBe('Stored');
    expect(words(backoff(offline), uploading, queuePaused)).toBe('Waiting: all uploads are paused');
    expect(words(backoff(offline), uploading, closed)).toBe('Waiting until 22:00, by your schedule');
    expect(words(backoff({ kind: 'source-missing', path: '/x' }), uploading, queuePaused)).toMatch(
      /^Waiting for the file/,
    );
  });

  test('what is being cancelled goes on while the queue is paused, and waits for the account', () => {
    const words = (hold: Hold | null, around: Partial<Surroundings>) =>
      describeProgress(sampleUpload({ phase: aborting, hold }), null, now, { ...closed, queuePaused: true, ...around });
    expect(words(null, {})).toBe('Cancelling');
    expect(words(backoff(offline), {})).toMatch(/^Waiting 40 s, then try 3/);
    expect(words(null, { accountProblem: failures['closed-account'] })).toBe(
      'Waiting: Amazon no longer offers vaults to this account.',
    );
  });
});

test('what waits for its account says for what, so that nobody signs in to no avail', () => {
  const words = (accountProblem: Failure) =>
    describeProgress(sampleUpload({ phase: uploading }), null, now, { ...closed, accountProblem });
  const said = Object.values(failures)
    .filter(isAccountFailure)
    .map((failure) => [failure.kind, words(failure)]);
  expect(Object.fromEntries(said)).toEqual({
    'credentials-missing': 'Waiting until you sign in again',
    'credentials-expired': 'Waiting until you sign in again',
    'credentials-rejected': 'Waiting until you sign in again',
    'sign-in-ended': 'Waiting until you sign in again',
    'mfa-code': 'Waiting for the code of your MFA device',
    'closed-account': 'Waiting: Amazon no longer offers vaults to this account.',
    'wrong-account': 'Waiting for credentials of AWS account 111122223333',
    'account-unknown': 'Waiting: Amazon does not say which AWS account these credentials belong to.',
    'account-unconfirmed': 'Waiting until you confirm the account',
    'practice-unavailable': 'Waiting for the practice vault, which does not run',
    'proxy-password': 'Waiting for the password of the proxy proxy.office:3128',
  });
});

describe('what cancelling gives up', () => {
  const loss = (hold: Hold): string => describeLoss(sampleUpload({ phase: completing, hold, uploadedBytes: MiB }));

  test('is said to be removed when Amazon refused to complete the archive', () => {
    const failure: Failure = { kind: 'completion-rejected', message: 'Hash mismatch.', ranges: [] };
    expect(loss({ kind: 'failed', failure })).toMatch(/Amazon removes it.$/);
  });

  test('may be stored when completing failed otherwise, as an answer before may have been lost', () => {
    expect(loss(failed)).toMatch(/^Nobody knows yet whether Amazon has stored the archive. If so, it stays/);
  });
});

describe('where an upload stands', () => {
  test.each([
    [queued, null, 'waiting'],
    [uploading, null, 'running'],
    [completing, null, 'running'],
    [aborting, null, 'running'],
    [unconfirmed, null, 'waiting'],
    [uploading, paused, 'waiting'],
    [uploading, backoff(offline), 'waiting'],
    [uploading, failed, 'needs-you'],
    [stored, null, 'stored'],
    [cancelled, null, 'cancelled'],
  ] as const)('%j, held by %j: %s', (phase, hold, expected) => {
    expect(standing({ phase, hold })).toBe(expected);
  });

  test('nothing but cancelling runs while the queue is paused', () => {
    const around: Surroundings = { queuePaused: true, accountProblem: null, opensAt: null };
    expect(standing({ phase: uploading, hold: null }, around)).toBe('waiting');
    expect(standing({ phase: aborting, hold: null }, around)).toBe('running');
    expect(standing({ phase: aborting, hold: null }, { ...around, accountProblem: denied })).toBe('waiting');
  });
});

describe('figures', () => {
  test('an amount names its unit once when both have the same', () => {
    expect(describeAmount(12.4 * GiB, 80 * GiB)).toBe('12.4 of 80 GiB');
    expect(describeAmount(812 * KiB, 80 * GiB)).toBe('812 KiB of 80 GiB');
    expect(describeAmount(0, 80 * GiB)).toBe('0 of 80 GiB');
    expect(describeAmount(1, 1)).toBe('1 of 1 byte');
  });

  test('a hundred per cent is shown only when everything is there', () => {
    expect(percentage(80 * GiB - 1, 80 * GiB)).toBe(99);
    expect(percentage(80 * GiB, 80 * GiB)).toBe(100);
    expect(percentage(81 * GiB, 80 * GiB)).toBe(100);
  });

  test('the time left has at most two units and is missing until it is known', () => {
    expect(describeRemaining(null)).toBeNull();
    expect(describeRemaining(Infinity)).toBeNull();
    expect(describeRemaining(42 * SECOND)).toBe('42 s left');
    expect(describeRemaining(9 * MINUTE + 40 * SECOND)).toBe('9 min 40 s left');
    expect(describeRemaining(26 * MINUTE + 40 * SECOND)).toBe('26 min left');
    expect(describeRemaining(99 * HOUR + 59 * MINUTE)).toBe('4 d 3 h left');
  });
});

test('the journal names the failure and the number of bad parts', () => {
  const at = now;
  const events: [UploadEvent, string][] = [
    [
      { at, kind: 'attempt-failed', failure: offline, attempt: 2, retryAt: now },
      'Try 2 failed: The service cannot be reached (ENETUNREACH).',
    ],
    [
      { at, kind: 'rejected', failure: denied },
      'Stopped, because it needs you: There is no vault named "office" in this region.',
    ],
    [
      { at, kind: 'completion-rejected', message: 'Hash mismatch.', badParts: [0, MiB] },
      'Amazon refused to complete the archive: Hash mismatch. 2 parts will be sent again',
    ],
    [{ at, kind: 'completed', archiveId }, 'Amazon confirmed the tree hash; the archive is stored'],
  ];
  for (const [event, words] of events) expect(describeEvent(event)).toBe(words);
});

import { describe, expect, test } from 'vitest';
import { choreShare, choreStanding, choreTitle, describeChore } from '../../shared/chore-words.ts';
import type { ChoreView } from '../../shared/chore.ts';
import type { Hold } from '../../shared/hold.ts';
import { DAY, GiB, MINUTE } from '../../shared/units.ts';
import { failures } from '../support/failures.ts';
import { sampleChore } from '../support/window-samples.ts';

type Emptying = Extract<ChoreView, { kind: 'emptying' }>;
type Deletion = Extract<ChoreView, { kind: 'deletion' }>;

const now = Date.UTC(2026, 10, 3, 12);
const endedAt = now + 2 * DAY;
const failed: Hold = { kind: 'failed', failure: { kind: 'vault-missing', vault: 'old' } };
const waits: Hold = {
  kind: 'backoff',
  until: now + 2 * MINUTE,
  attempt: 1,
  failure: { kind: 'vault-not-yet-empty', vault: 'old', openUploads: null },
};
const deletion = (chore: Partial<Deletion> = {}) => sampleChore({ total: 4, deleted: 1, ...chore });
const emptying = (chore: Partial<Emptying> = {}) =>
  sampleChore({ kind: 'emptying', vault: 'old', phase: 'listing', closes: true, total: 4, deleted: 4, ...chore });

describe('a chore in words', () => {
  const table: [ChoreView, string, string][] = [
    [deletion(), 'running', 'Deleting: 1 of 4 deleted'],
    [deletion({ failed: 2 }), 'running', 'Deleting: 1 of 4 deleted, 2 refused'],
    [deletion({ hold: { kind: 'paused' } }), 'waiting', 'Paused; 1 of 4 deleted'],
    [deletion({ hold: failed }), 'needs-you', 'Needs you: There is no vault named "old" in this region.'],
    [deletion({ phase: 'done', deleted: 4, deletedBytes: GiB, endedAt }), 'done', '4 archives, 1 GiB, deleted in 2 d'],
    [
      deletion({ phase: 'done', deleted: 3, deletedBytes: GiB, failed: 1, endedAt }),
      'needs-you',
      '3 archives, 1 GiB, deleted in 2 d; Glacier refused 1',
    ],
    [
      deletion({ phase: 'cancelled', endedAt }),
      'cancelled',
      'Cancelled; 1 of 4 deleted, and what was deleted stays deleted',
    ],
    [emptying(), 'running', "Taking the vault's inventory"],
    [
      emptying({ phase: 'confirming', hold: waits }),
      'waiting',
      '4 of 4 deleted; waiting for an inventory that shows the vault empty — looks again in 2 min: Glacier does not count the vault "old" as empty yet.',
    ],
    [
      emptying({ phase: 'confirming', hold: { ...waits, until: now + 1 } }),
      'waiting',
      '4 of 4 deleted; waiting for an inventory that shows the vault empty — looks again now: Glacier does not count the vault "old" as empty yet.',
    ],
    [emptying({ phase: 'closing' }), 'running', '4 of 4 deleted; deleting the vault'],
    [
      emptying({ phase: 'done', deletedBytes: GiB, endedAt }),
      'done',
      '4 archives, 1 GiB, deleted in 2 d; the vault is deleted',
    ],
    [
      emptying({ phase: 'done', closes: false, deletedBytes: GiB, endedAt }),
      'done',
      '4 archives, 1 GiB, deleted in 2 d; the vault is empty',
    ],
  ];

  test.each(table)('%#: %j', (chore, standing, words) => {
    expect(describeChore({ ...chore, addedAt: now }, now)).toBe(words);
    expect(choreStanding(chore)).toBe(standing);
  });

  test('waits for its account when that is what is wrong, unless it has its own reason', () => {
    const problem = failures['credentials-expired'];
    expect(describeChore(deletion(), now, problem)).toBe('Waiting until you sign in again');
    expect(choreStanding(deletion(), problem)).toBe('waiting');
    expect(choreStanding(deletion({ hold: failed }), problem)).toBe('needs-you');
    expect(choreStanding(deletion({ phase: 'done' }), problem)).toBe('done');
  });

  test('has a title', () => {
    expect(choreTitle(deletion({ total: 1 }))).toBe('Deleting 1 archive from weddings-2026');
    expect(choreTitle(emptying())).toBe('Emptying and closing old');
    expect(choreTitle(emptying({ closes: false }))).toBe('Emptying old');
  });

  test('is done by the share of its archives that is deleted', () => {
    expect(choreShare(deletion())).toBe(0.25);
    expect(choreShare(deletion({ phase: 'done', failed: 3 }))).toBe(1);
    expect(choreShare(emptying({ total: 0, deleted: 0 }))).toBe(0);
    expect(choreShare(emptying({ phase: 'closing', total: 0, deleted: 0 }))).toBe(1);
    expect(choreShare(emptying({ total: 4, deleted: 8 }))).toBe(1);
  });
});

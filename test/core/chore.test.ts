import type { ChoiceToken } from '../../shared/archive.ts';
import { describe, expect, it } from 'vitest';
import { deletionKind } from '../../main/deletions/deletion-kind.ts';
import { emptyingKind } from '../../main/deletions/emptying-kind.ts';
import { IllegalTransition, progressAfter } from '../../main/engine/progress.ts';
import type { TaskEvent } from '../../main/engine/task-kind.ts';
import type { Deletion, Emptying, EmptyingEvent } from '../../shared/chore.ts';
import { type DeletionPreview, deletionWords, emptyingWords } from '../../shared/deletion-preview.ts';
import { GiB, MiB } from '../../shared/units.ts';
import { accountId } from '../support/window-samples.ts';

const emptying: Emptying = {
  total: 0,
  deleted: 0,
  failed: 0,
  closes: 1,
  deletesUntil: 100,
  lastDeletedAt: null,
  phase: { kind: 'listing', inventoryAfter: null },
};

const after = (state: Emptying, event: TaskEvent<EmptyingEvent>): Emptying =>
  progressAfter(emptyingKind, { state, hold: null }, event).state;

describe('The life of a chore', () => {
  it('refuses what cannot happen', () => {
    expect(() => after(emptying, { kind: 'vault-deleted', at: 1 })).toThrow(IllegalTransition);
    expect(() => after({ ...emptying, phase: { kind: 'done' } }, { kind: 'paused', at: 1 })).toThrow(IllegalTransition);
    const state: Deletion = { total: 1, deleted: 0, failed: 0, phase: { kind: 'deleting' } };
    expect(() => progressAfter(deletionKind, { state, hold: null }, { kind: 'tried-again', at: 1 })).toThrow(
      'tried-again of deletion in phase deleting',
    );
  });

  it('confirms by an inventory only what was deleted', () => {
    const deleting: Emptying = { ...emptying, phase: { kind: 'deleting' } };
    const workedOff = { kind: 'worked-off', lastDeletedAt: null, at: 1 } as const;
    expect(after(deleting, workedOff)).toMatchObject({ phase: { kind: 'closing' } });
    expect(after({ ...deleting, closes: 0 }, workedOff)).toMatchObject({ phase: { kind: 'done' } });
    expect(after({ ...deleting, lastDeletedAt: 5 }, workedOff)).toMatchObject({ phase: { kind: 'confirming' } });
    expect(after(deleting, { ...workedOff, lastDeletedAt: 5 })).toMatchObject({
      phase: { kind: 'confirming' },
      lastDeletedAt: 5,
    });
  });

  it('forgets the inventory it waited for when it is cancelled or begun anew', () => {
    const waiting: Emptying = { ...emptying, phase: { kind: 'listing', inventoryAfter: 7 } };
    expect(after(waiting, { kind: 'cancelled', at: 1 }).phase).toEqual({ kind: 'cancelled' });
    expect(after(waiting, { kind: 'inventory-unusable', at: 1 })).toEqual(emptying);
    const widened = after(waiting, { kind: 'widened', until: 500, at: 1 });
    expect(widened).toEqual({ ...emptying, deletesUntil: 500 });
  });
});

describe('The words before something is deleted', () => {
  const preview: DeletionPreview = {
    token: 'token' as ChoiceToken,
    count: 1248,
    bytes: 63 * GiB,
    vaults: [{ accountId, vault: 'weddings', count: 1248, bytes: 63 * GiB }],
    young: { count: 1, bytes: 100 * MiB, until: Date.UTC(2027, 1, 3) },
    copies: { looked: 1000, there: 990, missing: 7, changed: 1, unknown: 2, without: [] },
    uploads: 1,
    retrievals: 2,
  };

  it('say what is lost, what has no copy, what is billed on, and what is on its way', () => {
    expect(deletionWords(preview)).toEqual([
      '1,248 archives, 63 GiB, will be deleted from Glacier. Nobody can bring them back, neither Amazon nor Firn.',
      'Of the first 1,000 that Firn looked for, 10 archives may be the only copy as far as Firn knows: the file of 7 is not there; that of 1 has changed; where that of 2 was, nobody knows.',
      '1 archive, 100 MiB, is younger than 90 days. Amazon bills it until that age all the same, as an early deletion fee: until 2027-02-03.',
      '1 upload of the same files into the same vault is not over; what it stores stays. Cancel it in the queue if you do not want that.',
      '2 retrievals of these archives are not over and may fail: only what Glacier has prepared already can still be fetched.',
    ]);
  });

  it('do not claim more than was looked at', () => {
    const copies = { looked: 2, there: 2, missing: 0, changed: 0, unknown: 0, without: [] };
    const calm = { ...preview, young: null, uploads: 0, retrievals: 0 };
    expect(deletionWords({ ...calm, count: 2, copies })).toEqual([
      '2 archives, 63 GiB, will be deleted from Glacier. Nobody can bring them back, neither Amazon nor Firn.',
      'Each has a file of the same size and date on this computer. Firn has not compared the bytes.',
    ]);
  });

  it('speak of a single archive as of one', () => {
    const one = { ...preview, count: 1, young: null, uploads: 0, retrievals: 0 };
    const none = { looked: 1, there: 0, missing: 0, changed: 0, unknown: 0, without: [] };
    const about = (found: Partial<typeof none>) => deletionWords({ ...one, copies: { ...none, ...found } });
    expect(about({ there: 1 })).toEqual([
      '1 archive, 63 GiB, will be deleted from Glacier. Nobody can bring it back, neither Amazon nor Firn.',
      'A file of the same size and date is on this computer. Firn has not compared the bytes.',
    ]);
    const only = 'This may be the only copy as far as Firn knows';
    expect(about({ missing: 1 })[1]).toBe(`${only}: its file is not there.`);
    expect(about({ changed: 1 })[1]).toBe(`${only}: its file has changed.`);
    expect(about({ unknown: 1 })[1]).toBe(`${only}: nobody knows where its file was.`);
  });

  it('tell of a vault what it has, what stops the emptying, and what keeps the vault', () => {
    const vault = {
      vault: 'old',
      listed: { count: 12, bytes: 3 * GiB, inventoryAt: Date.UTC(2026, 10, 24) },
      catalogued: { count: 10, bytes: 2 * GiB },
      young: null,
      openUploads: 1,
      queued: 0,
      retrievals: 2,
      until: 5,
    };
    const words = emptyingWords(vault, true).join(' ');
    expect(words).toContain('By its last inventory (2026-11-24) "old" has 12 archives, 3 GiB');
    expect(words).toContain('2 retrievals from this vault are not over and may fail');
    expect(words).toContain('Firn deletes the vault');
    expect(words).toContain('1 multipart upload stands open in the vault. Firn leaves it alone');
    expect(emptyingWords({ ...vault, openUploads: 0 }, false).join(' ')).not.toContain('deletes the vault');
  });
});

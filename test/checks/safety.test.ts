import { everyArchive } from '../../shared/archive.ts';
import { describe, expect, it } from 'vitest';
import { localFiles } from '../../main/files/local-files.ts';
import {
  type CheckOutcome,
  describeOutcome,
  describeSafety,
  describeTally,
  noChecks,
  safeToDelete,
} from '../../shared/local-check.ts';
import { DeletionWorld } from '../support/deletion-world.ts';
import { hash } from '../support/store.ts';

const file = { size: 5, modifiedNs: '1700000000123456789', fileId: '1:2' };
const same: CheckOutcome = { kind: 'same', treeHash: hash('b'), file };
const listed = { treeHash: hash('b'), listedAt: 1_700_000_000_000, missingAt: null, differs: null };
const all = everyArchive;
const checked = (outcome: CheckOutcome = same) => ({ checkedAt: 1, outcome });

describe('the local copy of an archive', () => {
  it('may be deleted when the file as it is now has the hash of the archive and an inventory lists it', () => {
    expect(safeToDelete(listed, checked(), file, false)).toEqual({ kind: 'safe', listedAt: listed.listedAt });
  });

  it.each([
    ['never-checked', listed, null, file],
    ['not-the-same', listed, checked({ kind: 'missing' }), file],
    ['not-the-same', listed, checked({ kind: 'changed', what: 'it is longer' }), file],
    ['file-gone', listed, checked(), null],
    ['changed-since', listed, checked(), { ...file, size: 6 }],
    ['changed-since', listed, checked(), { ...file, modifiedNs: '1700000000123456790' }],
    ['changed-since', listed, checked(), { ...file, fileId: '1:3' }],
    ['changed-since', { ...listed, treeHash: hash('c') }, checked(), file],
    ['not-listed', { ...listed, listedAt: null }, checked(), file],
    ['missing-from-vault', { ...listed, missingAt: 2 }, checked(), file],
    ['differs-in-vault', { ...listed, differs: { size: 6, treeHash: hash('b') } }, checked(), file],
  ] as const)('is kept when it is %s', (kind, archive, check, now) => {
    const safety = safeToDelete(archive, check, now, false);
    expect(safety.kind).toBe(kind);
    expect(describeSafety(safety)).not.toContain('Safe to delete');
  });

  it('is kept while the archive waits to be deleted from its vault', async () => {
    const here = await DeletionWorld.open();
    const { app } = here.world;
    await here.store(1);
    const [archive] = app.catalogue.search({ ...all, offset: 0, limit: 1 }).items;
    const path = archive?.path ?? '';
    const identity = await localFiles.identify(path);
    if (!archive?.treeHash || !identity.ok) throw new Error('nothing to check');
    const listedNow = { ...archive, listedAt: here.world.clock.now() };
    const check = checked({ kind: 'same', treeHash: archive.treeHash, file: identity.value });
    expect((await app.checks.safetyOf(listedNow, check)).kind).toBe('safe');
    here.world.line.gate('DeleteArchive', 'request');
    await here.deleteAll();
    const safety = await app.checks.safetyOf(listedNow, check);
    expect(describeSafety(safety)).toBe('Keep the local copy: the archive is being deleted from its vault.');
  });
});

it('what was found is said in words', () => {
  expect(describeOutcome({ kind: 'changed', what: 'it is 1 KiB longer' })).toBe(
    'The local file is not what was archived: it is 1 KiB longer.',
  );
  expect(describeTally({ ...noChecks, same: 1200, missing: 1 })).toBe(
    'Checked 1,201 archives: 1,200 the same, 1 missing.',
  );
});

import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../main/store/database.ts';
import { type ArchiveChoice, everyArchive } from '../../shared/archive.ts';
import type { ChoreId } from '../../shared/chore.ts';
import { HOUR, MINUTE } from '../../shared/units.ts';
import { DeletionWorld } from '../support/deletion-world.ts';
import { VAULT } from '../support/world.ts';

const everything: ArchiveChoice = { kind: 'matching', ...everyArchive, except: [] };

const called = (text: string): ArchiveChoice => ({ kind: 'matching', ...everyArchive, text, except: [] });

const names = ({ world }: DeletionWorld): string[] =>
  world.app.catalogue
    .search({ ...everyArchive, offset: 0, limit: 100 })
    .items.map(({ path }) => path?.split('/').at(-1) ?? '')
    .sort();

async function worldOf(archives: number): Promise<DeletionWorld> {
  const here = await DeletionWorld.open();
  await here.store(archives);
  return here;
}

/** Runs until nothing is to be done any more. */
async function rest(here: DeletionWorld, ids: readonly ChoreId[]): Promise<void> {
  for (const id of ids) await here.reaches(id, 'done');
}

/** Paused before anything of it was asked for. */
async function pausedDeletion(here: DeletionWorld, choice: ArchiveChoice): Promise<ChoreId> {
  const { sleep, deleting } = here.world.app;
  sleep.begin();
  const [id] = await here.delete(choice);
  if (!id) throw new Error('not begun');
  await deleting.pause(id);
  sleep.end();
  return id;
}

describe('What was confirmed', () => {
  it('is what is deleted: archives that came to match since stay', async () => {
    const here = await worldOf(3);
    const { token, count } = await here.world.app.deleting.preview(everything);
    await here.store(2);
    const begun = await here.world.app.deleting.delete(token);
    if (!begun.ok) throw new Error('refused');
    await rest(here, begun.value);
    expect([count, here.chore(begun.value[0] ?? ('' as ChoreId)).deleted]).toEqual([3, 3]);
    expect(names(here)).toEqual(['4.raw', '5.raw']);
  });

  it('is not deleted at all when some of it is gone since, and the words say how many', async () => {
    const here = await worldOf(3);
    const { token } = await here.world.app.deleting.preview(everything);
    await rest(here, await here.delete(called('2.raw')));
    expect(await here.world.app.deleting.delete(token)).toMatchObject({
      failure: { kind: 'choice-changed', detail: '1 archive of the 3 archives has left the catalogue since.' },
    });
    expect(names(here)).toEqual(['1.raw', '3.raw']);
  });

  it('is a deletion for each vault, and what other vaults of the same names hold stays', async () => {
    const here = await worldOf(2);
    await here.world.client.createVault('other');
    await here.store(2, 'other');
    const begun = await here.delete({ ...called('raw'), ...{ vault: 'other' } });
    await rest(here, begun);
    expect(begun.map((id) => here.chore(id).vault)).toEqual(['other']);
    const all = await here.delete(everything);
    expect(all.map((id) => here.chore(id).vault)).toEqual([VAULT]);
  });

  it('is forgotten after an hour, and when Firn is started again', async () => {
    const here = await worldOf(2);
    const first = await here.world.app.deleting.preview(everything);
    here.world.pass(59 * MINUTE);
    const second = await here.world.app.deleting.preview(everything);
    here.world.pass(2 * MINUTE);
    expect(await here.world.app.deleting.delete(first.token)).toMatchObject({ failure: { kind: 'choice-changed' } });
    await here.world.restart();
    expect(await here.world.app.deleting.delete(second.token)).toMatchObject({ failure: { kind: 'choice-changed' } });
    expect(names(here)).toEqual(['1.raw', '2.raw']);
  });

  it('lets no paused deletion go on that would delete more', async () => {
    const here = await worldOf(3);
    const wide = await pausedDeletion(here, everything);
    const begun = await here.delete(called('2.raw'));
    await rest(here, begun);
    expect(begun).not.toContain(wide);
    expect(names(here)).toEqual(['1.raw', '3.raw']);
    expect(here.state(wide)).toBe('deleting paused');
  });

  it('goes on with a deletion that has these still to do and no others, so that nothing is asked twice', async () => {
    const here = await worldOf(3);
    const narrow = await pausedDeletion(here, called('2.raw'));
    const begun = await here.delete(everything);
    expect(begun).toContain(narrow);
    await rest(here, begun);
    expect(begun.map((id) => here.chore(id).deleted).sort()).toEqual([1, 2]);
    expect(here.world.line.count('DeleteArchive')).toBe(3);
  });

  it('of a vault to be emptied is what was in it then: what comes before the answer stops it', async () => {
    const here = await worldOf(2);
    const place = { accountId: here.world.accountId, vault: VAULT };
    const preview = await here.world.app.deleting.previewEmptying(place);
    if (!preview.ok) throw new Error('refused');
    here.world.pass(HOUR);
    await here.store(1);
    const begun = await here.world.app.deleting.empty(place, false, preview.value.until);
    if (!begun.ok) throw new Error('refused');
    await here.reaches(begun.value, 'listing failed vault-in-use');
    expect(names(here)).toContain('3.raw');
  });
});

it('What a crash leaves of a deletion that had not begun is gone at the next start', async () => {
  const here = await worldOf(1);
  await here.world.quit();
  const db = openDatabase(join(here.world.dataFolder, 'firn.db'));
  onTestFinished(() => {
    db.close();
  });
  db.exec(`INSERT INTO chore_archive (chore_id, archive_id, size, chosen) VALUES ('half', 'x', 1, 1)`);
  await here.world.openFirn();
  const left = db.prepare('SELECT count(*) FROM chore_archive').pluck();
  await here.world.until('swept', () => left.get() === 0);
});

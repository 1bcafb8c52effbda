import { everyArchive } from '../../shared/archive.ts';
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { LocalCheck } from '../../shared/local-check.ts';
import { MiB } from '../../shared/units.ts';
import { archiveId, archiveRow } from '../support/catalogue.ts';
import { RetrievalWorld } from '../support/retrieval-world.ts';
import { treeHashByDefinition } from '../support/tree-hash-by-definition.ts';
import { World } from '../support/world.ts';
import type { TreeHash } from '../../shared/upload.ts';

const all = { kind: 'matching', ...everyArchive, except: [] } as const;

function finished(world: World): Promise<void> {
  return world.until('checked', () => world.app.checks.progress().waiting.count === 0);
}

async function checkOf(world: World, id: number) {
  const found = await world.app.checks.of(id);
  if (!found.ok) throw new Error(found.failure.kind);
  return found.value;
}

/** An archive of zeros that takes a while to read; its number. */
function largeArchive(world: World, size: number): number {
  const path = world.file('large.raw', 0);
  truncateSync(path, size);
  const treeHash = treeHashByDefinition(Buffer.alloc(size)) as TreeHash;
  world.app.catalogue.insert(archiveRow({ path, size, tree_hash: treeHash, archive_id: archiveId('large') }), null);
  const [row] = world.app.catalogue.rows(all);
  return row?.id ?? -1;
}

describe('checks', () => {
  it('compare what was stored with the files, and keep what they found over a restart', async () => {
    const here = await RetrievalWorld.open();
    const { world } = here;
    const kept = await here.store('kept.raw');
    const changed = await here.store('changed.raw', Buffer.from('as it was'));
    const gone = await here.store('gone.raw');
    writeFileSync(changed.path, 'as it is!');
    rmSync(gone.path);
    const heard: LocalCheck[] = [];
    world.app.checks.onChecked((_archive, check) => heard.push(check));
    expect((await world.app.checks.ask(all)).count).toBe(3);
    await finished(world);
    expect(heard.map(({ outcome }) => outcome.kind)).toEqual(['missing', 'changed', 'same']);
    expect(world.app.checks.progress().found).toMatchObject({ same: 1, changed: 1, missing: 1 });
    await world.restart();
    expect((await checkOf(world, kept.archive)).safety).toEqual({ kind: 'not-listed' });
    expect((await checkOf(world, changed.archive)).safety.kind).toBe('not-the-same');
    expect((await checkOf(world, gone.archive)).check?.outcome).toEqual({ kind: 'missing' });
    writeFileSync(kept.path, 'something new');
    expect((await checkOf(world, kept.archive)).safety).toEqual({ kind: 'changed-since' });
    expect(world.bugs).toEqual([]);
  });

  it('go on after the power failed in the middle of a file', async () => {
    const world = await World.open();
    const id = largeArchive(world, 200 * MiB);
    await world.app.checks.ask(all);
    await world.until('in the middle', () => (world.app.checks.progress().current?.hashed ?? 0) > 0);
    await world.crash();
    await finished(world);
    expect((await checkOf(world, id)).check?.outcome.kind).toBe('same');
  });

  it('end when they are cancelled, and those that were asked for twice are made once', async () => {
    const world = await World.open();
    const id = largeArchive(world, 200 * MiB);
    await world.app.checks.ask(all);
    await world.app.checks.ask({ kind: 'ids', ids: [id] });
    expect(world.app.checks.progress().waiting).toEqual({ count: 1, bytes: 200 * MiB });
    expect((await checkOf(world, id)).waiting).toBe(true);
    await world.until('in the middle', () => (world.app.checks.progress().current?.hashed ?? 0) > 0);
    expect(await world.app.checks.cancel()).toEqual({ cancelled: 1 });
    expect(world.app.checks.progress()).toMatchObject({ waiting: { count: 0 }, current: null });
    expect((await checkOf(world, id)).check).toBe(null);
    expect(world.isIdle).toBe(true);
  });

  it('need no account, and pass over archives that are deleted meanwhile', async () => {
    const world = await World.open();
    const path = world.file('a.raw', Buffer.from('five!'));
    const account_id = '11111111-1111-4111-8111-111111111111' as typeof world.accountId;
    const treeHash = treeHashByDefinition(Buffer.from('five!')) as TreeHash;
    const row = archiveRow({ account_id, path, tree_hash: treeHash });
    world.app.catalogue.insert(row, null);
    world.app.catalogue.insert({ ...row, archive_id: archiveId('doomed') }, null);
    await world.app.engine.runner.stop();
    await world.app.checks.ask(all);
    world.app.catalogue.remove(account_id, row.vault, archiveId('doomed'), 1);
    await world.restart();
    await finished(world);
    expect(world.app.checks.progress().found).toMatchObject({ same: 1, missing: 0, unreadable: 0 });
  });

  it('say that the copy may go once an inventory lists the archive', async () => {
    const world = await World.open();
    const path = world.file('a.raw', Buffer.from('five!'));
    const treeHash = treeHashByDefinition(Buffer.from('five!')) as TreeHash;
    world.app.catalogue.insert({ ...archiveRow({ path, tree_hash: treeHash }), listed_at: 1_700_000_200_000 }, null);
    const [row] = world.app.catalogue.rows(all);
    await world.app.checks.ask(all);
    await finished(world);
    expect((await checkOf(world, row?.id ?? -1)).safety).toEqual({ kind: 'safe', listedAt: 1_700_000_200_000 });
  });
});

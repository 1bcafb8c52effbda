import { expect, test } from 'vitest';
import { ok } from '../../../shared/result.ts';
import type { ArchiveId } from '../../../shared/upload.ts';
import { valueOf } from '../value-of.ts';
import { censusOf } from './censuses.ts';
import { type OpenPlace, never, store } from './scene.ts';

export function removalSuite(open: OpenPlace): void {
  test('exactly the archives that were named are deleted, and what is gone already counts as deleted', async () => {
    const scene = await open();
    const { remover } = scene.ports;
    const [first, second] = [await store(scene, 'a.raw'), await store(scene, 'b.raw')];
    const removed = ok([{ archiveId: first.archiveId, result: ok(null) }]);
    expect(await remover.remove([first.archiveId], never)).toEqual(removed);
    expect(await remover.remove([first.archiveId], never)).toEqual(removed);
    const { entries } = await censusOf(scene);
    expect(entries.map(({ archiveId }) => archiveId)).toEqual([second.archiveId]);
  });

  test('each of several has an answer of its own', async () => {
    const scene = await open();
    const { archiveId } = await store(scene);
    const nobodys = 'A'.repeat(138) as ArchiveId;
    const removed = valueOf(await scene.ports.remover.remove([archiveId, nobodys], never));
    expect(removed).toEqual([archiveId, nobodys].map((one) => ({ archiveId: one, result: ok(null) })));
  });
}

export function adminSuite(open: OpenPlace): void {
  test('places are listed with what is known of them, and creating one again changes nothing', async () => {
    const { admin, name, otherName } = await open();
    const before = valueOf(await admin.list(never));
    expect(before).toMatchObject([{ name }]);
    expect(await admin.create(name, never)).toEqual(ok(null));
    expect(valueOf(await admin.list(never))).toEqual(before);
    expect(valueOf(await admin.describe(name, never))).toEqual(before[0]);
    expect(await admin.describe(otherName, never)).toMatchObject({ failure: { kind: 'vault-missing' } });
  });

  test('an empty one can be deleted, also when it is gone already', async () => {
    const { admin, name, otherName } = await open();
    expect(await admin.create(otherName, never)).toEqual(ok(null));
    for (let time = 0; time < 2; time += 1) expect(await admin.remove(otherName, never)).toEqual(ok(null));
    expect(valueOf(await admin.list(never))).toMatchObject([{ name }]);
  });

  test('one that has an archive cannot be deleted', async () => {
    const scene = await open();
    await store(scene);
    expect(await scene.admin.remove(scene.name, never)).toMatchObject({ failure: { kind: 'rejected' } });
  });

  test('open multipart uploads are counted', async () => {
    const { admin, name, ports } = await open();
    const [partSize = 0] = ports.target.rules.partSizes;
    const request = { name: ports.names.encode({ path: '/a', below: 'a', modifiedAt: 0 }), partSize };
    expect(await admin.countOpenUploads(name, never)).toEqual(ok(0));
    valueOf(await ports.target.begin({ ...request, size: 1, storageClass: null }, never));
    expect(await admin.countOpenUploads(name, never)).toEqual(ok(1));
  });
}

export function nameSuite(open: OpenPlace): void {
  test.each(['/photos/a.raw', '/photos/Agátka ve školce.cr2', '/p/日本語/ü', `/long/${'ordner/'.repeat(300)}end.raw`])(
    'the end of the path and the time come back from the name of %s',
    async (path) => {
      const { names } = (await open()).ports;
      const file = { path, below: path.slice(1), modifiedAt: 1_700_000_000_000 };
      const name = names.encode(file);
      expect(names.encode(file)).toBe(name);
      const told = names.decode(name);
      expect(told?.path.split('/').at(-1)).toBe(path.split('/').at(-1));
      expect(told?.modifiedAt).toBe(file.modifiedAt);
    },
  );
}

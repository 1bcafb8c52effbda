import { mkdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Choice, type EnqueuePorts, enqueue, preview } from '../../main/uploads/enqueue.ts';
import { FileHashes } from '../../main/core/file-hashes.ts';
import { localFiles } from '../../main/files/local-files.ts';
import { readDescription } from '../../shared/description.ts';
import type { ByteRange } from '../../shared/part-plan.ts';
import { ok } from '../../shared/result.ts';
import { GiB, MiB } from '../../shared/units.ts';
import type { ArchiveId, MultipartUploadId, TreeHash, UploadId } from '../../shared/upload.ts';
import { account, hash, openStores } from '../support/store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { treeHashByDefinition } from '../support/tree-hash-by-definition.ts';

const never = new AbortController().signal;

/** A real folder and a real queue. */
function bench() {
  const { uploads, catalogue, archived } = openStores();
  const folder = temporaryFolder();
  const read: string[] = [];
  const hashes = new FileHashes(localFiles, ({ path }) => read.push(path));
  const closed = new Set<string>();
  const given: UploadId[] = [];
  const ports: EnqueuePorts = {
    uploads,
    archived,
    files: localFiles,
    hashes,
    volumes: () => Promise.resolve([]),
    clock: { now: () => 5 },
    isClosed: ({ vault }) => closed.has(vault),
    giveUp: (id) => Promise.resolve(given.push(id)),
  };
  const choice: Choice = {
    accountId: account.id,
    vault: 'photos',
    partSize: null,
    preferredPartSize: MiB,
    again: false,
  };
  return {
    folder,
    uploads,
    catalogue,
    choice,
    closed,
    /** Files that were read to be compared. */
    read,
    /** Uploads that were given up. */
    given,
    ports,
    write: (name: string, size = 1): string => {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, '');
      truncateSync(path, size);
      return path;
    },
    add: (paths: readonly string[], changes: Partial<Choice> = {}) =>
      enqueue(paths, { ...choice, ...changes }, ports, never),
    look: (paths: readonly string[], changes: Partial<Choice> = {}) =>
      preview(paths, { ...choice, ...changes }, ports, never),
    /** Its archive has this tree hash. */
    store: (id: UploadId, treeHash = hash('a')): void => {
      uploads.apply(id, { kind: 'initiate-asked', at: 1 });
      uploads.apply(id, { kind: 'multipart-initiated', multipartUploadId: `m-${id}` as MultipartUploadId, at: 2 });
      uploads.apply(id, { kind: 'parts-uploaded', treeHash, at: 3 });
      const place = { location: '/x', region: 'eu-central-1', storedAt: 4 };
      uploads.apply(id, { kind: 'completed', archiveId: `archive-${id}` as ArchiveId, at: 4 }, place);
    },
  };
}

describe('the preview', () => {
  it('counts files, bytes, parts and requests, and writes nothing', async () => {
    const { folder, uploads, write, look } = bench();
    write('a.raw', 1);
    write('b.raw', 1 * MiB);
    write('c/d.raw', 1 * MiB + 1);
    expect(await look([folder])).toEqual({
      files: 3,
      bytes: 2 * MiB + 2,
      partSizes: [{ partSize: MiB, files: 3 }],
      parts: 4,
      requests: 10,
      largest: { path: join(folder, 'c/d.raw'), size: MiB + 1, partSize: MiB },
      alreadyThere: 0,
      beside: 0,
      instead: 0,
      placeholders: 2,
      leftOut: [],
      leftOutCount: 0,
    });
    expect(uploads.list()).toEqual([]);
  });

  it('shows which files need larger parts to fit into 10,000 of them', async () => {
    const { folder, write, look } = bench();
    write('small.raw', MiB);
    write('huge.raw', 10_000 * MiB + 1);
    const { partSizes, largest } = await look([folder]);
    expect(partSizes).toEqual([
      { partSize: MiB, files: 1 },
      { partSize: 2 * MiB, files: 1 },
    ]);
    expect(largest).toMatchObject({ partSize: 2 * MiB });
  });

  it('tells before the start, not in the middle, that a chosen part size is too small', async () => {
    const { folder, write, look } = bench();
    write('huge.raw', 10_000 * MiB + 1);
    const { files, leftOut } = await look([folder], { partSize: MiB });
    expect(files).toBe(0);
    expect(leftOut).toMatchObject([{ failure: { kind: 'too-many-parts', partSize: MiB, smallestPartSize: 2 * MiB } }]);
  });

  it('takes 10,000 parts exactly', async () => {
    const { folder, write, look } = bench();
    write('just.raw', 10_000 * MiB);
    expect(await look([folder], { partSize: MiB })).toMatchObject({ files: 1, parts: 10_000, leftOutCount: 0 });
  });

  it('leaves out empty files, links and what is not there, each with its reason', async () => {
    const { folder, write, look } = bench();
    write('empty.raw', 0);
    symlinkSync('empty.raw', join(folder, 'link'));
    const { leftOut, leftOutCount } = await look([folder, join(folder, 'missing.raw')]);
    expect(leftOut).toEqual([
      { path: join(folder, 'empty.raw'), failure: { kind: 'file-empty', path: join(folder, 'empty.raw') } },
      {
        path: join(folder, 'link'),
        failure: { kind: 'not-a-file', path: join(folder, 'link'), what: 'a symbolic link' },
      },
      { path: join(folder, 'missing.raw'), failure: { kind: 'not-found', what: join(folder, 'missing.raw') } },
    ]);
    expect(leftOutCount).toBe(3);
  });

  it('shows a hundred of the files left out and counts all', async () => {
    const { folder, write, look } = bench();
    for (let n = 0; n < 130; n += 1) write(`${n}.raw`, 0);
    const { leftOut, leftOutCount } = await look([folder]);
    expect([leftOut.length, leftOutCount]).toEqual([100, 130]);
  });

  it('says that a sparse file of 40 TiB is too large', async () => {
    const { write, look } = bench();
    const path = write('huge.raw', 15 * 1024 * GiB);
    expect(await look([path], { partSize: 1 * GiB })).toMatchObject({
      leftOut: [{ failure: { kind: 'too-many-parts' } }],
    });
    expect(await look([path])).toMatchObject({ partSizes: [{ partSize: 2 * GiB }] });
  });
});

describe('adding', () => {
  it('queues what the preview promised, in the order of names', async () => {
    const { folder, uploads, write, add } = bench();
    const paths = ['Agátka ve školce .cr2', 'b.raw', 'c "d"\n.raw'].map((name) => write(name, 3));
    expect(await add([folder])).toMatchObject({ added: 3, bytes: 9, alreadyThere: 0, leftOutCount: 0 });
    expect(uploads.list().map(({ path }) => path)).toEqual(paths);
    expect(uploads.list()).toMatchObject([{ size: 3, partSize: MiB, phase: { kind: 'queued' }, hold: null }, {}, {}]);
  });

  it('describes each archive by path and time of its file', async () => {
    const { uploads, write, add } = bench();
    const path = write('Agátka ve školce .cr2');
    utimesSync(path, 1, 1_357_095_845.7);
    await add([path]);
    const upload = uploads.get(uploads.openIds()[0] as UploadId);
    expect(readDescription(upload?.description ?? '')).toMatchObject({ path, modifiedAt: 1_357_095_845_000 });
  });

  it('takes a file once that was chosen by itself and with its folder', async () => {
    const { folder, uploads, write, add } = bench();
    const path = write('a.raw');
    expect(await add([path, folder, path])).toMatchObject({ added: 1 });
    expect(uploads.list()).toHaveLength(1);
  });

  it('takes no file that is queued for the same vault already', async () => {
    const { folder, uploads, write, add } = bench();
    write('a.raw');
    await add([folder]);
    expect(await add([folder])).toMatchObject({ added: 0, alreadyThere: 1 });
    expect(await add([folder], { vault: 'other' })).toMatchObject({ added: 1 });
    expect(await add([folder], { again: true })).toMatchObject({ added: 1 });
    expect(uploads.list()).toHaveLength(3);
  });

  it('takes a file once even when it is added twice at the same time', async () => {
    const { folder, uploads, write, add } = bench();
    for (let n = 0; n < 20; n += 1) write(`${n}.raw`);
    const [one, other] = await Promise.all([add([folder]), add([folder])]);
    expect(uploads.list()).toHaveLength(20);
    expect(one.added + other.added).toBe(20);
    expect(one.alreadyThere + other.alreadyThere).toBe(20);
    expect(one.bytes + other.bytes).toBe(20);
  });

  it('takes no file that is an archive already, without reading it', async () => {
    const { folder, uploads, write, add, store, read } = bench();
    write('a.raw', 5);
    await add([folder]);
    store(uploads.openIds()[0] as UploadId);
    expect(await add([folder])).toMatchObject({ added: 0, alreadyThere: 1 });
    expect(read).toEqual([]);
  });

  it('stops when the vault is about to be emptied, also in the middle, and says why', async () => {
    const { folder, uploads, write, add, closed } = bench();
    for (let n = 0; n < 250; n += 1) write(`${String(n).padStart(3, '0')}.raw`);
    uploads.onChange(() => closed.add('photos'));
    const stopped = { kind: 'vault-being-emptied', vault: 'photos' };
    expect(await add([folder])).toMatchObject({ added: 200, stopped });
    expect(uploads.list()).toHaveLength(200);
  });

  it('follows a link that was named itself, to a folder or to a file, and no other', async () => {
    const { folder, uploads, write, add } = bench();
    const path = write('real/a.raw');
    symlinkSync('real', join(folder, 'link'));
    symlinkSync('a.raw', join(folder, 'real', 'again'));
    const { added, leftOut } = await add([join(folder, 'link'), join(folder, 'real', 'again')]);
    expect(uploads.list().map((upload) => upload.path)).toEqual([path]);
    expect([added, leftOut.map(({ failure }) => failure.kind)]).toEqual([1, ['not-a-file']]);
  });

  it('tells of files that have no byte on this computer', async () => {
    const { folder, write, look, add } = bench();
    write('in the cloud.raw', MiB);
    writeFileSync(join(folder, 'here.raw'), Buffer.alloc(MiB, 1));
    expect(await look([folder])).toMatchObject({ files: 2, placeholders: 1 });
    expect(await add([folder])).toMatchObject({ added: 2, placeholders: 1 });
  });

  it('takes a file anew whose upload was cancelled', async () => {
    const { folder, uploads, write, add } = bench();
    write('a.raw');
    await add([folder]);
    uploads.apply(uploads.openIds()[0] as UploadId, { kind: 'cancelled', at: 1 });
    expect(await add([folder])).toMatchObject({ added: 1 });
  });

  it('keeps what it has added when it is called off', async () => {
    const { folder, uploads, write, choice, ports } = bench();
    for (let n = 0; n < 250; n += 1) write(`${String(n).padStart(3, '0')}.raw`);
    const off = new AbortController();
    uploads.onChange(() => {
      off.abort(new Error('called off'));
    });
    await expect(enqueue([folder], choice, ports, off.signal)).rejects.toThrow('called off');
    expect(uploads.list()).toHaveLength(200);
  });
});

describe('a file under the name of another', () => {
  it('is another upload when it has another size or time, and the person reads that', async () => {
    const { uploads, write, look, add } = bench();
    const path = write('DSC_0001.NEF', 5);
    await add([path]);
    write('DSC_0001.NEF', 6);
    expect(await look([path])).toMatchObject({ files: 1, alreadyThere: 0, beside: 1 });
    expect(await add([path])).toMatchObject({ added: 1, alreadyThere: 0, beside: 1 });
    expect(uploads.list().map(({ size }) => size)).toEqual([5, 6]);
    utimesSync(path, 7, 7);
    expect(await add([path])).toMatchObject({ added: 1, beside: 1 });
    expect(await add([path])).toMatchObject({ added: 0, alreadyThere: 1 });
  });

  it('takes the place of an upload that stopped because the file changed', async () => {
    const { uploads, write, add, given } = bench();
    const path = write('a.raw', 5);
    await add([path]);
    const [id] = uploads.openIds() as [UploadId];
    uploads.apply(id, { kind: 'rejected', failure: { kind: 'file-changed', path, what: 'it grew' }, at: 1 });
    write('a.raw', 6);
    expect(await add([path])).toMatchObject({ added: 1, beside: 0, instead: 1 });
    expect(given).toEqual([id]);
  });
});

describe('a file whose time alone has changed', () => {
  /** Stored under its own hash. */
  async function stored() {
    const world = bench();
    const path = write(world, 'a.raw');
    await world.add([path]);
    world.store(world.uploads.openIds()[0] as UploadId, treeHashByDefinition(Buffer.alloc(5, 1)) as TreeHash);
    return { ...world, path };
  }

  function write({ folder }: { folder: string }, name: string): string {
    const path = join(folder, name);
    writeFileSync(path, Buffer.alloc(5, 1));
    utimesSync(path, 1_700_000_000.123, 1_700_000_000.123);
    return path;
  }

  it('is read and compared before anything is sent again, and only once', async () => {
    const { path, look, add, read } = await stored();
    utimesSync(path, 1_700_003_600.123, 1_700_003_600.123);
    expect(await look([path])).toMatchObject({ files: 0, alreadyThere: 1 });
    expect(await add([path])).toMatchObject({ added: 0, alreadyThere: 1 });
    expect(new Set(read)).toEqual(new Set([path]));
    const readings = read.length;
    await add([path]);
    expect(read).toHaveLength(readings);
  });

  it('is sent again when its bytes are others', async () => {
    const { path, add } = await stored();
    writeFileSync(path, Buffer.alloc(5, 2));
    expect(await add([path])).toMatchObject({ added: 1, alreadyThere: 0 });
  });

  it.each([
    ['whole seconds', 1_700_000_000],
    ['milliseconds', 1_700_000_000.123],
  ])('because a drive or a rebuilt catalogue keeps %s is known without being read', async (_, seconds) => {
    const { path, add, read } = await stored();
    utimesSync(path, seconds, seconds);
    expect(await add([path])).toMatchObject({ added: 0, alreadyThere: 1 });
    expect(read).toEqual([]);
  });

  it('by whole hours while it waits is not queued a second time', async () => {
    const world = bench();
    const path = write(world, 'a.raw');
    await world.add([path]);
    utimesSync(path, 1_700_003_600.123, 1_700_003_600.123);
    expect(await world.add([path])).toMatchObject({ added: 0, alreadyThere: 1 });
  });

  it('can be stopped while it is read', async () => {
    const { path, choice, ports } = await stored();
    utimesSync(path, 5, 5);
    const off = new AbortController();
    const hashes = new FileHashes(localFiles, () => {
      off.abort(new Error('called off'));
    });
    await expect(preview([path], choice, { ...ports, hashes }, off.signal)).rejects.toThrow('called off');
  });
});

describe('a path in another spelling', () => {
  it('is the same file where names fold case, and another one where they do not', async () => {
    const { uploads, catalogue, ports, choice, write, store } = bench();
    const path = write('a.raw', 5);
    await enqueue([path], choice, ports, never);
    store(uploads.openIds()[0] as UploadId, treeHashByDefinition(Buffer.alloc(5)) as TreeHash);
    const [row] = catalogue.all('') as Iterable<{ path: string | null }>;
    expect(row?.path).toBe(path);
    const identity = await localFiles.identify(path);
    const walk = async function* () {
      await Promise.resolve();
      if (identity.ok) yield ok({ path: path.toUpperCase(), identity: identity.value, isPlaceholder: false });
    };
    const spelledOtherwise = (foldsCase: boolean): EnqueuePorts => {
      const files = {
        ...localFiles,
        foldsCase,
        walk,
        hashRange: (_: string, ...rest: [ByteRange, AbortSignal]) => localFiles.hashRange(path, ...rest),
        identify: () => Promise.resolve(identity),
      };
      return { ...ports, files, hashes: new FileHashes(files) };
    };
    expect(await preview([path], choice, spelledOtherwise(true), never)).toMatchObject({ files: 0, alreadyThere: 1 });
    expect(await preview([path], choice, spelledOtherwise(false), never)).toMatchObject({ files: 1, alreadyThere: 0 });
  });
});

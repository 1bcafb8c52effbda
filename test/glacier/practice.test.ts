import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Failure, isTransient } from '../../shared/failure.ts';
import { partCount, partRange } from '../../shared/part-plan.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { HOUR, MINUTE, MiB } from '../../shared/units.ts';
import type { MultipartUploadId, TreeHash } from '../../shared/upload.ts';
import type { Destination, SourceFile } from '../../main/core/ports.ts';
import { combineTreeHashes } from '../../main/core/tree-hash.ts';
import { fixedCredentials } from '../../main/glacier/credentials.ts';
import { PRACTICE_CREDENTIALS, type PracticeOptions } from '../../main/practice/server.ts';
import { glacierBench, never } from '../support/glacier-bench.ts';
import { practiceBench } from '../support/practice-bench.ts';
import { treeHashByDefinition } from '../support/tree-hash-by-definition.ts';
import { valueOf } from '../support/value-of.ts';

const bench = glacierBench();
const quiet = { signal: never, onSent: () => undefined };

async function photos(options: Partial<PracticeOptions> = {}) {
  const practice = await practiceBench(options);
  const glacier = bench.open(practice.vault().url, { clock: () => practice.now(), idleTimeoutMs: 5_000 });
  await practice.client.createVault('photos');
  return { practice, glacier };
}

const initiate = async (glacier: Destination, partSize: number, description = ''): Promise<Multipart> => {
  const asked = await glacier.initiate({ vault: 'photos', description, partSize }, never);
  return { vault: 'photos', multipartUploadId: valueOf(asked) };
};

describe('an upload', () => {
  test('goes into a vault by parts and comes back as an archive ID with its tree hash', async () => {
    const { glacier } = await photos();
    const content = randomBytes(5 * MiB + 17);
    const source = await bench.file('Agátka ve školce .cr2', content);
    const upload = await initiate(glacier, 2 * MiB, 'my  archive');

    const hashes = await sendParts(glacier, upload, source, 2 * MiB);
    expect(valueOf(await glacier.listParts(upload, never))).toEqual({
      partSize: 2 * MiB,
      parts: hashes.map((treeHash, index) => ({ ...partRange(content.length, 2 * MiB, index), treeHash })),
    });
    const treeHash = combineTreeHashes(hashes);
    const stored = valueOf(await glacier.complete({ ...upload, size: content.length, treeHash }, never));
    expect(treeHash).toBe(treeHashByDefinition(content));
    expect(stored.location).toContain(`/vaults/photos/archives/${stored.archiveId}`);
    expect(valueOf(await glacier.complete({ ...upload, size: content.length, treeHash }, never))).toEqual(stored);
  });

  test('is listed whole, over as many pages as it takes, until it is aborted', async () => {
    const { glacier, practice } = await photos({ rules: { pageShortfall: 48 } });
    const source = await bench.file('five parts', randomBytes(5 * MiB));
    const upload = await initiate(glacier, MiB, 'one');
    const hashes = await sendParts(glacier, upload, source, MiB);
    const listed = valueOf(await glacier.listParts(upload, never));
    expect(listed.parts.map(({ treeHash }) => treeHash)).toEqual(hashes);

    const others = [await initiate(glacier, MiB, 'two'), await initiate(glacier, MiB), await initiate(glacier, MiB)];
    const open = valueOf(await glacier.listMultipartUploads('photos', never));
    expect(new Set(open.map(({ multipartUploadId }) => multipartUploadId))).toEqual(
      new Set([upload, ...others].map(({ multipartUploadId }) => multipartUploadId)),
    );
    expect(open).toContainEqual({
      multipartUploadId: upload.multipartUploadId,
      description: 'one',
      partSize: MiB,
      createdAt: practice.now(),
    });

    expect(await glacier.abort(upload, never)).toEqual(ok(null));
    expect(await glacier.listParts(upload, never)).toEqual(fail({ kind: 'multipart-missing' }));
    expect(valueOf(await glacier.listMultipartUploads('photos', never))).toHaveLength(3);
  });

  test('with a gap or another tree hash is refused and stays open', async () => {
    const { glacier } = await photos();
    const source = await bench.file('three parts', randomBytes(3 * MiB));
    const upload = await initiate(glacier, MiB);
    const part = (index: number) =>
      glacier.uploadPart({ ...upload, source, range: partRange(3 * MiB, MiB, index) }, quiet);
    const hashes = [valueOf(await part(0)), valueOf(await part(2))];
    const complete = (treeHash: TreeHash) => glacier.complete({ ...upload, size: 3 * MiB, treeHash }, never);
    expect(await complete(combineTreeHashes(hashes))).toMatchObject({ failure: { kind: 'completion-refused' } });
    hashes.splice(1, 0, valueOf(await part(1)));
    const wrong = combineTreeHashes(hashes.toReversed());
    expect(await complete(wrong)).toEqual(
      fail({ kind: 'completion-refused', message: `Invalid x-amz-sha256-tree-hash: ${wrong}` }),
    );
    expect(await complete(combineTreeHashes(hashes))).toMatchObject({ ok: true });
  });

  test('that stood still for a day is gone', async () => {
    const { glacier, practice } = await photos();
    const source = await bench.file('one part', randomBytes(10));
    const upload = await initiate(glacier, MiB);
    practice.wait(25 * HOUR);
    const part = { ...upload, source, range: { first: 0, last: 9 } };
    expect(await glacier.uploadPart(part, quiet)).toEqual(fail({ kind: 'multipart-missing' }));
    expect(await glacier.uploadPart({ ...part, vault: 'nothing' }, quiet)).toEqual(
      fail({ kind: 'vault-missing', vault: 'nothing' }),
    );
  });

  test.each([1, 2, 3, 4, 5, 6])('arrives through all that may befall it on the way (%i)', async (seed) => {
    const faults = { random: { seed, chance: 0.3 } };
    const { glacier } = await photos({ faults });
    const content = randomBytes(4 * MiB + 1);
    const source = await bench.file(`through faults ${seed}`, content);
    valueOf(await persist(() => glacier.createVault('photos', never)));
    const multipartUploadId = valueOf(
      await persist(() => glacier.initiate({ vault: 'photos', description: '', partSize: MiB }, never)),
    );
    const upload = { vault: 'photos', multipartUploadId };
    const ranges = Array.from({ length: 5 }, (_, index) => partRange(content.length, MiB, index));
    const parts = ranges.map((range) => persist(() => glacier.uploadPart({ ...upload, source, range }, quiet)));
    const treeHash = combineTreeHashes((await Promise.all(parts)).map(valueOf));
    const stored = await persist(() => glacier.complete({ ...upload, size: content.length, treeHash }, never));
    expect(stored).toMatchObject({ ok: true });
    expect(treeHash).toBe(treeHashByDefinition(content));
  });
});

describe('who may not', () => {
  test('is told that the secret is wrong, or the key unknown', async () => {
    const { practice } = await photos();
    const keys = { ...PRACTICE_CREDENTIALS, sessionToken: null };
    for (const wrong of [{ secretAccessKey: 'wrong' }, { accessKeyId: 'AKIAUNKNOWN' }]) {
      const credentials = fixedCredentials({ ...keys, ...wrong });
      const glacier = bench.open(practice.vault().url, { clock: () => practice.now(), credentials });
      expect(await glacier.listVaults(never)).toMatchObject({ failure: { kind: 'credentials-rejected' } });
    }
  });

  test('is told that the session is over', async () => {
    const session = {
      ...PRACTICE_CREDENTIALS,
      accessKeyId: 'ASIASESSION',
      sessionToken: 'token',
      expiresAt: Date.UTC(2026, 10, 22, 13),
    };
    const { practice } = await photos({ credentials: [PRACTICE_CREDENTIALS, session] });
    const glacier = bench.open(practice.vault().url, {
      clock: () => practice.now(),
      credentials: fixedCredentials(session),
    });
    expect(await glacier.listVaults(never)).toMatchObject({ ok: true });
    practice.wait(1 * HOUR);
    expect(await glacier.listVaults(never)).toMatchObject({ failure: { kind: 'credentials-expired' } });
  });

  test('is told that vaults are closed to the account', async () => {
    const { glacier } = await photos({ rules: { closedAccount: true } });
    expect(await glacier.listVaults(never)).toEqual(fail({ kind: 'closed-account' }));
  });

  test('has a wrong clock only once', async () => {
    const { practice } = await photos();
    const glacier = bench.open(practice.vault().url, { clock: () => practice.now() - 20 * MINUTE });
    expect(await glacier.listVaults(never)).toEqual(fail({ kind: 'clock-wrong', offsetMs: 20 * MINUTE }));
    expect(await glacier.listVaults(never)).toMatchObject({ ok: true });
  });
});

type Multipart = { vault: string; multipartUploadId: MultipartUploadId };

async function sendParts(
  glacier: Destination,
  upload: Multipart,
  source: SourceFile,
  partSize: number,
): Promise<TreeHash[]> {
  const { size } = source.identity;
  const ranges = Array.from({ length: partCount(size, partSize) }, (_, index) => partRange(size, partSize, index));
  const sent = ranges.map((range) => glacier.uploadPart({ ...upload, source, range }, quiet));
  return (await Promise.all(sent)).map(valueOf);
}

/** Tries again as long as waiting may help, as the queue does. */
async function persist<T, F extends { kind: string }>(attempt: () => Promise<Result<T, F>>): Promise<Result<T, F>> {
  for (;;) {
    const result = await attempt();
    if (result.ok || !isTransient(result.failure as unknown as Failure)) return result;
  }
}

import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { partCount, partRange } from '../../shared/part-plan.ts';
import type { Result } from '../../shared/result.ts';
import { MiB } from '../../shared/units.ts';
import type { MultipartUploadId, TreeHash } from '../../shared/upload.ts';
import type { Destination, SourceFile } from '../../main/core/ports.ts';
import { combineTreeHashes, TreeHasher } from '../../main/core/tree-hash.ts';
import { glacierBench, never } from '../support/glacier-bench.ts';
import { practiceBench } from '../support/practice-bench.ts';

const bench = glacierBench();

test('a file goes into a vault by parts and comes back as an archive ID with its tree hash', async () => {
  const practice = await practiceBench();
  const glacier = bench.open(practice.vault().url, { clock: () => practice.now() });
  const content = randomBytes(5 * MiB + 17);
  const source = await bench.file('Agátka ve školce .cr2', content);
  expect(await glacier.createVault('photos', never)).toEqual({ ok: true, value: null });
  const upload = {
    vault: 'photos',
    multipartUploadId: valueOf(
      await glacier.initiate({ vault: 'photos', description: 'my  archive', partSize: 2 * MiB }, never),
    ),
  };

  const hashes = await sendParts(glacier, upload, source, 2 * MiB);
  const listed = valueOf(await glacier.listParts(upload, never));
  expect(listed).toEqual({
    partSize: 2 * MiB,
    parts: hashes.map((treeHash, index) => ({ ...partRange(content.length, 2 * MiB, index), treeHash })),
  });
  const treeHash = combineTreeHashes(hashes);
  const stored = valueOf(await glacier.complete({ ...upload, size: content.length, treeHash }, never));
  expect(treeHash).toBe(treeHashOf(content));
  expect(stored.location).toContain(`/vaults/photos/archives/${stored.archiveId}`);
  expect(valueOf(await glacier.complete({ ...upload, size: content.length, treeHash }, never))).toEqual(stored);
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
  const sent = ranges.map((range) =>
    glacier.uploadPart({ ...upload, source, range }, { signal: never, onSent: () => undefined }),
  );
  return (await Promise.all(sent)).map(valueOf);
}

function treeHashOf(content: Uint8Array): TreeHash {
  const hasher = new TreeHasher();
  hasher.update(content);
  return hasher.digest();
}

function valueOf<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Failure, isTransient } from '../../shared/failure.ts';
import { partCount, partRange } from '../../shared/part-plan.ts';
import { type Result, fail } from '../../shared/result.ts';
import { MINUTE, MiB } from '../../shared/units.ts';
import type { MultipartUploadId, TreeHash } from '../../shared/upload.ts';
import type { Destination, SourceFile } from '../../main/core/ports.ts';
import { combineTreeHashes } from '../../main/core/tree-hash.ts';
import type { FaultyOptions } from '../support/practice/faulty.ts';
import { glacierBench, never } from '../support/glacier-bench.ts';
import { practiceBench } from '../support/practice-bench.ts';
import { treeHashByDefinition } from '../support/tree-hash-by-definition.ts';
import { valueOf } from '../support/value-of.ts';

const bench = glacierBench();
const quiet = { signal: never, onSent: () => undefined };

async function photos(options: Partial<FaultyOptions> = {}) {
  const practice = await practiceBench(options);
  const glacier = bench.open(practice.vault().url, { clock: () => practice.now(), idleTimeoutMs: 5_000 });
  await practice.client.createVault('photos');
  return { practice, glacier };
}

const initiate = async (glacier: Destination, partSize: number): Promise<Multipart> => {
  const asked = await glacier.initiate({ vault: 'photos', description: '', partSize }, never);
  return { vault: 'photos', multipartUploadId: valueOf(asked) };
};

describe('an upload', () => {
  test('sends its parts at once, and says where the archive is', async () => {
    const { glacier } = await photos();
    const content = randomBytes(5 * MiB + 17);
    const source = await bench.file('Agátka ve školce .cr2', content);
    const upload = await initiate(glacier, 2 * MiB);
    const treeHash = combineTreeHashes(await sendParts(glacier, upload, source, 2 * MiB));
    expect(treeHash).toBe(treeHashByDefinition(content));
    const stored = valueOf(await glacier.complete({ ...upload, size: content.length, treeHash }, never));
    expect(stored.location).toContain(`/vaults/photos/archives/${stored.archiveId}`);
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

test('a wrong clock is wrong only once', async () => {
  const { practice } = await photos();
  const glacier = bench.open(practice.vault().url, { clock: () => practice.now() - 20 * MINUTE });
  expect(await glacier.listVaults(never)).toEqual(fail({ kind: 'clock-wrong', offsetMs: 20 * MINUTE }));
  expect(await glacier.listVaults(never)).toMatchObject({ ok: true });
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

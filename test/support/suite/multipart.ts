import { describe, expect, test } from 'vitest';
import { ok } from '../../../shared/result.ts';
import { HOUR, MINUTE, MiB } from '../../../shared/units.ts';
import { leaves } from '../practice-data.ts';
import { treeHashByDefinition as treeHashOf } from '../tree-hash-by-definition.ts';
import { valueOf } from '../value-of.ts';
import type { Upload } from './port.ts';
import {
  type OpenScene,
  type Scene,
  countOf,
  invalid,
  newUpload,
  notFound,
  photos,
  refusedWith,
  sendParts,
} from './scene.ts';

const bytes = leaves(2.5 * MiB);
const data = { bytes, partSize: 1 * MiB };
const treeHash = treeHashOf(bytes);

export function multipartSuite(open: OpenScene): void {
  test('parts may come in any order, and become the archive with the tree hash of all bytes', async () => {
    const scene = await photos(open);
    const { glacier, practice } = scene;
    const upload = await newUpload(scene, 1 * MiB, 'my  archive');
    expect(valueOf(await glacier.listUploads('photos'))).toEqual([
      { multipartUploadId: upload.uploadId, description: 'my  archive', partSize: 1 * MiB, createdAt: practice.now() },
    ]);
    expect(await glacier.uploadPart(upload, 2 * MiB, bytes.subarray(2 * MiB))).toEqual(
      ok(treeHashOf(bytes.subarray(2 * MiB))),
    );
    await sendParts(scene, upload, data, [0, 1]);
    expect(valueOf(await glacier.listParts(upload))).toEqual({
      partSize: 1 * MiB,
      parts: [0, 1, 2].map((index) => {
        const part = bytes.subarray(index * MiB, (index + 1) * MiB);
        return { first: index * MiB, last: index * MiB + part.length - 1, treeHash: treeHashOf(part) };
      }),
    });
    expect(valueOf(await glacier.complete(upload, bytes.length, treeHash))).toMatch(/^[\w-]{138}$/);
  });

  test('parts and uploads are listed whole, over as many pages as it takes', async () => {
    const scene = await photos(open, { rules: { pageShortfall: 48 } });
    const uploads: Upload[] = [];
    for (let count = 0; count < 5; count += 1) uploads.push(await newUpload(scene, 1 * MiB, `number ${count}`));
    const listed = valueOf(await scene.glacier.listUploads('photos'));
    expect(new Set(listed.map((it) => it.multipartUploadId))).toEqual(new Set(uploads.map(({ uploadId }) => uploadId)));
    expect(countOf(scene, 'ListMultipartUploads')).toBe(3);

    const [upload] = uploads as [Upload];
    for (const index of [3, 1, 4, 0, 2]) valueOf(await scene.glacier.uploadPart(upload, index * MiB, leaves(7)));
    const { parts } = valueOf(await scene.glacier.listParts(upload));
    expect(parts.map(({ first }) => first)).toEqual([0, 1, 2, 3, 4].map((index) => index * MiB));
    expect(countOf(scene, 'ListParts')).toBe(3);
  });

  test('a part that is sent again takes the place of the older one', async () => {
    const scene = await photos(open);
    const upload = await newUpload(scene, 1 * MiB);
    for (const part of [leaves(1 * MiB), leaves(200)]) valueOf(await scene.glacier.uploadPart(upload, 0, part));
    expect(valueOf(await scene.glacier.listParts(upload)).parts).toEqual([
      { first: 0, last: 199, treeHash: treeHashOf(leaves(200)) },
    ]);
    expect(await scene.glacier.complete(upload, 200, treeHashOf(leaves(200)))).toMatchObject({ ok: true });
  });

  test('a part size that is no power of two, or beyond the limits, is refused', async () => {
    const { glacier } = await photos(open);
    for (const size of [3 * MiB, MiB / 2, 8192 * MiB]) {
      expect(await glacier.initiate('photos', size, '')).toEqual(
        refusedWith(
          `Invalid part size: ${size}. Part size must not be null, must be a power of two and be between 1048576 and 4294967296 bytes.`,
        ),
      );
    }
  });

  test('a part that does not lie where parts lie is refused, and nothing of it is kept', async () => {
    const scene = await photos(open);
    const upload = await newUpload(scene, 1 * MiB);
    expect(await scene.glacier.uploadPart(upload, 5, leaves(7))).toMatchObject(invalid);
    expect(await scene.glacier.uploadPart(upload, 0, leaves(1 * MiB + 1))).toMatchObject(invalid);
    expect(await scene.glacier.uploadPart(upload, 10_000 * MiB, leaves(7))).toEqual(
      refusedWith('This is part number 10001 for the current multipart upload. It exceeds the limit of 10000 parts.'),
    );
    expect(valueOf(await scene.glacier.listParts(upload)).parts).toEqual([]);
  });

  describe('completing', () => {
    completing(open);
  });

  test('an aborted upload is gone, and aborting it again succeeds', async () => {
    const scene = await photos(open);
    const upload = await newUpload(scene, 1 * MiB);
    await sendParts(scene, upload, data, [0]);
    for (let time = 0; time < 2; time += 1) expect(await scene.glacier.abort(upload)).toEqual(ok(null));
    await expectGone(scene, upload);
    scene.practice.wait(10 * MINUTE);
    expect(await scene.glacier.abort(upload)).toMatchObject(notFound);
  });

  test('an upload is gone a day after its last part', async () => {
    const scene = await photos(open);
    const upload = await newUpload(scene, 1 * MiB);
    scene.practice.wait(23 * HOUR);
    await sendParts(scene, upload, data, [0]);
    scene.practice.wait(24 * HOUR - 1);
    expect(valueOf(await scene.glacier.listParts(upload)).parts).toHaveLength(1);
    scene.practice.wait(1);
    await expectGone(scene, upload);
    expect(await scene.glacier.abort(upload)).toMatchObject(notFound);
  });
}

function completing(open: OpenScene): void {
  test.each<[string, number[]]>([
    ['a gap in the middle', [0, 2]],
    ['a gap at the beginning', [1, 2]],
    ['no parts', []],
  ])('with %s is refused; the upload stays open and can be completed later', async (_, indexes) => {
    const scene = await photos(open);
    const upload = await newUpload(scene, 1 * MiB);
    await sendParts(scene, upload, data, indexes);
    const present = Buffer.concat(indexes.map((index) => bytes.subarray(index * MiB, (index + 1) * MiB)));
    expect(await scene.glacier.complete(upload, bytes.length, treeHash)).toMatchObject(invalid);
    expect(await scene.glacier.complete(upload, present.length, treeHashOf(present))).toMatchObject(invalid);
    await sendParts(scene, upload, data, [0, 1, 2]);
    expect(await scene.glacier.complete(upload, bytes.length, treeHash)).toMatchObject({ ok: true });
  });

  test('with a short part that is not the last is refused', async () => {
    const scene = await photos(open);
    const upload = await newUpload(scene, 1 * MiB);
    await sendParts(scene, upload, data, [0, 1, 2]);
    const short = bytes.subarray(0, 1000);
    valueOf(await scene.glacier.uploadPart(upload, 0, short));
    const whole = Buffer.concat([short, bytes.subarray(1 * MiB)]);
    expect(await scene.glacier.complete(upload, bytes.length, treeHash)).toMatchObject(invalid);
    expect(await scene.glacier.complete(upload, whole.length, treeHashOf(whole))).toMatchObject(invalid);
  });

  test('with another size or another tree hash is refused', async () => {
    const scene = await photos(open);
    const upload = await newUpload(scene, 1 * MiB);
    await sendParts(scene, upload, data, [0, 1, 2]);
    const other = treeHashOf(leaves(1));
    expect(await scene.glacier.complete(upload, bytes.length - 1, treeHash)).toMatchObject(invalid);
    expect(await scene.glacier.complete(upload, bytes.length, other)).toEqual(
      refusedWith(`Invalid x-amz-sha256-tree-hash: ${other}`),
    );
    expect(valueOf(await scene.glacier.listParts(upload)).parts).toHaveLength(3);
  });

  test('again gives the same archive for a while; on lists the upload is gone at once', async () => {
    const scene = await photos(open);
    const upload = await newUpload(scene, 1 * MiB);
    await sendParts(scene, upload, data, [0, 1, 2]);
    const complete = () => scene.glacier.complete(upload, bytes.length, treeHash);
    const first = await complete();
    scene.practice.wait(10 * MINUTE - 1);
    expect(await complete()).toEqual(first);
    expect(await scene.glacier.listUploads('photos')).toEqual(ok([]));
    expect(await scene.glacier.listParts(upload)).toMatchObject(notFound);
    expect(await scene.glacier.abort(upload)).toMatchObject(notFound);
    scene.practice.wait(1);
    await expectGone(scene, upload);
  });
}

async function expectGone({ glacier }: Scene, upload: Upload): Promise<void> {
  expect(await glacier.listUploads('photos')).toEqual(ok([]));
  expect(await glacier.listParts(upload)).toMatchObject(notFound);
  expect(await glacier.uploadPart(upload, 0, leaves(7))).toMatchObject(notFound);
  expect(await glacier.complete(upload, bytes.length, treeHash)).toMatchObject(notFound);
}

import { expect, test } from 'vitest';
import { HOUR, MINUTE, MiB } from '../../../shared/units.ts';
import { leaves } from '../practice-data.ts';
import { treeHashByDefinition as treeHashOf } from '../tree-hash-by-definition.ts';
import { valueOf } from '../value-of.ts';
import type { ArchiveWanted } from './port.ts';
import { type OpenScene, type Scene, invalid, notFound, photos, refusedWith, store } from './scene.ts';

const bytes = leaves(6.5 * MiB);
const topic = 'arn:aws:sns:us-east-1:111122223333:done';

async function stored(open: OpenScene): Promise<Scene & { archiveId: string }> {
  const scene = await photos(open);
  return { ...scene, archiveId: await store(scene, bytes, 'one "request", only') };
}

async function retrieved(
  { glacier, practice, archiveId }: Scene & { archiveId: string },
  wanted: Partial<ArchiveWanted> = {},
): Promise<string> {
  const jobId = valueOf(await glacier.requestArchive('photos', { archiveId, tier: 'Expedited', ...wanted }));
  practice.wait(3 * MINUTE);
  return jobId;
}

/** From one MiB to another, or to the end. */
const mebibytes = (from: number, to: number) => ({ first: from * MiB, last: Math.min(to * MiB, bytes.length) - 1 });

export function retrievalSuite(open: OpenScene): void {
  test('an archive comes back as it was, with its description and its tree hash', async () => {
    const scene = await stored(open);
    const jobId = await retrieved(scene);
    const output = valueOf(await scene.glacier.output('photos', jobId));
    expect(output.bytes.equals(bytes)).toBe(true);
    expect({ ...output, bytes: null }).toEqual({
      bytes: null,
      treeHash: treeHashOf(bytes),
      contentType: 'application/octet-stream',
      description: 'one "request", only',
    });
  });

  test('a job tells all about itself', async () => {
    const scene = await stored(open);
    const { glacier, practice, archiveId } = scene;
    const createdAt = practice.now();
    const range = mebibytes(4, 7);
    const jobId = await retrieved(scene, { tier: 'Bulk', range, description: 'wanted', snsTopic: topic });
    const running = {
      jobId,
      description: 'wanted',
      createdAt,
      completedAt: null,
      status: 'in-progress',
      message: '',
      snsTopic: topic,
      purpose: {
        kind: 'archive',
        archiveId,
        archiveSize: bytes.length,
        archiveTreeHash: treeHashOf(bytes),
        range,
        treeHash: treeHashOf(bytes.subarray(4 * MiB)),
        tier: 'Bulk',
      },
    };
    expect(valueOf(await glacier.describeJob('photos', jobId))).toEqual(running);
    expect(await glacier.output('photos', jobId)).toEqual(
      refusedWith(`The job is not currently available for download: ${jobId}`),
    );
    practice.wait(8 * HOUR);
    expect(valueOf(await glacier.describeJob('photos', jobId))).toEqual({
      ...running,
      completedAt: createdAt + 8 * HOUR,
      status: 'succeeded',
      message: 'Succeeded',
    });
  });

  test.each<[number, number, boolean]>([
    [0, 7, true],
    [2, 4, true],
    [4, 7, true],
    [6, 7, true],
    [3, 5, false],
    [2, 7, false],
    [1, 2, true],
  ])('of the MiB from %d to %d of 6.5 a tree hash is told: %s', async (from, to, told) => {
    const scene = await stored(open);
    const part = bytes.subarray(from * MiB, to * MiB);
    const asDownload = await retrieved(scene);
    const asJob = await retrieved(scene, { range: mebibytes(from, to) });
    for (const output of [
      valueOf(await scene.glacier.output('photos', asDownload, mebibytes(from, to))),
      valueOf(await scene.glacier.output('photos', asJob)),
    ]) {
      expect(output.bytes.equals(part)).toBe(true);
      expect(output.treeHash).toBe(told ? treeHashOf(part) : null);
    }
  });

  test('ranges of a download count from the first byte of the job, and may be odd', async () => {
    const scene = await stored(open);
    const jobId = await retrieved(scene, { range: mebibytes(4, 6) });
    const odd = valueOf(await scene.glacier.output('photos', jobId, { first: 5, last: 1 * MiB }));
    expect(odd.bytes.equals(bytes.subarray(4 * MiB + 5, 5 * MiB + 1))).toBe(true);
    expect(odd.treeHash).toBeNull();
    const second = valueOf(await scene.glacier.output('photos', jobId, mebibytes(1, 2)));
    expect(second.treeHash).toBe(treeHashOf(bytes.subarray(5 * MiB, 6 * MiB)));
    expect(await scene.glacier.output('photos', jobId, { first: 0, last: 2 * MiB })).toMatchObject(invalid);
  });

  test('a range that does not lie on borders of a MiB, or within the archive, is no job', async () => {
    const { glacier, archiveId } = await stored(open);
    const ask = (first: number, last: number) =>
      glacier.requestArchive('photos', { archiveId, tier: 'Bulk', range: { first, last } });
    expect(await ask(1, 1 * MiB - 1)).toMatchObject(invalid);
    expect(await ask(0, 1 * MiB)).toMatchObject(invalid);
    expect(await ask(0, 7 * MiB - 1)).toMatchObject(invalid);
    expect(await ask(1 * MiB, 1 * MiB - 1)).toMatchObject(invalid);
  });

  test('jobs are listed by how far they are, over as many pages as it takes', async () => {
    const scene = await stored(open);
    const { glacier, archiveId, practice } = scene;
    const fast = await retrieved(scene);
    const slow = await retrieved(scene, { tier: 'Bulk' });
    const listed = async (filter: Parameters<typeof glacier.listJobs>[1]) =>
      valueOf(await glacier.listJobs('photos', filter)).map(({ jobId }) => jobId);
    expect(await listed({})).toEqual([fast, slow]);
    expect(await listed({ completed: true })).toEqual([fast]);
    expect(await listed({ completed: false })).toEqual([slow]);
    expect(await listed({ status: 'InProgress' })).toEqual([slow]);
    expect(await listed({ status: 'Failed' })).toEqual([]);
    for (let count = 0; count < 49; count += 1) {
      practice.wait(1);
      valueOf(await glacier.requestArchive('photos', { archiveId, tier: 'Bulk' }));
    }
    expect(await listed({})).toHaveLength(51);
  });

  test('a job whose archive is deleted before it is done fails; a deleted archive is not found', async () => {
    const scene = await stored(open);
    const { glacier, archiveId } = scene;
    const done = await retrieved(scene);
    const running = await retrieved(scene, { tier: 'Bulk' });
    valueOf(await glacier.deleteArchive('photos', archiveId));
    expect(valueOf(await glacier.describeJob('photos', running))).toMatchObject({ status: 'failed' });
    expect(await glacier.output('photos', running)).toMatchObject(invalid);
    expect(valueOf(await glacier.output('photos', done)).treeHash).toBe(treeHashOf(bytes));
    expect(await glacier.requestArchive('photos', { archiveId, tier: 'Bulk' })).toMatchObject(notFound);
  });

  test('an unknown job has neither a description nor an output', async () => {
    const { glacier } = await photos(open);
    expect(await glacier.describeJob('photos', 'x'.repeat(92))).toMatchObject(notFound);
    expect(await glacier.output('photos', 'x'.repeat(92))).toMatchObject(notFound);
  });

  test('the output of a job is gone a day after it was ready', async () => {
    const scene = await stored(open);
    const jobId = await retrieved(scene);
    scene.practice.wait(24 * HOUR - 1);
    expect(await scene.glacier.output('photos', jobId, mebibytes(0, 1))).toMatchObject({ ok: true });
    scene.practice.wait(1);
    expect(await scene.glacier.output('photos', jobId, mebibytes(0, 1))).toMatchObject(notFound);
  });

  test('the retrieval policy of the account holds standard retrievals back', async () => {
    const { glacier, archiveId } = await stored(open);
    valueOf(await glacier.setRetrievalPolicy({ strategy: 'BytesPerHour', bytesPerHour: bytes.length }));
    const ask = (tier: 'Standard' | 'Bulk') => glacier.requestArchive('photos', { archiveId, tier });
    expect(await ask('Standard')).toMatchObject({ ok: true });
    expect(await ask('Standard')).toEqual({
      ok: false,
      failure: {
        why: 'policy-enforced',
        message: 'InitiateJob request denied by current data retrieval policy.',
      },
    });
    expect(await ask('Bulk')).toMatchObject({ ok: true });
  });
}

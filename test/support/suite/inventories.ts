import { expect, test } from 'vitest';
import { DAY, HOUR } from '../../../shared/units.ts';
import { leaves } from '../practice-data.ts';
import { csvInventory } from './amazon-answers.ts';
import { treeHashByDefinition as treeHashOf } from '../tree-hash-by-definition.ts';
import { valueOf } from '../value-of.ts';
import type { InventoryWanted } from './port.ts';
import { type OpenScene, type Scene, notFound, photos, refusedWith, store } from './scene.ts';

const descriptions = ['plain', 'with, comma', 'with "quotes"', '', 'last'];

/** Five archives, an hour apart, and an inventory that knows them. */
async function five(open: OpenScene): Promise<Scene & { archives: Record<string, unknown>[]; from: number }> {
  const scene = await photos(open);
  const from = scene.practice.now();
  const archives = [];
  for (const [index, description] of descriptions.entries()) {
    const bytes = leaves(index + 1);
    const archiveId = await store(scene, bytes, description);
    const createdAt = scene.practice.now();
    archives.push({ archiveId, description, createdAt, size: bytes.length, treeHash: treeHashOf(bytes) });
    scene.practice.wait(1 * HOUR);
  }
  scene.practice.wait(1 * DAY);
  return { ...scene, archives, from };
}

async function request({ glacier, practice }: Scene, wanted: InventoryWanted): Promise<string> {
  const jobId = valueOf(await glacier.requestInventory('photos', wanted));
  practice.wait(4 * HOUR);
  return jobId;
}

export function inventorySuite(open: OpenScene): void {
  test('an inventory says the same in JSON and in CSV', async () => {
    const scene = await five(open);
    const json = await request(scene, { format: 'JSON' });
    const csv = await request(scene, { format: 'CSV' });
    const { archives, inventoryAt } = valueOf(await scene.glacier.inventory('photos', json));
    expect(archives).toEqual(scene.archives);
    expect(inventoryAt).toBe(scene.from + 1 * DAY);
    expect(csvInventory(valueOf(await scene.glacier.output('photos', csv)).bytes)).toEqual(scene.archives);
    const types = [json, csv].map(async (id) => valueOf(await scene.glacier.output('photos', id)).contentType);
    expect(await Promise.all(types)).toEqual(['application/json', 'text/csv']);
  });

  test('an inventory may be asked for by dates, or in pieces that follow each other', async () => {
    const scene = await five(open);
    const { from } = scene;
    const listed = async (wanted: Omit<InventoryWanted, 'format'>) => {
      const jobId = await request(scene, { format: 'JSON', ...wanted });
      const { purpose } = valueOf(await scene.glacier.describeJob('photos', jobId));
      const { archives } = valueOf(await scene.glacier.inventory('photos', jobId));
      return { archives, marker: purpose.kind === 'inventory' ? purpose.marker : null };
    };
    expect(await listed({ from: from + 1 * HOUR, until: from + 3 * HOUR })).toEqual({
      archives: scene.archives.slice(1, 3),
      marker: null,
    });
    const first = await listed({ limit: 3 });
    const second = await listed({ limit: 3, marker: first.marker ?? '' });
    expect([first.archives, second.archives]).toEqual([scene.archives.slice(0, 3), scene.archives.slice(3)]);
    expect(second.marker).toBeNull();
  });

  test('a job tells how far it is and how long its output will be', async () => {
    const scene = await five(open);
    const { glacier, practice } = scene;
    const createdAt = practice.now();
    const jobId = valueOf(await glacier.requestInventory('photos', { format: 'JSON' }));
    const running = {
      jobId,
      description: '',
      createdAt,
      completedAt: null,
      status: 'in-progress',
      message: '',
      snsTopic: null,
      purpose: { kind: 'inventory', format: 'JSON', size: null, marker: null, isWhole: true },
    };
    expect(valueOf(await glacier.describeJob('photos', jobId))).toEqual(running);
    expect(await glacier.inventory('photos', jobId)).toEqual(
      refusedWith(`The job is not currently available for download: ${jobId}`),
    );
    practice.wait(4 * HOUR);
    const { bytes } = valueOf(await glacier.output('photos', jobId));
    expect(valueOf(await glacier.describeJob('photos', jobId))).toEqual({
      ...running,
      completedAt: practice.now(),
      status: 'succeeded',
      message: 'Succeeded',
      purpose: { ...running.purpose, size: bytes.length },
    });
    practice.wait(24 * HOUR);
    expect(await glacier.describeJob('photos', jobId)).toMatchObject(notFound);
    expect(await glacier.inventory('photos', jobId)).toMatchObject(notFound);
    expect(valueOf(await glacier.listJobs('photos', {}))).toEqual([]);
  });

  test('there is no inventory before the first, and none of what came later', async () => {
    const scene = await photos(open);
    expect(await scene.glacier.requestInventory('photos', { format: 'JSON' })).toMatchObject(notFound);
    await store(scene, leaves(5));
    scene.practice.wait(1 * DAY);
    await store(scene, leaves(6));
    const jobId = await request(scene, { format: 'JSON' });
    expect(valueOf(await scene.glacier.inventory('photos', jobId)).archives).toHaveLength(1);
  });
}

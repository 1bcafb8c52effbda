import { expect, test } from 'vitest';
import type { ArchiveId } from '../../../shared/upload.ts';
import type { ByteRange } from '../../../shared/part-plan.ts';
import { HOUR, MiB } from '../../../shared/units.ts';
import { valueOf } from '../value-of.ts';
import { type OpenPlace, type PlaceScene, never, store } from './scene.ts';

/** What everything that brings bytes back does. */
export function thawSuite(open: OpenPlace): void {
  test('the bytes that were stored come back, range by range', async () => {
    const scene = await open();
    const { archiveId, bytes } = await store(scene);
    const job = await thaw(scene, archiveId, 'all of it');
    const ranges = [
      { first: 0, last: MiB - 1 },
      { first: MiB, last: bytes.length - 1 },
    ];
    const read = [];
    for (const range of ranges) read.push(await readRange(scene, { archiveId, job, jobFirst: 0, range }));
    expect(Buffer.concat(read.map((one) => one.bytes)).equals(bytes)).toBe(true);
  });

  test('what was asked for is found by its label, with the archive, its size and how long it is kept', async () => {
    const scene = await open();
    const { thaw: port } = scene.ports;
    if (port.tiers.length === 0) return;
    const { archiveId, bytes, checksum } = await store(scene);
    const job = await thaw(scene, archiveId, 'mine');
    const [found] = valueOf(await port.jobs(never));
    expect(found).toMatchObject({ job, archiveId, state: { kind: 'ready' } });
    expect(['mine', '']).toContain(found?.label);
    expect([bytes.length, null]).toContain(found?.size);
    expect([checksum, null]).toContain(found?.checksum);
    expect(valueOf(await port.look(job ?? '', never))).toEqual(found);
    const { state } = found ?? {};
    if (state?.kind === 'ready') expect(state.endsAt).toBeGreaterThan(port.now());
  });

  test('a part of an archive can be asked for where ranges can', async () => {
    const scene = await open();
    const { thaw: port } = scene.ports;
    if (port.rangeUnit === null || port.tiers.length === 0) return;
    const { archiveId, bytes } = await store(scene);
    const asked = { first: port.rangeUnit, last: 2 * port.rangeUnit - 1 };
    const job = await thaw(scene, archiveId, 'a part', asked);
    const read = await readRange(scene, { archiveId, job, jobFirst: asked.first, range: asked });
    expect(read.bytes.equals(bytes.subarray(asked.first, asked.last + 1))).toBe(true);
    expect(read.confirmed).toBe(true);
  });

  test('an archive that is not there cannot be asked for', async () => {
    const scene = await open();
    const { thaw: port } = scene.ports;
    const [offer] = port.tiers;
    if (!offer) return;
    const wanted = { archiveId: 'A'.repeat(138) as ArchiveId, range: null, tier: offer.tier, label: '' };
    expect(await port.request(wanted, never)).toMatchObject({ ok: false, failure: { kind: 'not-found' } });
  });

  test('what is no longer kept is gone, and is said to be', async () => {
    const scene = await open();
    const { thaw: port } = scene.ports;
    if (port.tiers.length === 0) return;
    const { archiveId } = await store(scene);
    const job = await thaw(scene, archiveId, 'too late');
    const { state } = valueOf(await port.look(job ?? '', never));
    expect(state.kind).toBe('ready');
    if (state.kind === 'ready') scene.pass(state.endsAt - port.now() + 1);
    const wanted = { archiveId, job, jobFirst: 0, range: { first: 0, last: 0 } };
    const read = await port.read(wanted, { write: () => undefined, signal: never });
    expect(read).toEqual({ ok: false, failure: { kind: 'output-gone' } });
  });
}

/** Asks for it and waits; null where nothing has to be asked for. */
async function thaw(scene: PlaceScene, archiveId: ArchiveId, label: string, range: ByteRange | null = null) {
  const { thaw: port } = scene.ports;
  const [offer] = port.tiers;
  if (!offer) return null;
  const { job } = valueOf(await port.request({ archiveId, range, tier: offer.tier, label }, never));
  while (valueOf(await port.look(job, never)).state.kind === 'in-progress') scene.pass(HOUR);
  return job;
}

async function readRange({ ports }: PlaceScene, wanted: Parameters<PlaceScene['ports']['thaw']['read']>[0]) {
  const chunks: Buffer[] = [];
  const write = (bytes: Uint8Array): void => void chunks.push(Buffer.from(bytes));
  const read = valueOf(await ports.thaw.read(wanted, { write, signal: never }));
  return { ...read, bytes: Buffer.concat(chunks) };
}

import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { writeDescription } from '../../shared/description.ts';
import { DAY, HOUR, MINUTE, MiB } from '../../shared/units.ts';
import { refusal } from '../support/line.ts';
import { VAULT, World } from '../support/world.ts';

/** Long after "a short period", so that complete is not known any more. */
const FORGOTTEN_MS = 11 * MINUTE;

/** One upload whose answer to complete was lost, and which asks again only after Glacier has forgotten. */
async function unconfirmed(world: World, effect: 'stored' | 'not stored', path = world.file('a.raw')) {
  world.line.next(
    'CompleteMultipartUpload',
    effect === 'stored' ? { kind: 'lose-answer' } : { kind: 'cut', afterBytes: 0 },
  );
  // It stands until the time has passed: a repetition that comes sooner would still find the multipart upload.
  const gate = world.line.gate('CompleteMultipartUpload', effect === 'stored' ? 'answer' : 'request');
  const [id = never()] = await world.add([path]);
  await gate.arrived;
  world.pass(effect === 'stored' ? FORGOTTEN_MS : 25 * HOUR);
  gate.open();
  await world.reaches(id, 'unconfirmed backoff awaiting-inventory');
  return { id, path };
}

function never(): never {
  throw new Error('Nothing was added');
}

describe('the last request', () => {
  it('is repeated when its answer is lost, and gives the same archive', async () => {
    const world = await World.open();
    world.line.next('CompleteMultipartUpload', { kind: 'lose-answer' }, 3);
    const [id = never()] = await world.add([world.file('a.raw')]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(world.line.count('CompleteMultipartUpload')).toBe(4);
    expect(await world.broken()).toEqual([]);
  });

  it('is repeated after a crash between its effect and the commit', async () => {
    const world = await World.open();
    const gate = world.line.gate('CompleteMultipartUpload', 'answer');
    const [id = never()] = await world.add([world.file('a.raw')]);
    await gate.arrived;
    await world.crash();
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });

  it('whose answer is lost and then forgotten is settled by the inventory: the archive is there', async () => {
    const world = await World.open();
    const { id } = await unconfirmed(world, 'stored');
    const lostAt = world.clock.now();
    expect(world.state(id)).not.toContain('stored');
    world.pass(1 * DAY);
    await world.until('a job', () => world.line.count('InitiateJob') > 0);
    world.pass(5 * HOUR);
    await world.wait('settled', 15 * MINUTE, () => world.state(id) === 'stored');
    expect(world.line.count('CompleteMultipartUpload')).toBe(2);
    expect(world.events(id)).toContain('found-in-inventory');
    expect(world.clock.now() - lostAt).toBeLessThan(2 * DAY);
    expect(await world.broken()).toEqual([]);
  });

  it('that never arrived is settled by the inventory: the archive is absent and is sent anew, once', async () => {
    const world = await World.open();
    world.foreign.add(await world.client.store(VAULT, Buffer.alloc(MiB, 7), MiB));
    const { id } = await unconfirmed(world, 'not stored');
    await world.wait('settled', HOUR, () => world.state(id) === 'stored');
    expect(world.events(id)).toContain('absent-from-inventory');
    expect(world.line.count('InitiateMultipartUpload')).toBe(2);
    expect(await world.broken()).toEqual([]);
  });

  it('that never arrived is settled also in a vault that has no inventory and will never have one', async () => {
    const world = await World.open();
    const { id } = await unconfirmed(world, 'not stored');
    await world.wait('settled', HOUR, () => world.state(id) === 'stored');
    expect(await world.broken()).toEqual([]);
  });

  it('is not settled by an inventory that is older than the question', async () => {
    const world = await World.open();
    world.foreign.add(await world.client.store(VAULT, Buffer.alloc(MiB, 7), MiB));
    world.pass(2 * DAY);
    const { id } = await unconfirmed(world, 'stored');
    for (let hour = 0; hour < 12; hour += 1) {
      world.pass(HOUR);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(world.state(id)).toMatch(/^unconfirmed/);
    }
    expect(world.line.count('GetJobOutput')).toBeGreaterThan(0);
    expect(world.line.count('InitiateMultipartUpload')).toBe(1);
    await world.wait('settled', HOUR, () => world.state(id) === 'stored');
    expect(world.events(id)).toContain('found-in-inventory');
    expect(await world.broken()).toEqual([]);
  });

  it('is not settled by an old inventory although this computer’s clock is behind', async () => {
    const world = await World.open({ clockOffsetMs: -3 * DAY });
    world.foreign.add(await world.client.store(VAULT, Buffer.alloc(MiB, 7), MiB));
    world.pass(2 * DAY);
    const { id } = await unconfirmed(world, 'stored');
    await world.wait('settled', HOUR, () => world.state(id) === 'stored');
    expect(world.events(id)).not.toContain('absent-from-inventory');
    expect(await world.broken()).toEqual([]);
  });

  it('is settled after a restart by the job that was asked for before', async () => {
    const world = await World.open();
    const { id } = await unconfirmed(world, 'stored');
    world.pass(1 * DAY);
    await world.until('a job', () => world.line.count('InitiateJob') > 1);
    const asked = world.line.count('InitiateJob');
    await world.restart();
    world.pass(5 * HOUR);
    await world.wait('settled', 15 * MINUTE, () => world.state(id) === 'stored');
    expect(world.line.count('InitiateJob')).toBe(asked);
    expect(await world.broken()).toEqual([]);
  });

  it('is settled also when the job that was asked for is long gone', async () => {
    const world = await World.open();
    const { id } = await unconfirmed(world, 'stored');
    world.pass(1 * DAY);
    const jobs = (): number =>
      world.line.passages.filter(({ operation, status }) => operation === 'InitiateJob' && status === 202).length;
    await world.wait('a job', HOUR, () => jobs() > 0);
    await world.app.queue.pause([id]);
    await world.still(id);
    world.pass(3 * DAY);
    await world.app.queue.resume([id]);
    await world.wait('settled', HOUR, () => world.state(id) === 'stored');
    expect(jobs()).toBe(2);
    expect(world.events(id)).toContain('found-in-inventory');
    expect(await world.broken()).toEqual([]);
  });

  it('of two uploads of the same file is settled for each with an archive of its own', async () => {
    const world = await World.open();
    const path = world.file('a.raw');
    const gates = [1, 2].map(() => world.line.gate('CompleteMultipartUpload', 'answer'));
    world.line.next('CompleteMultipartUpload', { kind: 'lose-answer' }, 2);
    const [one = never()] = await world.add([path]);
    const [two = never()] = await world.add([path], { again: true });
    await Promise.all(gates.map((gate) => gate.arrived));
    world.pass(FORGOTTEN_MS);
    for (const gate of gates) gate.open();
    await world.wait('settled', HOUR, () => [one, two].every((id) => world.state(id) === 'stored'));
    expect(await world.broken()).toEqual([]);
  });

  it('is settled with the newest of several archives that are the same', async () => {
    const world = await World.open();
    const path = world.file('a.raw');
    const modifiedAt = Number(statSync(path, { bigint: true }).mtimeNs / 1_000_000n);
    const headers = { 'x-amz-archive-description': writeDescription({ path, modifiedAt }) };
    const stored = await world.client.upload(VAULT, readFileSync(path), headers);
    world.foreign.add(String(stored.headers['x-amz-archive-id']));
    world.pass(HOUR);
    const { id } = await unconfirmed(world, 'stored', path);
    await world.wait('settled', HOUR, () => world.state(id) === 'stored');
    expect(world.events(id)).toContain('found-in-inventory');
    expect(await world.broken()).toEqual([]);
  });

  it('is settled with the archive that the user’s own inventory has told of before', async () => {
    const world = await World.open();
    const { id } = await unconfirmed(world, 'stored');
    await world.app.queue.pause([id]);
    await world.still(id);
    world.app.inventories.take(world.accountId, [VAULT]);
    await world.until('the inventory has told of it', () => {
      if (world.app.catalogue.count() === 1) return true;
      if (world.isIdle) world.pass(HOUR);
      return false;
    });
    await world.app.queue.resume([id]);
    await world.wait('settled', HOUR, () => world.state(id) === 'stored');
    expect(world.events(id)).toContain('found-in-inventory');
    expect(world.line.count('InitiateMultipartUpload')).toBe(1);
    expect(await world.broken()).toEqual([]);
  });

  it('is not settled with an archive of the same file that was deleted before, although an inventory lists it still', async () => {
    const world = await World.open();
    const path = world.file('a.raw');
    const [old = never()] = await world.add([path]);
    await world.reaches(old, 'stored');
    const { phase } = world.upload(old);
    const deleted = phase.kind === 'stored' ? phase.archiveId : never();
    await world.app.queue.clear();
    world.app.catalogue.remove(world.accountId, VAULT, deleted, world.clock.now());
    world.foreign.add(deleted);
    const { id } = await unconfirmed(world, 'not stored', path);
    await world.wait('settled', HOUR, () => world.state(id) === 'stored');
    expect(world.events(id)).toContain('absent-from-inventory');
    expect(await world.broken()).toEqual([]);
  });

  it('counts for nothing without an archive ID in its answer', async () => {
    const world = await World.open();
    world.line.next('CompleteMultipartUpload', { kind: 'change-answer', headers: { 'x-amz-archive-id': '' } });
    const [id = never()] = await world.add([world.file('a.raw')]);
    await world.rest();
    const failed = world.app.uploads.events(id, 99).find((event) => event.kind === 'attempt-failed');
    expect(failed).toMatchObject({ failure: { kind: 'answer-garbled' } });
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });

  it('needs no tree hash in its answer, since Glacier compared the one that was sent', async () => {
    const world = await World.open();
    world.line.next('CompleteMultipartUpload', { kind: 'change-answer', headers: { 'x-amz-sha256-tree-hash': '' } });
    const [id = never()] = await world.add([world.file('a.raw')]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(world.line.count('CompleteMultipartUpload')).toBe(1);
    expect(await world.broken()).toEqual([]);
  });

  it('counts for nothing with the tree hash of something else in its answer', async () => {
    const world = await World.open();
    const wrong = { 'x-amz-sha256-tree-hash': 'b'.repeat(64) };
    world.line.next('CompleteMultipartUpload', { kind: 'change-answer', headers: wrong }, 2);
    const [id = never()] = await world.add([world.file('a.raw')]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(world.line.count('CompleteMultipartUpload')).toBe(3);
    expect(world.upload(id).phase).not.toMatchObject({ treeHash: 'b'.repeat(64) });
    expect(await world.broken()).toEqual([]);
  });

  it('that is refused for no reason to be found needs the user, who can start over', async () => {
    const world = await World.open();
    const refused = refusal(400, 'InvalidParameterValueException', 'Invalid x-amz-archive-size: 1');
    world.line.next('CompleteMultipartUpload', refused);
    const [id = never()] = await world.add([world.file('a.raw')]);
    await world.reaches(id, 'completing failed completion-rejected');
    const again = await world.app.queue.startOver(id, MiB);
    expect(again).toMatchObject({ ok: true, value: { added: 1 } });
    await world.rest();
    expect(world.state(id)).toBe('cancelled');
    expect(world.app.catalogue.count()).toBe(1);
    expect(await world.broken()).toEqual([]);
  });
});

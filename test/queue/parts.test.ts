import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { MiB } from '../../shared/units.ts';
import type { MultipartUploadId, UploadId } from '../../shared/upload.ts';
import { refusal } from '../support/line.ts';
import { writeUnderItsOldTime } from '../support/old-time.ts';
import { treeHashByDefinition } from '../support/tree-hash-by-definition.ts';
import { losePartOnDisk, multipartsOnDisk } from '../support/vault-on-disk.ts';
import { VAULT, World } from '../support/world.ts';

/** The content range of the part that begins at MiB number `index` of a file that has more of them. */
const rangeOf = (index: number): string => `bytes ${index * MiB}-${(index + 1) * MiB - 1}/*`;

/** An upload of 4 parts, sent one after the other, paused when `parts` of them are acknowledged. */
async function halfDone(
  world: World,
  parts = 2,
): Promise<{ id: UploadId; path: string; multipart: MultipartUploadId }> {
  const path = world.file('a.raw', 4 * MiB);
  const gates = Array.from({ length: parts + 1 }, () => world.line.gate('UploadMultipartPart'));
  const [id = never()] = await world.add([path]);
  for (const gate of gates.slice(0, parts)) {
    await gate.arrived;
    gate.open();
  }
  await gates.at(-1)?.arrived;
  await world.app.queue.pause([id]);
  await world.still(id);
  // It has no asker any more, and must not arrive nevertheless.
  world.line.next('UploadMultipartPart', { kind: 'cut', afterBytes: 0 });
  gates.at(-1)?.open();
  const { phase } = world.upload(id);
  if (phase.kind !== 'uploading') throw new Error(`It is ${phase.kind}`);
  expect(world.upload(id).uploadedBytes).toBe(parts * MiB);
  return { id, path, multipart: phase.multipartUploadId };
}

function never(): never {
  throw new Error('Nothing was added');
}

const oneByOne = { settings: { parallelParts: 1 } };

describe('a part', () => {
  it.each([0, 1, 3, 4])('of %i that are done is not sent again after a restart', async (done) => {
    const world = await World.open(oneByOne);
    const path = world.file('a.raw', 4 * MiB);
    for (let part = 0; part < Math.min(done, 3); part += 1) world.line.gate('UploadMultipartPart').open();
    const stop = world.line.gate(done === 4 ? 'CompleteMultipartUpload' : 'UploadMultipartPart');
    const [id = never()] = await world.add([path]);
    await stop.arrived;
    expect(world.app.uploads.parts(id)).toHaveLength(done);
    await world.crash();
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });

  it('that Glacier has and Firn did not record is adopted, not sent again', async () => {
    const world = await World.open(oneByOne);
    const { id, path, multipart } = await halfDone(world);
    const third = readFileSync(path).subarray(2 * MiB, 3 * MiB);
    await world.client.part(VAULT, multipart, 2 * MiB, third);
    await world.restart();
    const before = world.line.passages.length;
    await world.app.queue.resume([id]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    const sent = world.line.passages.slice(before).filter(({ operation }) => operation === 'UploadMultipartPart');
    expect(sent.map(({ range }) => range)).toEqual([rangeOf(3)]);
    expect(await world.broken()).toEqual([]);
  });

  it('whose answer was lost is adopted, not sent again', async () => {
    const world = await World.open();
    world.line.next('UploadMultipartPart', { kind: 'lose-answer' }, 3);
    const [id = never()] = await world.add([world.file('a.raw', 4 * MiB)]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(world.line.count('UploadMultipartPart')).toBe(4);
    expect(await world.broken()).toEqual([]);
  });

  it('whose answer was lost on a kept connection is asked about at once, and not sent again', async () => {
    const world = await World.open(oneByOne);
    const gates = Array.from({ length: 6 }, () => world.line.gate('UploadMultipartPart'));
    const [id = never()] = await world.add([world.file('a.raw', 6 * MiB)]);
    for (const [index, gate] of gates.entries()) {
      await gate.arrived;
      if (index >= 4) world.line.next('UploadMultipartPart', { kind: 'lose-answer' });
      gate.open();
    }
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(world.line.count('UploadMultipartPart')).toBe(6);
    expect(await world.broken()).toEqual([]);
  });

  it('that arrived although its upload was paused before the answer is not sent again', async () => {
    const world = await World.open(oneByOne);
    const gate = world.line.gate('UploadMultipartPart', 'answer');
    const [id = never()] = await world.add([world.file('a.raw', 2 * MiB)]);
    await gate.arrived;
    await world.app.queue.pause([id]);
    await world.still(id);
    gate.open();
    await world.app.queue.resume([id]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(world.line.count('UploadMultipartPart')).toBe(2);
    expect(await world.broken()).toEqual([]);
  });

  it('of more parts than Glacier lists on a page is not sent again after a restart', async () => {
    const world = await World.open(oneByOne);
    const path = world.file('a.raw', 60 * MiB);
    for (let part = 0; part < 55; part += 1) world.line.gate('UploadMultipartPart').open();
    const stop = world.line.gate('UploadMultipartPart');
    const [id = never()] = await world.add([path]);
    await stop.arrived;
    await world.crash();
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(world.line.count('ListParts')).toBe(2);
    expect(await world.broken()).toEqual([]);
  });

  it('of another range than Firn’s is not adopted', async () => {
    const world = await World.open(oneByOne);
    const { id, path, multipart } = await halfDone(world);
    await world.client.part(VAULT, multipart, 2 * MiB, readFileSync(path).subarray(2 * MiB, 2.5 * MiB));
    await world.restart();
    await world.app.queue.resume([id]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });

  it('that Firn recorded and Glacier has with other bytes is sent again before the archive is completed', async () => {
    const world = await World.open(oneByOne);
    const { id, multipart } = await halfDone(world);
    await world.client.part(VAULT, multipart, 0, Buffer.alloc(MiB, 9));
    world.excused.add(rangeOf(0));
    await world.restart();
    await world.app.queue.resume([id]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(world.line.count('CompleteMultipartUpload')).toBe(1);
    expect(await world.broken()).toEqual([]);
  });

  it('that Glacier has with other bytes than the file is sent again', async () => {
    const world = await World.open(oneByOne);
    const { id, multipart } = await halfDone(world);
    await world.client.part(VAULT, multipart, 3 * MiB, Buffer.alloc(MiB, 9));
    await world.restart();
    await world.app.queue.resume([id]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });

  it('that Firn recorded and Glacier lost is sent again, and only that', async () => {
    const world = await World.open(oneByOne);
    const { id } = await halfDone(world, 3);
    await world.quit();
    await world.restartVault(() => {
      const [multipart = never()] = multipartsOnDisk(world.practiceFolder, VAULT);
      losePartOnDisk(multipart, 1);
    });
    await world.openFirn();
    world.excused.add(rangeOf(1));
    const before = world.line.passages.length;
    await world.app.queue.resume([id]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    const sent = world.line.passages.slice(before).filter(({ operation }) => operation === 'UploadMultipartPart');
    expect(sent.map(({ range }) => range)).toEqual([rangeOf(1), rangeOf(3)]);
    expect(await world.broken()).toEqual([]);
  });

  it('that comes back with the hash of other bytes counts for nothing until Glacier lists the right one', async () => {
    const world = await World.open();
    const wrong = { 'x-amz-sha256-tree-hash': 'c'.repeat(64) };
    world.line.next('UploadMultipartPart', { kind: 'change-answer', headers: wrong }, 2);
    const [id = never()] = await world.add([world.file('a.raw', 4 * MiB)]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(world.app.uploads.parts(id).map(({ treeHash }) => treeHash)).not.toContain('c'.repeat(64));
    const failed = world.app.uploads.events(id, 99).find(({ kind }) => kind === 'attempt-failed');
    expect(failed).toMatchObject({ failure: { kind: 'answer-garbled' } });
  });

  it.each([1, MiB / 2, MiB - 1])(
    'whose connection breaks after %i bytes is sent again, the others are not',
    async (bytes) => {
      const world = await World.open();
      world.line.next('UploadMultipartPart', { kind: 'cut', afterBytes: bytes }, 2);
      const [id = never()] = await world.add([world.file('a.raw', 4 * MiB)]);
      await world.rest();
      expect(world.state(id)).toBe('stored');
      expect(await world.broken()).toEqual([]);
    },
  );

  it('that is refused leaves the others where they are', async () => {
    const world = await World.open();
    world.line.next('UploadMultipartPart', refusal(400, 'InvalidParameterValueException', 'Invalid Content-Range: x'));
    const [id = never()] = await world.add([world.file('a.raw', 4 * MiB)]);
    await world.reaches(id, 'uploading failed rejected');
    expect(multipartsOnDisk(world.practiceFolder, VAULT)).toHaveLength(1);
    await world.app.queue.resume([id]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });
});

describe('parts that leave a gap', () => {
  it('are never completed, whatever the records say', async () => {
    const world = await World.open(oneByOne);
    for (let part = 0; part < 3; part += 1) world.line.gate('UploadMultipartPart').open();
    const gate = world.line.gate('UploadMultipartPart');
    const [id = never()] = await world.add([world.file('a.raw', 4 * MiB)]);
    await gate.arrived;
    const db = new Database(join(world.dataFolder, 'firn.db'));
    db.prepare('UPDATE piece SET last = last - 1 WHERE task_id = ? AND first = 0').run(id);
    db.prepare('UPDATE task SET done_bytes = done_bytes - 1 WHERE id = ?').run(id);
    db.close();
    gate.open();
    await world.reaches(id, 'uploading failed unexpected');
    expect(world.line.count('CompleteMultipartUpload')).toBe(0);
    await world.restart();
    await world.app.queue.resume([id]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
  });
});

describe('an archive that Glacier refuses to complete', () => {
  it('gets the bad parts sent again and no others', async () => {
    const world = await World.open(oneByOne);
    const gate = world.line.gate('CompleteMultipartUpload');
    const [id = never()] = await world.add([world.file('a.raw', 4 * MiB)]);
    await gate.arrived;
    const { phase } = world.upload(id);
    if (phase.kind !== 'completing') throw new Error(phase.kind);
    await world.client.part(VAULT, phase.multipartUploadId, 1 * MiB, Buffer.alloc(MiB, 9));
    world.excused.add(rangeOf(1));
    const before = world.line.passages.length;
    gate.open();
    await world.rest();
    expect(world.state(id)).toBe('stored');
    const sent = world.line.passages.slice(before).filter(({ operation }) => operation === 'UploadMultipartPart');
    expect(sent.map(({ range }) => range)).toEqual([rangeOf(1)]);
    const rejected = world.app.uploads.events(id, 99).find(({ kind }) => kind === 'completion-rejected');
    expect(rejected).toMatchObject({ badParts: [1 * MiB] });
    expect(await world.broken()).toEqual([]);
  });

  it('gets the part sent again that is no longer what the file has, although its time says nothing', async () => {
    const world = await World.open(oneByOne);
    const path = world.file('a.raw', 3 * MiB);
    const gate = world.line.gate('CompleteMultipartUpload');
    const [id = never()] = await world.add([path]);
    await gate.arrived;
    writeUnderItsOldTime(path, 1 * MiB);
    world.line.next('CompleteMultipartUpload', refusal(400, 'InvalidParameterValueException', 'Invalid tree hash: x'));
    world.excused.add(rangeOf(1));
    const before = world.line.passages.length;
    gate.open();
    await world.rest();
    expect(world.state(id)).toBe('stored');
    const sent = world.line.passages.slice(before).filter(({ operation }) => operation === 'UploadMultipartPart');
    expect(sent.map(({ range }) => range)).toEqual([rangeOf(1)]);
    expect(world.upload(id).phase).toMatchObject({ treeHash: treeHashByDefinition(readFileSync(path)) });
    expect(await world.broken()).toEqual([]);
  });

  it('again and again does not go round in circles: the user is asked after the third time', async () => {
    const world = await World.open(oneByOne);
    world.excused.add(rangeOf(0));
    const spoiling = (async () => {
      for (let time = 0; time < 3; time += 1) {
        const gate = world.line.gate('CompleteMultipartUpload');
        const { multipartUploadId } = await gate.arrived;
        await world.client.part(VAULT, multipartUploadId ?? '', 0, Buffer.alloc(MiB, 9));
        gate.open();
      }
    })();
    const [id = never()] = await world.add([world.file('a.raw', 2 * MiB)]);
    await world.rest();
    expect(world.state(id)).toBe('uploading failed completion-rejected');
    expect(world.upload(id).hold).toMatchObject({ failure: { ranges: ['0-1048575'] } });
    expect(world.line.count('CompleteMultipartUpload')).toBe(3);
    await spoiling;
    await world.app.queue.resume([id]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });
});

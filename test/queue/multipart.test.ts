import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, MiB, SECOND } from '../../shared/units.ts';
import { type Notice, explainNotice } from '../../shared/notice.ts';
import type { UploadId } from '../../shared/upload.ts';
import { refusal } from '../support/line.ts';
import { multipartsOnDisk } from '../support/vault-on-disk.ts';
import { VAULT, World } from '../support/world.ts';

function never(): never {
  throw new Error('Nothing was added');
}

/** A paused upload of which some parts are acknowledged. */
async function pausedHalfway(world: World): Promise<UploadId> {
  const gates = [1, 2].map(() => world.line.gate('UploadMultipartPart'));
  const [id = never()] = await world.add([world.file('a.raw', 4 * MiB)]);
  await gates[0]?.arrived;
  gates[0]?.open();
  await gates[1]?.arrived;
  await world.app.queue.pause([id]);
  await world.still(id);
  gates[1]?.open();
  expect(world.upload(id).uploadedBytes).toBe(1 * MiB);
  return id;
}

const oneByOne = { settings: { parallelParts: 1 } };

describe('a multipart upload', () => {
  it('that expired while paused is begun anew without being asked', async () => {
    const world = await World.open(oneByOne);
    const id = await pausedHalfway(world);
    expect(world.upload(id).expiresAt).toBeGreaterThan(world.clock.now() + 23 * HOUR);
    world.pass(25 * HOUR);
    expect(world.upload(id).expiresAt).toBeLessThan(world.clock.now());
    await world.app.queue.resume([id]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(world.events(id)).toContain('multipart-lost');
    // Parts of the lost one that counted still would be missed only now.
    expect(world.line.count('CompleteMultipartUpload')).toBe(1);
    expect(await world.broken()).toEqual([]);
  });

  it('that stands still and will soon expire is warned of, until it goes on or the user has seen it', async () => {
    const world = await World.open(oneByOne);
    const warned = (): Notice[] => world.app.notices.list().filter(({ kind }) => kind === 'uploads-expiring');
    const id = await pausedHalfway(world);
    world.pass(19 * HOUR);
    await world.add([world.file('b.raw', MiB)]);
    await world.until('b is stored', () => world.app.catalogue.count() === 1);
    expect(warned()).toEqual([]);
    world.pass(2 * HOUR);
    await world.until('warned', () => warned().length === 1);
    const { path, expiresAt } = world.upload(id);
    expect(warned()).toMatchObject([{ uploads: 1, path, firstAt: expiresAt }]);
    expect(explainNotice(warned()[0] ?? never(), 'window').title).toContain(
      'a.raw has to start over unless it goes on by',
    );

    world.app.notices.dismiss(warned()[0]?.id ?? 0);
    world.pass(30 * MINUTE);
    // Long enough that it would have been told again.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(warned()).toEqual([]);
    await world.restart();
    expect(warned()).toHaveLength(1);
    await world.app.queue.resume([id]);
    await world.reaches(id, 'stored');
    expect(warned()).toEqual([]);
    expect(world.events(id)).not.toContain('multipart-lost');
  });

  it('that expired while Firn was not running is begun anew', async () => {
    const world = await World.open(oneByOne);
    const id = await pausedHalfway(world);
    await world.app.queue.resume([id]);
    await world.quit();
    world.pass(3 * DAY);
    await world.openFirn();
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });

  it('that is lost in the middle of its parts is begun anew', async () => {
    const world = await World.open(oneByOne);
    const gate = world.line.gate('UploadMultipartPart');
    const [id = never()] = await world.add([world.file('a.raw', 4 * MiB)]);
    const { multipartUploadId } = await gate.arrived;
    await world.client.abort(VAULT, multipartUploadId ?? '');
    gate.open();
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(world.line.count('InitiateMultipartUpload')).toBe(2);
    expect(await world.broken()).toEqual([]);
  });

  it('that is lost again and again is begun anew ever more slowly, and the user can read why', async () => {
    const world = await World.open(oneByOne);
    const gone = refusal(404, 'ResourceNotFoundException', 'The upload ID was not found: x');
    world.line.next('UploadMultipartPart', gone, 1000);
    const [id = never()] = await world.add([world.file('a.raw', 1 * MiB)]);
    const startedAt = world.clock.now();
    await world.wait('12 attempts', SECOND, () => world.line.count('InitiateMultipartUpload') >= 12);
    // With random() = 0.02 the waits are 2 % of 2 s, 4 s … 60 s: at least 5 s for the last four.
    expect(world.clock.now() - startedAt).toBeGreaterThan(5 * SECOND);
    await world.until('waiting', () => world.state(id) === 'queued backoff multipart-lost');
    world.line.calm();
    await world.wait('stored', SECOND, () => world.state(id) === 'stored');
    for (const { multipartUploadId } of multipartsOnDisk(world.practiceFolder, VAULT)) {
      world.foreign.add(multipartUploadId);
    }
    expect(await world.broken()).toEqual([]);
  });

  it('whose answer to initiate was lost is swept before another is begun', async () => {
    const world = await World.open();
    world.line.next('InitiateMultipartUpload', { kind: 'lose-answer' }, 3);
    const [id = never()] = await world.add([world.file('a.raw')]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(world.line.count('InitiateMultipartUpload')).toBe(4);
    expect(world.line.count('AbortMultipartUpload')).toBe(3);
    expect(await world.broken()).toEqual([]);
  });

  it.each([0, 6 * MINUTE, -6 * MINUTE, 365 * DAY, -365 * DAY])(
    'of a crash between initiate and commit is swept, on a clock that is %i ms off',
    async (clockOffsetMs) => {
      const world = await World.open({ clockOffsetMs });
      const gate = world.line.gate('InitiateMultipartUpload', 'answer');
      const [id = never()] = await world.add([world.file('a.raw')]);
      await gate.arrived;
      expect(multipartsOnDisk(world.practiceFolder, VAULT)).toHaveLength(1);
      await world.crash();
      await world.rest();
      expect(world.state(id)).toBe('stored');
      expect(world.line.count('AbortMultipartUpload')).toBe(1);
      expect(await world.broken()).toEqual([]);
    },
  );

  it('that the service begins only after its asker has died is swept all the same', async () => {
    const world = await World.open();
    const gate = world.line.gate('InitiateMultipartUpload');
    const [id = never()] = await world.add([world.file('a.raw')]);
    await gate.arrived;
    await world.crash();
    gate.open();
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(world.line.count('AbortMultipartUpload')).toBe(1);
    expect(await world.broken()).toEqual([]);
  });

  it.each(['after a crash', 'after an outage'])(
    'that was asked for long ago and is begun only now, %s, is swept all the same',
    async (after) => {
      const world = await World.open();
      const gate = world.line.gate('InitiateMultipartUpload');
      const [id = never()] = await world.add([world.file('a.raw')]);
      await gate.arrived;
      // The computer slept, or the line stalled, while the request was on its way.
      world.pass(4 * MINUTE);
      if (after === 'after a crash') await world.crash();
      else {
        world.line.down();
        world.line.up();
        await world.until('the question is lost', () => world.waited.some(({ triedBy }) => triedBy.includes(id)));
      }
      gate.open();
      await world.wait('stored', SECOND, () => world.state(id) === 'stored');
      expect(world.line.count('AbortMultipartUpload')).toBe(1);
      expect(await world.broken()).toEqual([]);
    },
  );

  it('whose sweep fails is swept again before another is begun', async () => {
    const world = await World.open();
    world.line.next('InitiateMultipartUpload', { kind: 'lose-answer' });
    world.line.next('ListMultipartUploads', refusal(500, 'ServiceUnavailableException'));
    world.line.next('AbortMultipartUpload', refusal(500, 'ServiceUnavailableException'));
    const [id = never()] = await world.add([world.file('a.raw')]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(world.line.count('InitiateMultipartUpload')).toBe(2);
    expect(await world.broken()).toEqual([]);
  });

  it('that a life left unanswered is written down once, however short the lives after it are', async () => {
    const world = await World.open();
    const gate = world.line.gate('InitiateMultipartUpload', 'answer');
    const [id = never()] = await world.add([world.file('a.raw')]);
    await gate.arrived;
    const interruptions = (): unknown[] =>
      world.app.uploads
        .events(id, 100)
        .filter((event) => event.kind === 'attempt-failed' && event.failure.kind === 'interrupted');
    await world.crash();
    for (let life = 0; life < 3; life += 1) {
      expect(interruptions()).toHaveLength(1);
      await world.restart();
    }
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(interruptions()).toHaveLength(1);
    expect(await world.broken()).toEqual([]);
  });

  it('that a second life left unanswered as well is not swept before that life’s request is over', async () => {
    const world = await World.open();
    const first = world.line.gate('InitiateMultipartUpload');
    const [id = never()] = await world.add([world.file('a.raw')]);
    await first.arrived;
    const second = world.line.gate('InitiateMultipartUpload');
    await world.crash();
    first.open();
    await second.arrived;
    const listing = world.line.gate('ListMultipartUploads');
    const crashedAt = world.clock.now();
    await world.crash();
    await listing.arrived;
    expect(world.clock.now() - crashedAt).toBeGreaterThanOrEqual(10 * SECOND);
    second.open();
    const listed = async (): Promise<unknown> =>
      (await world.client.call('GET', `/-/vaults/${VAULT}/multipart-uploads`)).json['UploadsList'];
    await expect.poll(listed, { timeout: 20_000 }).toHaveLength(1);
    listing.open();
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });

  it('that the service refused to begin needs no sweeping', async () => {
    const world = await World.open();
    world.line.next('InitiateMultipartUpload', refusal(400, 'ThrottlingException', 'Rate exceeded'), 2);
    const [id = never()] = await world.add([world.file('a.raw')]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(world.line.count('ListMultipartUploads')).toBe(0);
  });

  it('that was asked for where nothing listens needs no sweeping, and is cancelled at once', async () => {
    const world = await World.open();
    world.app.changeSettings({ queuePaused: true });
    const [id = never()] = await world.add([world.file('a.raw')]);
    await world.line.close();
    world.app.changeSettings({ queuePaused: false });
    await world.reaches(id, 'queued backoff offline');
    expect(world.upload(id).phase).toEqual({ kind: 'queued', initiateAskedAt: null });
    expect(await world.app.queue.cancel([id])).toEqual({ waiting: 0 });
    expect(world.state(id)).toBe('cancelled');
  });

  it('of others is never touched, however much it looks like ours', async () => {
    const world = await World.open();
    const path = world.file('a.raw');
    const gate = world.line.gate('InitiateMultipartUpload', 'answer');
    const [id = never()] = await world.add([path]);
    await gate.arrived;
    const { description } = world.upload(id);
    const foreign: Record<string, string> = {
      'another description': await begin(world, 'holiday.zip', MiB),
      'another part size': await begin(world, description, 2 * MiB),
      'with parts': await begin(world, description, MiB),
    };
    await world.client.part(VAULT, foreign['with parts'] ?? '', 0, Buffer.alloc(MiB));
    for (const multipart of Object.values(foreign)) world.foreign.add(multipart);
    await world.crash();
    await world.rest();
    expect(world.state(id)).toBe('stored');
    const open = multipartsOnDisk(world.practiceFolder, VAULT).map(({ multipartUploadId }) => multipartUploadId);
    expect(open.sort()).toEqual(Object.values(foreign).sort());
    expect(await world.broken()).toEqual([]);
  });

  it('that somebody else began before is not taken for a stray of ours', async () => {
    const world = await World.open();
    world.app.changeSettings({ queuePaused: true });
    const [id = never()] = await world.add([world.file('a.raw')]);
    const older = await begin(world, world.upload(id).description, MiB);
    world.foreign.add(older);
    world.pass(10 * MINUTE);
    world.line.next('InitiateMultipartUpload', { kind: 'lose-answer' });
    world.app.changeSettings({ queuePaused: false });
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(multipartsOnDisk(world.practiceFolder, VAULT)).toMatchObject([{ multipartUploadId: older }]);
    expect(await world.broken()).toEqual([]);
  });

  it('of a queued twin is left to its twin', async () => {
    const world = await World.open(oneByOne);
    const path = world.file('a.raw', 4 * MiB);
    const gate = world.line.gate('UploadMultipartPart');
    const [one = never()] = await world.add([path]);
    await gate.arrived;
    world.line.next('InitiateMultipartUpload', { kind: 'lose-answer' });
    const [two = never()] = await world.add([path], { again: true });
    await world.until('swept', () => world.events(two).includes('strays-swept'));
    gate.open();
    await world.rest();
    expect([world.state(one), world.state(two)]).toEqual(['stored', 'stored']);
    expect(world.events(one)).not.toContain('multipart-lost');
    expect(await world.broken()).toEqual([]);
  });
});

async function begin(world: World, description: string, partSize: number): Promise<string> {
  const answer = await world.client.initiate(VAULT, partSize, description);
  return String(answer.headers['x-amz-multipart-upload-id']);
}

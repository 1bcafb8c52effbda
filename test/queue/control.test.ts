import { describe, expect, it } from 'vitest';
import { questionBeforeQuit } from '../../main/desktop/quitting.ts';
import type { VaultOperation } from '../../main/practice/vaults/protocol/routes.ts';
import { DAY, HOUR, MINUTE, MiB } from '../../shared/units.ts';
import type { UploadId } from '../../shared/upload.ts';
import { FirnCommand } from '../support/firn-command.ts';
import { type Gate, refusal } from '../support/line.ts';
import { multipartsOnDisk } from '../support/vault-on-disk.ts';
import { VAULT, World } from '../support/world.ts';

function never(): never {
  throw new Error('Nothing was added');
}

type Moment = { world: World; id: UploadId; gate: Gate };

/** An upload of two parts whose next request of that kind stands on its way to the service, or its answer on its way back. */
async function standing(operation: VaultOperation, place: 'request' | 'answer'): Promise<Moment> {
  const world = await World.open({ settings: { parallelParts: 1 } });
  if (operation === 'ListParts') {
    world.line.gate('UploadMultipartPart').open();
    const part = world.line.gate('UploadMultipartPart');
    const [id = never()] = await world.add([world.file('a.raw', 2 * MiB)]);
    await part.arrived;
    const gate = world.line.gate(operation, place);
    await world.crash();
    await gate.arrived;
    return { world, id, gate };
  }
  const gate = world.line.gate(operation, place);
  const [id = never()] = await world.add([world.file('a.raw', 2 * MiB)]);
  await gate.arrived;
  return { world, id, gate };
}

/** An upload that waits for an inventory. */
async function unconfirmed(): Promise<{ world: World; id: UploadId }> {
  const world = await World.open();
  world.line.next('CompleteMultipartUpload', { kind: 'lose-answer' });
  const gate = world.line.gate('CompleteMultipartUpload', 'answer');
  const [id = never()] = await world.add([world.file('a.raw')]);
  await gate.arrived;
  world.pass(11 * MINUTE);
  gate.open();
  await world.reaches(id, 'unconfirmed backoff awaiting-inventory');
  return { world, id };
}

/** A cancelled upload whose abort does not reach the service. */
async function waitingToAbort(): Promise<{ world: World; id: UploadId }> {
  const { world, id, gate } = await standing('UploadMultipartPart', 'request');
  world.line.next('AbortMultipartUpload', { kind: 'cut', afterBytes: 0 }, 1000);
  const cancelling = world.app.queue.cancel([id]);
  gate.open();
  await cancelling;
  await world.reaches(id, 'aborting backoff offline');
  return { world, id };
}

/** An upload of which nobody knows whether its multipart upload was begun, as it was. */
async function unanswered(): Promise<{ world: World; id: UploadId }> {
  const world = await World.open();
  world.line.next('InitiateMultipartUpload', { kind: 'lose-answer' });
  const [id = never()] = await world.add([world.file('a.raw')]);
  await world.until('the answer is lost', () => world.waited.some(({ triedBy }) => triedBy.includes(id)));
  return { world, id };
}

const moments: [VaultOperation, 'request' | 'answer'][] = [
  ['InitiateMultipartUpload', 'request'],
  ['InitiateMultipartUpload', 'answer'],
  ['UploadMultipartPart', 'request'],
  ['UploadMultipartPart', 'answer'],
  ['ListParts', 'request'],
  ['ListParts', 'answer'],
  ['CompleteMultipartUpload', 'request'],
  ['CompleteMultipartUpload', 'answer'],
];

describe('pausing', () => {
  it.each(moments)('while %s is under way (%s) stops the upload, and resuming goes on', async (operation, place) => {
    const { world, id, gate } = await standing(operation, place);
    await world.app.queue.pause([id]);
    expect(world.state(id)).toContain('paused');
    gate.open();
    await world.still(id);
    // An answer to complete that was open is heard out: the archive is stored.
    if (operation !== 'CompleteMultipartUpload') expect(world.state(id)).toContain('paused');
    await world.app.queue.resume([id]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });

  it.each(moments)('and resuming at once while %s is under way (%s) changes nothing', async (operation, place) => {
    const { world, id, gate } = await standing(operation, place);
    await world.app.queue.pause([id]);
    await world.app.queue.pause([id]);
    await world.app.queue.resume([id]);
    gate.open();
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });

  it('sends not one byte more of a part that is under way', async () => {
    const { world, id } = await standing('UploadMultipartPart', 'request');
    await world.app.queue.pause([id]);
    await world.still(id);
    expect(world.line.passages.filter(({ operation }) => operation === 'UploadMultipartPart')).toHaveLength(1);
  });

  it('counts more than how the request ends that was under way', async () => {
    const { world, id, gate } = await standing('CompleteMultipartUpload', 'request');
    world.line.next('CompleteMultipartUpload', { kind: 'cut', afterBytes: 0 });
    await world.app.queue.pause([id]);
    gate.open();
    await world.still(id);
    expect(world.state(id)).toBe('completing paused');
    await world.app.queue.resume([id]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });

  it('survives a restart, and so does what failed', async () => {
    const world = await World.open();
    world.app.changeSettings({ queuePaused: true });
    const ids = await world.add([world.file('a.raw'), world.file('b.raw')]);
    const [paused = never(), failing = never()] = ids;
    await world.app.queue.pause([paused]);
    world.line.next('InitiateMultipartUpload', refusal(403, 'AccessDeniedException', 'no'));
    world.app.changeSettings({ queuePaused: false });
    await world.rest();
    await world.restart();
    await world.rest();
    expect(ids.map((id) => world.state(id))).toEqual(['queued paused', 'queued failed access-denied']);
    expect(world.line.count('InitiateMultipartUpload')).toBe(1);
    await world.app.queue.resume('all');
    await world.rest();
    expect(ids.map((id) => world.state(id))).toEqual(['stored', 'stored']);
    expect(world.events(failing)).toContain('rejected');
    expect(await world.broken()).toEqual([]);
  });

  it('of the whole queue keeps what each upload is, and survives a restart', async () => {
    const world = await World.open({ rules: {} });
    world.app.changeSettings({ queuePaused: true });
    const [a = never(), b = never()] = await world.add([world.file('a.raw'), world.file('b.raw')]);
    await world.app.queue.pause([a]);
    await world.restart();
    expect(world.app.settings().queuePaused).toBe(true);
    expect([world.state(a), world.state(b)]).toEqual(['queued paused', 'queued']);
    expect(world.line.count('InitiateMultipartUpload')).toBe(0);
    world.app.changeSettings({ queuePaused: false });
    await world.rest();
    expect([world.state(a), world.state(b)]).toEqual(['queued paused', 'stored']);
    expect(await world.broken()).toEqual([]);
  });

  it('of the whole queue stops parts that are under way, and nothing of it is lost', async () => {
    const { world, id, gate } = await standing('UploadMultipartPart', 'request');
    world.app.changeSettings({ queuePaused: true });
    await world.still(id);
    expect(world.state(id)).toBe('uploading');
    gate.open();
    world.app.changeSettings({ queuePaused: false });
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });

  it('an upload that waits for an inventory lets it rest until it is resumed', async () => {
    const { world, id } = await unconfirmed();
    await world.app.queue.pause([id]);
    await world.still(id);
    world.pass(2 * DAY);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(world.state(id)).toBe('unconfirmed paused');
    await world.app.queue.resume([id]);
    await world.wait('stored', HOUR, () => world.state(id) === 'stored');
    expect(await world.broken()).toEqual([]);
  });
});

describe('cancelling', () => {
  it.each(moments)('while %s is under way (%s) leaves nothing behind', async (operation, place) => {
    const { world, id, gate } = await standing(operation, place);
    const cancelling = world.app.queue.cancel([id]);
    gate.open();
    const { waiting } = await cancelling;
    await world.rest();
    const stored = operation === 'CompleteMultipartUpload';
    expect(world.state(id)).toBe(stored ? 'stored' : 'cancelled');
    expect(waiting).toBe(0);
    expect(multipartsOnDisk(world.practiceFolder, VAULT)).toEqual([]);
    expect(await world.broken()).toEqual([]);
  });

  it('an upload whose answer to complete is open waits for the answer, and says so', async () => {
    const world = await World.open();
    world.line.next('CompleteMultipartUpload', { kind: 'lose-answer' }, 1000);
    const [id = never()] = await world.add([world.file('a.raw')]);
    await world.until('asked twice', () => world.line.count('CompleteMultipartUpload') > 1);
    expect(await world.app.queue.cancel([id])).toEqual({ waiting: 1 });
    world.line.calm();
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });

  it('does not undo the user’s own pause when it has to wait', async () => {
    const world = await World.open();
    world.line.next('CompleteMultipartUpload', { kind: 'lose-answer' }, 1000);
    const [id = never()] = await world.add([world.file('a.raw')]);
    await world.until('asked twice', () => world.line.count('CompleteMultipartUpload') > 1);
    await world.app.queue.pause([id]);
    expect(await world.app.queue.cancel([id])).toEqual({ waiting: 1 });
    await world.still(id);
    expect(world.state(id)).toBe('completing paused');
    world.line.calm();
    await world.app.queue.resume([id]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });

  it('an upload is given up when its account cannot sign in any more, before its last answer or while it is cancelled', async () => {
    const world = await World.open();
    world.line.next('CompleteMultipartUpload', { kind: 'lose-answer' }, 1);
    const gate = world.line.gate('CompleteMultipartUpload', 'answer');
    const [id = never()] = await world.add([world.file('a.raw')]);
    await gate.arrived;
    world.credentials.shift();
    gate.open();
    await world.until('the account waits', () => world.app.accountWaits.isWaiting(world.accountId));
    expect(world.state(id)).toMatch(/^completing/);
    expect(await world.app.queue.cancel([id])).toEqual({ waiting: 0 });
    expect(world.state(id)).toBe('cancelled');
    expect(world.events(id)).toContain('given-up');
    expect(await world.app.queue.clear()).toEqual({ cleared: 1 });
  });

  it('an upload that waits for an inventory forgets it', async () => {
    const { world, id } = await unconfirmed();
    expect(await world.app.queue.cancel([id])).toEqual({ waiting: 0 });
    expect(world.state(id)).toBe('cancelled');
  });

  it('such an upload says on the command line that the archive may be there', async () => {
    const { world, id } = await unconfirmed();
    await world.quit();
    const cancelled = await new FirnCommand(world.dataFolder, {}).run('cancel', id);
    expect(cancelled).toMatchObject({ code: 0, problems: '' });
    expect(cancelled.output).toMatch(/^Cancelled .*a\.raw\nNobody knows yet whether Amazon has stored the archive\./);
  });

  it('on the command line gives up what waits for an account that does not come back, and says what may be left', async () => {
    const world = await World.open();
    world.line.next('CompleteMultipartUpload', { kind: 'lose-answer' }, 1000);
    const [completing = never()] = await world.add([world.file('a.raw')]);
    await world.until('asked', () => world.line.count('CompleteMultipartUpload') > 1);
    const part = world.line.gate('UploadMultipartPart', 'answer');
    const [half = never()] = await world.add([world.file('b.raw', 5 * MiB)]);
    await world.until('half sent', () => world.upload(half).uploadedBytes > 0);
    await world.app.queue.pause('all');
    part.open();
    await world.still(half);
    await world.quit();

    // Without a keyring nobody has the keys.
    const firn = new FirnCommand(world.dataFolder, {});
    const first = await firn.run('cancel', completing);
    expect(first).toMatchObject({ code: 0, problems: '' });
    expect(first.output).toMatch(/^Cancelled .*a\.raw\nNobody knows yet whether Amazon has stored the archive\./);
    const second = await firn.run('cancel', half);
    expect(second).toMatchObject({ code: 5, output: '' });
    expect(second.problems).toContain(`It is cancelled here, but Amazon does not know`);
    expect(second.problems).toContain(`firn cancel ${half}`);
    const last = await firn.run('cancel', half);
    expect(last).toMatchObject({ code: 0, problems: '' });
    expect(last.output).toMatch(
      /^Cancelled .*b\.raw\nFirn cannot tell Amazon to remove what was sent: .* may stay there/,
    );
    expect((await firn.run('run')).output).toContain('Nothing is waiting');
  });

  it('once more gives up an abort that the service cannot be told of', async () => {
    const { world, id } = await waitingToAbort();
    world.line.down();
    expect(await world.app.queue.cancel([id])).toEqual({ waiting: 0 });
    expect(world.state(id)).toBe('cancelled');
    expect(world.events(id)).toContain('given-up');
  });

  it('an upload whose answer to initiate was lost leaves nothing behind', async () => {
    const { world, id } = await unanswered();
    expect(await world.app.queue.cancel([id])).toEqual({ waiting: 0 });
    expect(world.state(id)).toBe('cancelled');
    expect(await world.broken()).toEqual([]);
  });

  it('such an upload lets it go on, and not paused, while nobody can look for what was begun', async () => {
    const { world, id } = await unanswered();
    world.line.next('ListMultipartUploads', refusal(500, 'ServiceUnavailableException'), 1000);
    expect(await world.app.queue.cancel([id])).toEqual({ waiting: 1 });
    expect(world.state(id)).toMatch(/^queued/);
    expect(world.upload(id).hold?.kind).not.toBe('paused');
    world.line.calm();
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });

  it('such an upload does not wait for other keys', async () => {
    const { world, id } = await unanswered();
    world.credentials.shift();
    expect(await world.app.queue.cancel([id])).toEqual({ waiting: 0 });
    expect(world.state(id)).toBe('cancelled');
  });

  it('an upload whose multipart upload has expired meanwhile is over at once', async () => {
    const { world, id, gate } = await standing('UploadMultipartPart', 'request');
    await world.app.queue.pause([id]);
    gate.open();
    await world.still(id);
    world.pass(25 * HOUR);
    await world.app.queue.cancel([id]);
    await world.reaches(id, 'cancelled');
    expect(world.events(id)).not.toContain('attempt-failed');
    expect(await world.broken()).toEqual([]);
  });

  it('everything cancels what waits before it hears out what runs', async () => {
    const world = await World.open({ settings: { parallelUploads: 1 } });
    const gate = world.line.gate('InitiateMultipartUpload', 'answer');
    const second = world.line.gate('InitiateMultipartUpload', 'answer');
    const ids = await world.add(['a', 'b', 'c', 'd'].map((name) => world.file(name)));
    await Promise.all([gate.arrived, second.arrived]);
    const cancelling = world.app.queue.cancel('all');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ids.slice(2).map((id) => world.state(id))).toEqual(['cancelled', 'cancelled']);
    gate.open();
    second.open();
    expect(await cancelling).toEqual({ waiting: 0 });
    await world.rest();
    expect(world.line.count('InitiateMultipartUpload')).toBeLessThan(3);
    expect(await world.broken()).toEqual([]);
  });

  it('twice at the same time is the same as once', async () => {
    const { world, id, gate } = await standing('UploadMultipartPart', 'request');
    const both = Promise.all([world.app.queue.cancel([id]), world.app.queue.cancel('all')]);
    gate.open();
    expect(await both).toEqual([{ waiting: 0 }, { waiting: 0 }]);
    await world.rest();
    expect(world.state(id)).toBe('cancelled');
    expect(await world.broken()).toEqual([]);
  });

  it('goes through while the whole queue is paused', async () => {
    const { world, id, gate } = await standing('UploadMultipartPart', 'request');
    world.app.changeSettings({ queuePaused: true });
    await world.still(id);
    gate.open();
    await world.app.queue.cancel([id]);
    await world.reaches(id, 'cancelled');
    expect(multipartsOnDisk(world.practiceFolder, VAULT)).toEqual([]);
    expect(await world.broken()).toEqual([]);
  });

  it('is finished after a restart when the service could not be reached', async () => {
    const { world, id } = await waitingToAbort();
    await world.crash();
    world.line.calm();
    await world.rest();
    expect(world.state(id)).toBe('cancelled');
    expect(await world.broken()).toEqual([]);
  });

  it('cannot be paused once it has begun', async () => {
    const { world, id, gate } = await standing('UploadMultipartPart', 'request');
    const abort = world.line.gate('AbortMultipartUpload');
    gate.open();
    await world.app.queue.cancel([id]);
    await abort.arrived;
    await world.app.queue.pause('all');
    abort.open();
    await world.rest();
    expect(world.state(id)).toBe('cancelled');
    expect(await world.broken()).toEqual([]);
  });

  it('cannot be paused while it waits for its next try, either', async () => {
    const { world, id } = await waitingToAbort();
    await world.app.queue.pause([id]);
    expect(world.state(id)).toBe('aborting backoff offline');
    world.line.calm();
    await world.rest();
    expect(world.state(id)).toBe('cancelled');
    expect(await world.broken()).toEqual([]);
  });
});

describe('quitting', () => {
  it('hears the answer to a short request out', async () => {
    const { world, id, gate } = await standing('CompleteMultipartUpload', 'answer');
    const { runner } = world.app.engine;
    const quitting = world.quit();
    await world.until('it stops', () => !runner.isStarted);
    gate.open();
    await quitting;
    await world.openFirn();
    expect(world.state(id)).toBe('stored');
    expect(world.line.count('CompleteMultipartUpload')).toBe(1);
    expect(await world.broken()).toEqual([]);
  });

  it('is asked about while something runs, unless the user wants no question', async () => {
    const { world, id, gate } = await standing('UploadMultipartPart', 'request');
    const question = () => questionBeforeQuit(world.app, world.clock.now());
    expect(question()?.message).toBe('1 upload is not finished');
    expect(question()?.detail).toContain('goes on where it is now when you start it again');
    world.app.changeSettings({ askBeforeQuit: false });
    expect(question()).toBeNull();
    world.app.changeSettings({ askBeforeQuit: true });
    gate.open();
    await world.reaches(id, 'stored');
    await world.still(id);
    expect(question()).toBeNull();
  });
});

describe('all at once', () => {
  it('pausing, resuming and clearing touch every upload, whatever it is', async () => {
    const world = await World.open({ settings: { parallelUploads: 2 } });
    world.line.next('InitiateMultipartUpload', refusal(403, 'AccessDeniedException', 'no'));
    const gates = [1, 2].map(() => world.line.gate('UploadMultipartPart'));
    const ids = await world.add(['a', 'b', 'c', 'd', 'e'].map((name) => world.file(name, 2 * MiB)));
    await gates[0]?.arrived;
    await world.app.queue.pause('all');
    for (const gate of gates) gate.open();
    await world.rest();
    for (const id of ids) expect(world.state(id)).toMatch(/paused|stored/);
    await world.app.queue.resume('all');
    await world.rest();
    expect(ids.map((id) => world.state(id))).toEqual(ids.map(() => 'stored'));
    expect(await world.broken()).toEqual([]);
    expect(await world.app.queue.clear()).toEqual({ cleared: 5 });
    expect(world.app.uploads.list()).toEqual([]);
    expect(world.app.catalogue.count()).toBe(5);
  });

  it('a failed upload is retried, started over or cancelled as the user likes', async () => {
    const world = await World.open();
    world.line.next('UploadMultipartPart', refusal(403, 'AccessDeniedException', 'no'), 3);
    const files = ['a', 'b', 'c'].map((name) => world.file(name, 1 * MiB));
    const [a = never(), b = never(), c = never()] = await world.add(files);
    await world.rest();
    expect([a, b, c].map((id) => world.state(id))).toEqual(Array(3).fill('uploading failed access-denied'));
    await world.app.queue.resume([a]);
    expect(await world.app.queue.startOver(b, MiB)).toMatchObject({ ok: true, value: { added: 1 } });
    await world.app.queue.cancel([c]);
    await world.rest();
    expect([a, b, c].map((id) => world.state(id))).toEqual(['stored', 'cancelled', 'cancelled']);
    expect(world.app.catalogue.count()).toBe(2);
    expect(await world.broken()).toEqual([]);
  });

  it('nothing happens to uploads that are not there', async () => {
    const world = await World.open();
    const gone = 'f0000000-0000-4000-8000-000000000000' as UploadId;
    await world.app.queue.pause([gone]);
    await world.app.queue.resume([gone]);
    expect(await world.app.queue.cancel([gone])).toEqual({ waiting: 0 });
    expect(await world.app.queue.startOver(gone, MiB)).toMatchObject({ failure: { kind: 'not-found' } });
    expect(world.app.queue.detail(gone)).toMatchObject({ failure: { kind: 'not-found' } });
  });
});

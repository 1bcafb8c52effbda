import { describe, expect, it } from 'vitest';
import type { VaultOperation } from '../../main/practice/vaults/protocol/routes.ts';
import { DAY, HOUR, MINUTE, MiB, SECOND } from '../../shared/units.ts';
import type { UploadId } from '../../shared/upload.ts';
import { type Trouble, refusal } from '../support/line.ts';
import { multipartsOnDisk } from '../support/vault-on-disk.ts';
import { VAULT, World } from '../support/world.ts';

function never(): never {
  throw new Error('Nothing was added');
}

/** The failures that the upload met, each kind once, in order. */
function met(world: World, id: UploadId): string[] {
  const kinds = world.app.uploads
    .events(id, 10_000)
    .map((event) => (event.kind === 'attempt-failed' || event.kind === 'rejected' ? event.failure.kind : null));
  const waited = world.waited.filter(({ triedBy }) => triedBy.includes(id)).map(({ failure }) => failure.kind);
  return [...new Set([...kinds.filter((kind) => kind !== null), ...waited])];
}

const html = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';
const page = { 'content-type': 'text/html; charset=utf-8' };
const cured: [string, Trouble, string][] = [
  ['a 408 with its code', refusal(408, 'RequestTimeoutException', 'Request timed out.'), 'timed-out'],
  ['a 408 without a body', { kind: 'answer', status: 408 }, 'timed-out'],
  ['a 500', refusal(500, 'ServiceUnavailableException'), 'service-error'],
  ['a 503 in HTML', { kind: 'answer', status: 503, body: html }, 'service-error'],
  [
    'a 502 in HTML',
    { kind: 'answer', status: 502, headers: { 'content-type': 'text/html' }, body: html },
    'service-error',
  ],
  ['throttling with 400', refusal(400, 'ThrottlingException', 'Rate exceeded'), 'throttled'],
  ['throttling with 429', { kind: 'answer', status: 429, headers: { 'retry-after': '0' } }, 'throttled'],
  ['a connection that is cut', { kind: 'cut', afterBytes: 0 }, 'offline'],
  ['an answer that is lost', { kind: 'lose-answer' }, 'offline'],
  [
    'a web page that calls itself a success',
    { kind: 'answer', status: 200, headers: page, body: html },
    'answer-garbled',
  ],
];
const operations: VaultOperation[] = ['InitiateMultipartUpload', 'UploadMultipartPart', 'CompleteMultipartUpload'];

describe('what waiting cures', () => {
  it.each(cured)('%s: the upload waits and goes on by itself, whatever was asked', async (_, trouble, kind) => {
    const world = await World.open();
    for (const operation of operations) world.line.next(operation, trouble, 2);
    const [id = never()] = await world.add([world.file('a.raw')]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(met(world, id)).toEqual([kind]);
    expect(await world.broken()).toEqual([]);
  });

  it.each(cured)('%s while listing parts or aborting', async (_, trouble, kind) => {
    const world = await World.open({ settings: { parallelParts: 1 } });
    world.line.next('UploadMultipartPart', { kind: 'lose-answer' });
    world.line.next('ListParts', trouble, 2);
    const gate = world.line.gate('CompleteMultipartUpload');
    const [id = never(), other = never()] = await world.add([world.file('a.raw'), world.file('b.raw')]);
    await gate.arrived;
    gate.open();
    await world.rest();
    expect([world.state(id), world.state(other)]).toEqual(['stored', 'stored']);
    expect([...met(world, id), ...met(world, other)]).toContain(kind);
    expect(await world.broken()).toEqual([]);

    const part = world.line.gate('UploadMultipartPart');
    const [third = never()] = await world.add([world.file('c.raw')]);
    await part.arrived;
    world.line.next('AbortMultipartUpload', trouble, 2);
    part.open();
    await world.app.queue.cancel([third]);
    await world.rest();
    expect(world.state(third)).toBe('cancelled');
    expect(await world.broken()).toEqual([]);
  });

  it('an hour of 408s on a slow line stops nothing for good, and asks for fewer parts at once', async () => {
    const world = await World.open({ settings: { parallelParts: 8 } });
    world.line.next('UploadMultipartPart', refusal(408, 'RequestTimeoutException', 'Request timed out.'), 1000);
    const startedAt = world.clock.now();
    const [id = never()] = await world.add([world.file('a.raw', 8 * MiB)]);
    await world.wait('an hour', 1 * MINUTE, () => world.clock.now() - startedAt > HOUR);
    expect(world.state(id)).toMatch(/^uploading( backoff timed-out)?$/);
    expect(world.app.uploadWorker.parallelism.isLowered()).toBe(true);
    world.line.calm();
    await world.wait('stored', SECOND, () => world.state(id) === 'stored');
    expect(await world.broken()).toEqual([]);
  });

  it('a 408 makes parts fewer at once, and parts that arrive make them more again', async () => {
    const world = await World.open({ settings: { parallelParts: 2 } });
    world.line.next('UploadMultipartPart', refusal(408, 'RequestTimeoutException', 'Request timed out.'));
    world.line.gate('UploadMultipartPart').open();
    const second = world.line.gate('UploadMultipartPart');
    const [id = never()] = await world.add([world.file('a.raw', 1 * MiB)]);
    await second.arrived;
    expect(world.app.uploadWorker.parallelism.current()).toBe(1);
    second.open();
    await world.reaches(id, 'stored');
    expect(world.app.uploadWorker.parallelism.current()).toBe(2);
  });

  it('a day without a network costs nothing but the day', async () => {
    const world = await World.open({ settings: { parallelParts: 1 } });
    world.line.gate('UploadMultipartPart').open();
    const gate = world.line.gate('UploadMultipartPart');
    const [id = never(), queued = never()] = await world.add([world.file('a.raw'), world.file('b.raw')]);
    await gate.arrived;
    world.line.down();
    const startedAt = world.clock.now();
    await world.wait('most of a day', 10 * MINUTE, () => world.clock.now() - startedAt > 20 * HOUR);
    expect(world.state(id)).toMatch(/offline/);
    const { hold } = world.upload(id);
    expect(hold?.kind === 'backoff' ? hold.attempt : 0).toBeGreaterThan(20);
    // What is tried again all night does not fill the journal.
    expect(world.events(id).filter((kind) => kind === 'attempt-failed')).toEqual([]);
    world.line.up();
    gate.open();
    await world.wait('stored', SECOND, () => [id, queued].every((one) => world.state(one) === 'stored'));
    expect(world.events(id)).not.toContain('multipart-lost');
    expect(await world.broken()).toEqual([]);
  });

  it('waits ever longer, and a success makes the next wait short again', async () => {
    const world = await World.open({ settings: { parallelParts: 1 } });
    const failing = refusal(503, 'ServiceUnavailableException');
    world.line.next('InitiateMultipartUpload', failing, 4);
    const [id = never()] = await world.add([world.file('a.raw')]);
    await world.rest();
    world.line.next('InitiateMultipartUpload', failing, 1);
    const events = world.app.uploads.events(id, 100);
    expect(events.flatMap((event) => (event.kind === 'attempt-failed' ? [event.attempt] : []))).toEqual([1, 2, 3, 4]);
    expect(world.events(id)).toContain('recovered');
    world.line.next('UploadMultipartPart', failing, 1);
    const [other = never()] = await world.add([world.file('b.raw')]);
    await world.rest();
    const later = world.app.uploads.events(other, 100);
    expect(later.flatMap((event) => (event.kind === 'attempt-failed' ? [event.attempt] : []))).toEqual([1, 1]);
    expect(await world.broken()).toEqual([]);
  });

  it('waits only shortly after a part that arrived, although the next one fails', async () => {
    const world = await World.open({ settings: { parallelParts: 1 } });
    const gates = [1, 2, 3].map(() => world.line.gate('UploadMultipartPart'));
    const [id = never()] = await world.add([world.file('a.raw', 3 * MiB)]);
    for (const [index, gate] of gates.entries()) {
      await gate.arrived;
      if (index !== 1) world.line.next('UploadMultipartPart', refusal(503, 'ServiceUnavailableException'));
      gate.open();
    }
    await world.rest();
    expect(world.state(id)).toBe('stored');
    const events = world.app.uploads.events(id, 100);
    expect(events.flatMap((event) => (event.kind === 'attempt-failed' ? [event.attempt] : []))).toEqual([1, 1]);
    expect(await world.broken()).toEqual([]);
  });

  it('can be cut short by the user, who wants it tried now', async () => {
    const world = await World.open();
    world.line.next('InitiateMultipartUpload', { kind: 'answer', status: 429, headers: { 'retry-after': '3000' } });
    const [id = never()] = await world.add([world.file('a.raw')]);
    await world.reaches(id, 'queued backoff throttled');
    const { hold } = world.upload(id);
    expect(hold?.kind === 'backoff' ? hold.until - world.clock.now() : 0).toBeGreaterThan(2900 * SECOND);
    await world.app.queue.resume([id]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
  });

  it('of one kind ends when its cause is known to be gone', async () => {
    const world = await World.open();
    world.line.next('InitiateMultipartUpload', { kind: 'answer', status: 429, headers: { 'retry-after': '3000' } });
    world.line.next('InitiateMultipartUpload', { kind: 'cut', afterBytes: 0 });
    const ids = await world.add([world.file('a.raw'), world.file('b.raw')]);
    await world.until('both wait', () => ids.filter((id) => world.upload(id).hold?.kind === 'backoff').length > 0);
    world.app.engine.waits.openAll(({ failure }) => failure.kind === 'offline');
    await world.until('one is stored', () => ids.some((id) => world.state(id) === 'stored'));
    expect(ids.map((id) => world.state(id)).sort()).toEqual(['queued backoff throttled', 'stored']);
  });
});

describe('what waiting does not cure', () => {
  it.each([
    ['access-denied', refusal(403, 'AccessDeniedException', 'not authorized')],
    ['rejected', refusal(400, 'InvalidParameterValueException', 'Invalid x')],
    ['rejected', refusal(400, 'LimitExceededException', 'too many')],
  ])('%s needs the user, and nothing is aborted', async (kind, trouble) => {
    const world = await World.open();
    world.line.next('UploadMultipartPart', trouble, 9);
    const [id = never(), other = never()] = await world.add([world.file('a.raw', 2 * MiB)]).then(async ([first]) => {
      await world.until('failed', () => world.state(first ?? never()) === `uploading failed ${kind}`);
      world.line.calm();
      return [first, ...(await world.add([world.file('b.raw')]))];
    });
    await world.reaches(other, 'stored');
    expect(world.line.count('AbortMultipartUpload')).toBe(0);
    expect(multipartsOnDisk(world.practiceFolder, VAULT)).toHaveLength(1);
    await world.app.queue.resume([id]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });
});

describe('several parts that fail', () => {
  const denied = refusal(403, 'AccessDeniedException', 'not authorized');

  it('ask for the user when one of them does', async () => {
    const world = await World.open({ settings: { parallelParts: 2 } });
    const gates = [1, 2].map(() => world.line.gate('UploadMultipartPart'));
    const [id = never()] = await world.add([world.file('a.raw', 2 * MiB)]);
    await Promise.all(gates.map((gate) => gate.arrived));
    world.line.next('UploadMultipartPart', refusal(500, 'ServiceUnavailableException'));
    gates[0]?.open();
    await world.until('the first has failed', () => world.line.passages.some(({ status }) => status === 500));
    world.line.next('UploadMultipartPart', denied);
    gates[1]?.open();
    await world.until('it stops', () => world.upload(id).hold !== null);
    expect(world.state(id)).toBe('uploading failed access-denied');
    await world.app.queue.resume([id]);
    await world.rest();
    expect(await world.broken()).toEqual([]);
  });

  it('are followed by no further one', async () => {
    const world = await World.open({ settings: { parallelParts: 2 } });
    world.line.next('UploadMultipartPart', denied, 9);
    const [id = never()] = await world.add([world.file('a.raw', 8 * MiB)]);
    await world.reaches(id, 'uploading failed access-denied');
    expect(world.line.count('UploadMultipartPart')).toBe(2);
  });
});

describe('a vault that is deleted in the middle', () => {
  it('needs the user, and goes on when it is there again', async () => {
    const world = await World.open({ settings: { parallelParts: 1 } });
    const gate = world.line.gate('UploadMultipartPart');
    const [id = never()] = await world.add([world.file('a.raw', 2 * MiB)]);
    const { multipartUploadId } = await gate.arrived;
    await world.client.abort(VAULT, multipartUploadId ?? '');
    world.pass(2 * DAY);
    expect((await world.client.call('DELETE', `/-/vaults/${VAULT}`)).status).toBe(204);
    gate.open();
    await world.reaches(id, 'uploading failed vault-missing');
    await world.app.queue.resume([id]);
    await world.still(id);
    expect(world.state(id)).toBe('uploading failed vault-missing');
    await world.client.createVault(VAULT);
    await world.app.queue.resume([id]);
    await world.rest();
    expect(world.state(id)).toBe('stored');
    expect(await world.broken()).toEqual([]);
  });

  it('takes what was cancelled with it', async () => {
    const world = await World.open({ settings: { parallelParts: 1 } });
    const gate = world.line.gate('UploadMultipartPart');
    const [id = never()] = await world.add([world.file('a.raw', 2 * MiB)]);
    const { multipartUploadId } = await gate.arrived;
    await world.client.abort(VAULT, multipartUploadId ?? '');
    world.pass(2 * DAY);
    await world.client.call('DELETE', `/-/vaults/${VAULT}`);
    const cancelling = world.app.queue.cancel([id]);
    gate.open();
    await cancelling;
    await world.rest();
    expect(world.state(id)).toBe('cancelled');
  });

  it('before its turn has come is told at once', async () => {
    const world = await World.open();
    const [id = never()] = await world.add([world.file('a.raw')], { vault: 'nowhere' });
    await world.reaches(id, 'queued failed vault-missing');
  });
});

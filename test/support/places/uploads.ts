import { expect, test } from 'vitest';
import type { MultipartUploadId } from '../../../shared/upload.ts';
import { ok } from '../../../shared/result.ts';
import { HOUR } from '../../../shared/units.ts';
import { valueOf } from '../value-of.ts';
import { type OpenPlace, type PlaceScene, isNamed, never, quiet, requestIn, sendAll } from './scene.ts';
import { censusOf } from './censuses.ts';

const missing = { ok: false, failure: { kind: 'multipart-missing' } };

/** What every upload target does, whatever keeps the archives. */
export function uploadSuite(open: OpenPlace): void {
  test('the parts that were acknowledged are listed, and the same again when one is sent twice', async () => {
    const scene = await open();
    const wanted = requestIn(scene);
    const { upload, request, pieces } = await sendAll(scene, wanted);
    const source = await scene.file('again', wanted.bytes);
    const [{ checksum, receipt, ...range }] = pieces as [(typeof pieces)[0]];
    const again = await scene.ports.target.sendPart({ upload, request, source, range }, quiet);
    expect(again).toEqual(ok({ ...range, checksum, receipt }));
    expect(valueOf(await scene.ports.target.listParts(upload, request, never))).toEqual(pieces);
  });

  test('they become one archive, and finishing again makes no second one', async () => {
    const scene = await open();
    const whole = await sendAll(scene, requestIn(scene));
    const stored = valueOf(await scene.ports.target.finish(whole, never));
    expect(stored.location).not.toBe('');
    expect(stored.storedAt).toBe(scene.ports.target.now());
    const again = await scene.ports.target.finish(whole, never);
    expect(again.ok ? again.value.archiveId : again.failure.kind).toSatisfy(
      (it) => it === stored.archiveId || it === 'multipart-missing',
    );
    const { entries } = await censusOf(scene);
    expect(entries.map(({ archiveId }) => archiveId)).toEqual([stored.archiveId]);
  });

  test('finishing with another checksum, or without a part, is refused, and the parts stay', async () => {
    const scene = await open();
    const { checksums, target } = scene.ports;
    const whole = await sendAll(scene, requestIn(scene));
    const pieces = whole.pieces.slice(0, -1);
    const lacking = await target.finish({ ...whole, pieces, checksum: checksums.combine(pieces) }, never);
    expect(lacking).toMatchObject({ ok: false, failure: { kind: 'completion-refused' } });
    expect(valueOf(await target.listParts(whole.upload, whole.request, never))).toEqual(whole.pieces);
    expect(await target.finish(whole, never)).toMatchObject({ ok: true });
  });

  test('a file that is no longer what it was is not sent as if it were', async () => {
    const scene = await open();
    const { bytes, ...request } = requestIn(scene);
    const upload = valueOf(await scene.ports.target.begin(request, never));
    const before = await scene.file('changes', bytes);
    await scene.file('changes', bytes.subarray(1));
    const part = { upload, request, source: before, range: { first: 0, last: request.partSize - 1 } };
    const sent = await scene.ports.target.sendPart(part, quiet);
    expect(sent).toMatchObject({ ok: false, failure: { kind: 'file-changed' } });
    expect(valueOf(await scene.ports.target.listParts(upload, request, never))).toEqual([]);
  });

  test('a small file goes in one request, with the checksum that it has in parts', async () => {
    const scene = await open();
    const { target, checksums } = scene.ports;
    const bytes = Buffer.from('a small file');
    const request = { ...requestIn(scene, 'small.txt'), size: bytes.length };
    const source = await scene.file('small.txt', bytes);
    const { checksum, archiveId } = valueOf(await target.sendWhole({ request, source }, quiet));
    const { entries } = await censusOf(scene);
    expect(entries).toMatchObject([{ archiveId, size: bytes.length }]);
    expect(entries.map(({ name }) => isNamed(scene, name, request.name))).toEqual([true]);
    const upload = valueOf(await target.begin({ ...request, name: requestIn(scene, 'other.txt').name }, never));
    const range = { first: 0, last: bytes.length - 1 };
    const part = valueOf(await target.sendPart({ upload, request, source, range }, quiet));
    expect([part.checksum, checksums.combine([part])]).toContain(checksum);
  });

  test('what an unanswered beginning left is found while it has no parts, and is never another one', async () => {
    const scene = await open();
    const { target } = scene.ports;
    const { bytes, ...request } = requestIn(scene);
    const since = target.now();
    const upload = valueOf(await target.begin(request, never));
    const orphans = async (changes: { name?: string; known?: MultipartUploadId[] } = {}) => {
      const { known = [], ...other } = changes;
      const isKnown = (one: MultipartUploadId): boolean => known.includes(one);
      return valueOf(await target.findOrphans({ request: { ...request, ...other }, since, isKnown }, never));
    };
    expect(await orphans()).toEqual([upload]);
    expect(await orphans({ known: [upload] })).toEqual([]);
    expect(await orphans({ name: requestIn(scene, 'b.raw').name })).toEqual([]);
    const source = await scene.file('source', bytes);
    const range = { first: 0, last: request.partSize - 1 };
    valueOf(await target.sendPart({ upload, request, source, range }, quiet));
    expect(await orphans()).toEqual([]);
  });

  test('what was made long before is no orphan of this beginning', async () => {
    const scene = await open();
    const { bytes: _, ...request } = requestIn(scene);
    valueOf(await scene.ports.target.begin(request, never));
    scene.pass(HOUR);
    const since = scene.ports.target.now() + HOUR;
    const wanted = { request, since, isKnown: () => false };
    expect(valueOf(await scene.ports.target.findOrphans(wanted, never))).toEqual([]);
  });

  test('aborted, it is gone, and what is gone counts as aborted', async () => {
    const scene = await open();
    const { target } = scene.ports;
    const { bytes, ...request } = requestIn(scene);
    const upload = valueOf(await target.begin(request, never));
    for (let time = 0; time < 2; time += 1) expect(await target.abort(upload, request, never)).toEqual(ok(null));
    const source = await scene.file('source', bytes);
    const range = { first: 0, last: request.partSize - 1 };
    expect(await target.sendPart({ upload, request, source, range }, quiet)).toEqual(missing);
    expect(await target.listParts(upload, request, never)).toEqual(missing);
    const pieces = [{ ...range, checksum: 'sha256-tree:00' as const, receipt: '' }];
    const finished = await target.finish({ upload, request, pieces, checksum: 'sha256-tree:00' }, never);
    expect(finished).toMatchObject({ ok: false });
  });

  test('a place that is gone is what is said to be missing', async () => {
    const scene = await open();
    const { bytes: _, ...request } = requestIn(scene);
    const upload = valueOf(await scene.ports.target.begin(request, never));
    valueOf(await scene.ports.target.abort(upload, request, never));
    valueOf(await scene.admin.remove(scene.name, never));
    const listed = await scene.ports.target.listParts(upload, request, never);
    expect(listed).toMatchObject({ ok: false, failure: { kind: 'vault-missing' } });
  });

  test('whether a lost last request has stored the archive is told in the end', async () => {
    const scene = await open();
    const { target } = scene.ports;
    const askedAt = target.now();
    const whole = await sendAll(scene, requestIn(scene));
    const stored = valueOf(await target.finish(whole, never));
    expect(await settled(scene, { ...whole, askedAt, since: target.now() })).toBe(stored.archiveId);
  });

  test('and so it is when it has not', async () => {
    const scene = await open();
    const { target } = scene.ports;
    const askedAt = target.now();
    const whole = await sendAll(scene, requestIn(scene));
    valueOf(await target.abort(whole.upload, whole.request, never));
    expect(await settled(scene, { ...whole, askedAt, since: target.now() })).toBe('absent');
  });
}

type Lost = Awaited<ReturnType<typeof sendAll>> & { askedAt: number; since: number };

/** Goes on as an upload does until it is settled. */
async function settled(scene: PlaceScene, lost: Lost): Promise<string> {
  for (;;) {
    const answer = valueOf(await scene.ports.target.settle({ ...lost, isTaken: () => false }, never));
    switch (answer.kind) {
      case 'stored':
        return answer.archiveId;
      case 'absent':
        return 'absent';
      case 'ask-later':
        scene.pass(answer.askInMs);
        break;
      case 'census': {
        scene.pass(Math.max(0, answer.askedAfter + 1 - scene.ports.target.now()));
        const { entries } = await censusOf(scene);
        const like = entries.find(({ checksum, name }) => checksum === lost.checksum && name === lost.request.name);
        return like?.archiveId ?? 'absent';
      }
    }
  }
}

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Checksum, Piece } from '../../shared/checksum.ts';
import { ok } from '../../shared/result.ts';
import { MiB } from '../../shared/units.ts';
import { base64Of, bucketChecksums, checksumIn } from '../../main/s3/checksums.ts';
import { uploadIdOf } from '../../main/s3/refs.ts';
import { never } from '../support/glacier-bench.ts';
import { refuseS3, replyHead, replyXml } from '../support/s3-answers.ts';
import { bucketPlace, s3Bench } from '../support/s3-bench.ts';
import { type Step, reply, scriptedServer } from '../support/scripted-server.ts';

const bench = s3Bench();
const quiet = { signal: never, onSent: () => undefined };

/** What the real service was recorded to answer for 5,242,881 times "a" twice, and ten times more. */
const recorded = {
  part: 'DjU70AB1bON8k0n0fVHv2PJQVWcA/jWsITp6ti20Tbs=',
  last: 'vyy1imj2hNlaO3jvj2Ycmk5bCegsyPnMiMzpBSjK6yc=',
  composite: '9o++y6AejqboiJ7MZCx0fahK2Vu5YC/qnNhhYsCLciI=-3',
};

describe('checksums', () => {
  test('of parts, and of what is made of them, are those that the service computes', () => {
    const linear = (count: number): Checksum =>
      `sha256:${createHash('sha256').update('a'.repeat(count)).digest('hex')}`;
    const [part, last] = [linear(5 * MiB + 1), linear(10)];
    expect([base64Of(part), base64Of(last)]).toEqual([recorded.part, recorded.last]);
    const composite = bucketChecksums.combine([part, part, last].map((checksum) => ({ checksum })));
    expect(base64Of(composite)).toBe(recorded.composite);
    expect(checksumIn(recorded.composite)).toBe(composite);
  });

  test('of a single part are not those of its bytes', () => {
    const abc = checksumIn('ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=');
    expect(abc).toBe('sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    const composite = bucketChecksums.combine([{ checksum: abc as Checksum }]);
    expect(base64Of(composite)).toBe('T4tCwi3TcptRm6b2jS2nzFstYG0F2u1a1RKMwD5sY1g=-1');
  });

  test('in any other form are none', () => {
    for (const text of [null, undefined, '', 'rosUhgp5mIg=', recorded.part.slice(1), `${recorded.part}-x`])
      expect(checksumIn(text)).toBeNull();
  });
});

const request = { name: '{"key":"a b.raw","mtime":"1"}', size: 8 * MiB + 1, partSize: 8 * MiB, storageClass: null };
const upload = uploadIdOf({ key: 'a b.raw', uploadId: 'U1' });
const pieces: Piece[] = [
  { first: 0, last: 8 * MiB - 1, checksum: `sha256:${'1'.repeat(64)}`, receipt: 'e1' },
  { first: 8 * MiB, last: 8 * MiB, checksum: `sha256:${'2'.repeat(64)}`, receipt: 'e2' },
];
const checksum = bucketChecksums.combine(pieces);
const whole = { upload, request, pieces, checksum };
const completed = replyXml(
  'CompleteMultipartUploadResult',
  `<ETag>&quot;abc-2&quot;</ETag><ChecksumSHA256>${base64Of(checksum)}</ChecksumSHA256><ChecksumType>COMPOSITE</ChecksumType>`,
  { 'x-amz-version-id': 'V1' },
);
const headOf = (changes: Record<string, string> = {}): Step =>
  replyHead(200, {
    'content-length': String(request.size),
    etag: '"abc-2"',
    'last-modified': new Date(1_796_036_540_000).toUTCString(),
    'x-amz-checksum-sha256': base64Of(checksum),
    ...changes,
  });

async function scene(...steps: Step[]) {
  const server = await scriptedServer();
  server.next(...steps);
  return { server, target: bench.open(server.url).ports(bucketPlace()).target };
}

describe('beginning', () => {
  test('fixes class, metadata and algorithm, once it is known that nothing has the name', async () => {
    const created = replyXml('InitiateMultipartUploadResult', '<UploadId>U1</UploadId>');
    const { server, target } = await scene(replyHead(404), created);
    expect(await target.begin(request, never)).toEqual(ok(upload));
    expect(server.received.map(({ method, target: path }) => `${method} ${path}`)).toEqual([
      'HEAD /lena-photos/a%20b.raw',
      'POST /lena-photos/a%20b.raw?uploads=',
    ]);
    expect(server.received[1]?.headers).toMatchObject({
      'x-amz-storage-class': 'DEEP_ARCHIVE',
      'x-amz-checksum-algorithm': 'SHA256',
      'x-amz-meta-mtime': '1',
      'x-amz-meta-firn-part-size': String(8 * MiB),
    });
  });

  test('over what has the name is refused before anything is sent', async () => {
    const { target } = await scene(headOf());
    const taken = { kind: 'name-taken', name: 'a b.raw', object: '- abc-2 a b.raw' };
    expect(await target.begin(request, never)).toEqual({ ok: false, failure: taken });
  });
});

describe('a part', () => {
  const send = async (...steps: Step[]) => {
    const { server, target } = await scene(...steps);
    const source = await bench.file('part', Buffer.alloc(request.size, 7));
    return {
      server,
      answer: await target.sendPart({ upload, request, source, range: { first: 8 * MiB, last: 8 * MiB } }, quiet),
    };
  };
  const sha = createHash('sha256').update(Buffer.alloc(1, 7)).digest();
  const confirmed = { etag: '"e2"', 'x-amz-checksum-sha256': sha.toString('base64') };

  test('is sent with its SHA-256, and counts once the service has confirmed it', async () => {
    const { server, answer } = await send(reply(200, { headers: confirmed }));
    const range = { first: 8 * MiB, last: 8 * MiB };
    expect(answer).toEqual(ok({ ...range, checksum: `sha256:${sha.toString('hex')}`, receipt: 'e2' }));
    expect(server.received[0]).toMatchObject({
      method: 'PUT',
      target: '/lena-photos/a%20b.raw?partNumber=2&uploadId=U1',
      headers: {
        'content-length': '1',
        'x-amz-content-sha256': sha.toString('hex'),
        'x-amz-checksum-sha256': sha.toString('base64'),
      },
    });
    expect(server.received[0]?.body).toEqual(Buffer.from([7]));
  });

  test.each<[string, Record<string, string>]>([
    ['another checksum', { ...confirmed, 'x-amz-checksum-sha256': recorded.part }],
    ['none', { etag: '"e2"' }],
    ['no tag', { 'x-amz-checksum-sha256': sha.toString('base64') }],
  ])('does not count when the service confirms %s', async (_, headers) => {
    const { answer } = await send(reply(200, { headers }));
    expect(answer).toMatchObject({ failure: { kind: 'answer-garbled' } });
  });

  test('of an upload that is gone says so, and of a bucket that is gone says that', async () => {
    const gone =
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.';
    expect((await send(refuseS3(404, 'NoSuchUpload', gone))).answer).toMatchObject({
      failure: { kind: 'multipart-missing' },
    });
    expect((await send(refuseS3(404, 'NoSuchBucket'))).answer).toMatchObject({ failure: { kind: 'vault-missing' } });
  });
});

describe('completing', () => {
  test('sends checksums, size and condition, and counts when the answer confirms the checksum', async () => {
    const { server, target } = await scene(completed);
    expect(await target.finish(whole, never)).toMatchObject(ok({ archiveId: 'V1 abc-2 a b.raw' }));
    expect(server.received[0]?.headers).toMatchObject({
      'if-none-match': '*',
      'x-amz-mp-object-size': String(request.size),
      'x-amz-checksum-sha256': base64Of(checksum).replace('-2', ''),
      'x-amz-checksum-type': 'COMPOSITE',
    });
    expect(server.received[0]?.body.toString()).toContain(
      `<Part><ETag>&#34;e1&#34;</ETag><ChecksumSHA256>${base64Of(pieces[0]?.checksum ?? 'sha256:')}</ChecksumSHA256><PartNumber>1</PartNumber></Part>`,
    );
  });

  const slow =
    (body: string): Step =>
    (socket) => {
      const length = Buffer.byteLength(body) + 6;
      socket.write(`HTTP/1.1 200 OK\r\nx-amz-request-id: R\r\ncontent-length: ${length}\r\n\r\n   \r\n `);
      socket.write(body);
    };
  const inside = (code: string, message = ''): Step =>
    slow(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`);

  test.each<[string, Step, string]>([
    [
      'an error inside',
      inside('InternalError', 'We encountered an internal error. Please try again.'),
      'service-error',
    ],
    ['to slow down', inside('SlowDown', 'Please reduce your request rate.'), 'throttled'],
    ['an error nobody knows', inside('SomethingNew'), 'service-error'],
    ['a refusal inside', inside('InvalidPart'), 'completion-refused'],
    ['that it is gone, inside', inside('NoSuchUpload'), 'multipart-missing'],
    ['nothing', reply(200, { headers: { 'x-amz-request-id': 'R' } }), 'service-error'],
    ['white space alone', slow(''), 'service-error'],
    ['half an answer', slow('<CompleteMultipartUploadResult><ETag>'), 'answer-garbled'],
    ['another document', slow('<Something/>'), 'answer-garbled'],
    [
      'another checksum',
      replyXml(
        'CompleteMultipartUploadResult',
        `<ETag>"x-2"</ETag><ChecksumSHA256>${recorded.composite}</ChecksumSHA256>`,
      ),
      'answer-garbled',
    ],
    ['no checksum', replyXml('CompleteMultipartUploadResult', '<ETag>"x-2"</ETag>'), 'answer-garbled'],
  ])('with 200 and %s is no success', async (_, step, kind) => {
    const { target } = await scene(step);
    expect(await target.finish(whole, never)).toMatchObject({ ok: false, failure: { kind } });
  });

  test('after minutes of white space is one', async () => {
    const result = `<CompleteMultipartUploadResult><ETag>"abc-2"</ETag><ChecksumSHA256>${base64Of(checksum)}</ChecksumSHA256></CompleteMultipartUploadResult>`;
    const { target } = await scene(slow(`<?xml version="1.0" encoding="UTF-8"?>\n\n${result}`));
    expect(await target.finish(whole, never)).toMatchObject(ok({ archiveId: '- abc-2 a b.raw' }));
  });

  test.each([
    [
      'InvalidPart',
      "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    ],
    ['EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size'],
    ['InvalidPartOrder', 'The list of parts was not in ascending order. Parts must be ordered by part number.'],
    ['BadDigest', 'The sha256 you specified for part 1 did not match what we received.'],
    ['InvalidRequest', "The provided 'x-amz-mp-object-size' header value 5 does not match what was computed: 4"],
  ])('that is refused for its parts (%s) says so, and the upload stays', async (code, message) => {
    const { server, target } = await scene(refuseS3(400, code, message));
    expect(await target.finish(whole, never)).toEqual({ ok: false, failure: { kind: 'completion-refused', message } });
    expect(server.received).toHaveLength(1);
  });

  const taken = refuseS3(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');

  test('that meets its own object, stored by a request whose answer was lost, has succeeded', async () => {
    const { target } = await scene(taken, headOf({ 'x-amz-version-id': 'V1' }));
    expect(await target.finish(whole, never)).toMatchObject(ok({ archiveId: 'V1 abc-2 a b.raw' }));
  });

  test('that meets the object of another does not replace it', async () => {
    const { target } = await scene(taken, headOf({ 'x-amz-checksum-sha256': recorded.composite }));
    expect(await target.finish(whole, never)).toMatchObject({ failure: { kind: 'name-taken', name: 'a b.raw' } });
  });

  test('that can never succeed any more ends the upload, which begins anew', async () => {
    const overtaken = refuseS3(
      409,
      'ConditionalRequestConflict',
      'The conditional request cannot succeed due to a conflicting operation against this resource.',
    );
    const { server, target } = await scene(overtaken, reply(204));
    expect(await target.finish(whole, never)).toEqual({ ok: false, failure: { kind: 'multipart-missing' } });
    expect(server.received[1]).toMatchObject({ method: 'DELETE', target: '/lena-photos/a%20b.raw?uploadId=U1' });
  });
});

describe('a lost answer', () => {
  const lost = { ...whole, askedAt: 0, isTaken: () => false };
  const settle = async (steps: Step[], since: 'now' | 'long ago', isTaken = () => false) => {
    const { target } = await scene(...steps);
    return target.settle({ ...lost, isTaken, since: since === 'now' ? target.now() : 0 }, never);
  };
  const versions = (status: string): Step => replyXml('VersioningConfiguration', status);

  test('is settled by the object that is there, at once', async () => {
    expect(await settle([headOf()], 'now')).toEqual(
      ok({
        kind: 'stored',
        archiveId: '- abc-2 a b.raw',
        location: '/-/lena-photos/a b.raw',
        storedAt: 1_796_036_540_000,
      }),
    );
  });

  test('is absent when there is none, but not at once', async () => {
    expect(await settle([replyHead(404)], 'now')).toMatchObject({ value: { kind: 'ask-later' } });
    expect(await settle([replyHead(404)], 'long ago')).toEqual(ok({ kind: 'absent' }));
  });

  test('is not settled by the object of another, which nobody may overwrite', async () => {
    const other = headOf({ 'x-amz-checksum-sha256': recorded.composite, etag: '"other"' });
    expect(await settle([other, versions('')], 'long ago')).toMatchObject({
      failure: { kind: 'name-taken', object: '- other a b.raw' },
    });
  });

  test('is settled by an older version, when another has come over it', async () => {
    const other = headOf({ 'x-amz-checksum-sha256': recorded.composite });
    const list = replyXml(
      'ListVersionsResult',
      '<IsTruncated>false</IsTruncated><EncodingType>url</EncodingType>' +
        ['V2', 'V1']
          .map(
            (id) =>
              `<Version><Key>a+b.raw</Key><VersionId>${id}</VersionId><IsLatest>${id === 'V2'}</IsLatest><ETag>"abc-2"</ETag><Size>${request.size}</Size><LastModified>2026-11-30T12:00:00.000Z</LastModified></Version>`,
          )
          .join(''),
    );
    const enabled = versions('<Status>Enabled</Status>');
    const { server, target } = await scene(other, enabled, list, headOf({ 'x-amz-version-id': 'V1' }));
    expect(await target.settle({ ...lost, since: 0 }, never)).toMatchObject({
      value: { kind: 'stored', archiveId: 'V1 abc-2 a b.raw' },
    });
    expect(server.received.at(-1)?.target).toBe('/lena-photos/a%20b.raw?versionId=V1');
  });
});

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { AccountBinding } from '../../main/aws/account-binding.ts';
import { headObject } from '../../main/s3/head.ts';
import { listBuckets } from '../../main/s3/buckets.ts';
import { deleteObjects } from '../../main/s3/delete-objects.ts';
import { listUploads } from '../../main/s3/multipart.ts';
import { MINUTE } from '../../shared/units.ts';
import { never } from '../support/glacier-bench.ts';
import { refuseS3, replyHead, replyXml } from '../support/s3-answers.ts';
import { s3Bench } from '../support/s3-bench.ts';
import { reply, scriptedServer } from '../support/scripted-server.ts';

const bench = s3Bench();
const bucket = 'lena-photos';
const noUploads = replyXml('ListMultipartUploadsResult', '<IsTruncated>false</IsTruncated>');
const scopeOf = (headers: Record<string, string>): string =>
  /Credential=[^,]*/.exec(headers['authorization'] ?? '')?.[0] ?? '';

describe('a request', () => {
  test('carries the hash of its body, which is none, and is signed for S3', async () => {
    const server = await scriptedServer();
    server.next(noUploads);
    expect(await listUploads(bench.client(server.url), { bucket, prefix: 'a b+' }, never)).toEqual({
      ok: true,
      value: [],
    });
    expect(server.received[0]).toMatchObject({
      method: 'GET',
      target: '/lena-photos?uploads=&prefix=a%20b%2B&encoding-type=url',
      headers: { 'x-amz-content-sha256': createHash('sha256').digest('hex') },
    });
    expect(scopeOf(server.received[0]?.headers ?? {})).toMatch(/\/us-east-1\/s3\/aws4_request$/);
  });

  test.each([
    ['301', refuseS3(301, 'PermanentRedirect', '', '', { 'x-amz-bucket-region': 'eu-central-1' })],
    [
      '400',
      refuseS3(
        400,
        'AuthorizationHeaderMalformed',
        "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-central-1'",
        '<Region>eu-central-1</Region>',
      ),
    ],
  ])('follows its bucket to another region (%s), and goes there at once from then on', async (_, elsewhere) => {
    const server = await scriptedServer();
    server.next(elsewhere, noUploads, noUploads);
    const client = bench.client(server.url);
    for (let time = 0; time < 2; time += 1)
      expect(await listUploads(client, { bucket, prefix: '' }, never)).toEqual({ ok: true, value: [] });
    expect(server.received.map(({ headers }) => scopeOf(headers).split('/')[2])).toEqual([
      'us-east-1',
      'eu-central-1',
      'eu-central-1',
    ]);
  });

  test('is not sent round in circles, nor to a region that is none', async () => {
    const server = await scriptedServer();
    const to = (region: string) => refuseS3(301, 'PermanentRedirect', '', '', { 'x-amz-bucket-region': region });
    server.next(to('eu-west-1'), to('us-east-1'), to('eu-west-1'), to('evil.example/'));
    const client = bench.client(server.url);
    expect(await listUploads(client, { bucket, prefix: '' }, never)).toMatchObject({ ok: false });
    expect(server.received).toHaveLength(3);
    expect(await listUploads(client, { bucket: 'other', prefix: '' }, never)).toMatchObject({ ok: false });
    expect(server.received).toHaveLength(4);
  });

  test('is not sent for a bucket whose name would make its address another one', async () => {
    const server = await scriptedServer();
    for (const name of ['..', 'a/b', 'evil.example:80', 'UPPER', 'ab', ''])
      expect(await listUploads(bench.client(server.url), { bucket: name, prefix: '' }, never)).toMatchObject({
        failure: { kind: 'invalid-input' },
      });
    expect(server.received).toEqual([]);
  });

  test('tells an error page on the way from an object that is a page', async () => {
    const server = await scriptedServer();
    const page = { 'content-type': 'text/html', 'content-length': '5', 'last-modified': new Date(0).toUTCString() };
    server.next(replyHead(200, page), reply(200, { headers: page }));
    const client = bench.client(server.url);
    expect(await headObject(client, { bucket, key: 'index.html' }, never)).toMatchObject({
      ok: true,
      value: { size: 5 },
    });
  });

  test('sets the clock by what a refusal of its time tells', async () => {
    const server = await scriptedServer();
    const local = Date.UTC(2026, 10, 30, 12);
    const date = new Date(local + 40 * MINUTE).toUTCString();
    server.next(refuseS3(403, 'RequestTimeTooSkewed', '', '', { date }), noUploads);
    const client = bench.client(server.url, { clock: () => local });
    expect(await listUploads(client, { bucket, prefix: '' }, never)).toEqual({
      ok: false,
      failure: { kind: 'clock-wrong', offsetMs: 40 * MINUTE },
    });
    expect(await listUploads(client, { bucket, prefix: '' }, never)).toMatchObject({ ok: true });
    expect(server.received[1]?.headers['x-amz-date']).toBe('20261130T124000Z');
  });
});

describe('the account that is meant', () => {
  const binding = (number: string | null, asked: string | null = null): AccountBinding & { learnt: string[] } => {
    const learnt: string[] = [];
    return {
      learnt,
      number: () => learnt[0] ?? number,
      learned: (found) => void learnt.push(found),
      ask: () => Promise.resolve(asked),
    };
  };

  test('goes along with every request about a bucket, and with none about all of them', async () => {
    const server = await scriptedServer();
    server.next(noUploads, replyXml('ListAllMyBucketsResult', '<Buckets/>'));
    const client = bench.client(server.url, { account: binding('111122223333') });
    await listUploads(client, { bucket, prefix: '' }, never);
    await listBuckets(client, never);
    expect(server.received.map(({ headers }) => headers['x-amz-expected-bucket-owner'])).toEqual([
      '111122223333',
      undefined,
    ]);
  });

  test('is asked for before anything is, where it is not known yet', async () => {
    const server = await scriptedServer();
    server.next(noUploads);
    const account = binding(null, '111122223333');
    await listUploads(bench.client(server.url, { account }), { bucket, prefix: '' }, never);
    expect(account.learnt).toEqual(['111122223333']);
    expect(server.received[0]?.headers['x-amz-expected-bucket-owner']).toBe('111122223333');
  });

  test('is another one than that of the credentials: that is what is said', async () => {
    const server = await scriptedServer();
    server.next(refuseS3(403, 'AccessDenied', 'Access Denied'));
    const client = bench.client(server.url, { account: binding('111122223333', '444455556666') });
    expect(await listUploads(client, { bucket, prefix: '' }, never)).toEqual({
      ok: false,
      failure: { kind: 'wrong-account', expected: '111122223333', found: '444455556666' },
    });
  });

  test('has to be known before anything is deleted', async () => {
    const server = await scriptedServer();
    const client = bench.client(server.url, { account: binding(null) });
    const objects = [{ key: 'a', versionId: null, etag: 'e' }];
    expect(await deleteObjects(client, { bucket, objects, hasVersions: false }, never)).toEqual({
      ok: false,
      failure: { kind: 'account-unknown' },
    });
    expect(server.received).toEqual([]);
  });
});

test('a deletion names versions where there are any, the tags of entities where not, and reads each answer', async () => {
  const server = await scriptedServer();
  server.next(
    replyXml(
      'DeleteResult',
      '<Deleted><Key>a</Key></Deleted><Error><Key>b &amp; c</Key><Code>PreconditionFailed</Code><Message>x</Message></Error>' +
        '<Error><Key>d</Key><Code>AccessDenied</Code><Message>Access Denied because object protected by object lock.</Message></Error>',
    ),
    reply(204, { headers: { 'x-amz-request-id': 'R' } }),
    replyXml('DeleteResult', '<Deleted><Key>a</Key><VersionId>null</VersionId></Deleted>'),
  );
  const client = bench.client(server.url);
  const objects = ['a', 'b & c', 'd', 'odd\u0001'].map((key) => ({ key, versionId: null, etag: 'e1' }));
  expect(await deleteObjects(client, { bucket, objects, hasVersions: false }, never)).toMatchObject({
    value: [
      { ok: true },
      { failure: { kind: 'archive-differs' } },
      { failure: { kind: 'object-locked', name: 'd' } },
      { ok: true },
    ],
  });
  expect(server.received[0]?.body.toString()).toContain('<Object><Key>a</Key><ETag>&#34;e1&#34;</ETag></Object>');
  expect(server.received[1]).toMatchObject({ method: 'DELETE', headers: { 'if-match': '"e1"' } });
  expect(server.received[1]?.target).toBe('/lena-photos/odd%01');
  expect(await deleteObjects(client, { bucket, objects: objects.slice(0, 1), hasVersions: true }, never)).toMatchObject(
    {
      value: [{ ok: true }],
    },
  );
  expect(server.received[2]?.body.toString()).toContain('<Key>a</Key><VersionId>null</VersionId>');
});

test('a deletion of which the answer does not speak has not happened', async () => {
  const server = await scriptedServer();
  server.next(replyXml('DeleteResult', '<Deleted><Key>a</Key></Deleted>'));
  const objects = ['a', 'b'].map((key) => ({ key, versionId: null, etag: '' }));
  const answer = await deleteObjects(bench.client(server.url), { bucket, objects, hasVersions: false }, never);
  expect(answer).toMatchObject({ failure: { kind: 'answer-garbled' } });
});

import { once } from 'node:events';
import http from 'node:http';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { MINUTE } from '../../../shared/units.ts';
import { canonicalRequest, signatureOf, stringToSign } from '../../../main/practice/signature/canonical.ts';
import { type BucketBench, bucketBench } from '../../support/bucket-bench.ts';
import { type PracticeRequest, sha256, signedHeaders } from '../../support/practice-request.ts';

const Bucket = 'photos';
const hash = sha256('123456789');

async function withBucket(): Promise<BucketBench> {
  const bench = await bucketBench();
  await bench.s3.send(new CreateBucketCommand({ Bucket }));
  return bench;
}

type Vector = [target: string, method: string, headers: Record<string, string>, payload: string, signature: string];

/** Computed by two signers of Amazon's for the example of its documentation. */
const path = '/photos/r%C3%A4ksm%C3%B6rg%C3%A5s%201%2B%282%29~%27%21%2A.jpg';
const empty = sha256('');
const vectors: Vector[] = [
  [
    `${path}?partNumber=1&uploadId=VXBsb2FkSWQ`,
    'PUT',
    { 'x-amz-checksum-sha256': 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=' },
    hash,
    '9fb56a41e0b7925dcaf90013ed66cdfa93988398836d45e4d3aba581a5614ecc',
  ],
  [
    `${path}?uploads=`,
    'POST',
    {
      'x-amz-checksum-algorithm': 'SHA256',
      'x-amz-meta-mtime': '1357095845.5',
      'x-amz-storage-class': 'DEEP_ARCHIVE',
    },
    empty,
    '0f59f7c06a30bedc204fc3535f6a308b0abcdb66abb0bcc5bebc76e86690d4b2',
  ],
  [
    '/?continuation-token=1%2F%3D%3D&list-type=2&prefix=photos%2Fa%20b%2B',
    'GET',
    { 'x-amz-optional-object-attributes': 'RestoreStatus' },
    empty,
    'e98fae1042c84c288e8ceebbcfe332f6de82750f7ab0f358e8998eb6ad37c60d',
  ],
  ['//a/../b', 'GET', {}, empty, 'e950c8cbeb39ff08489ecb020dc64698b15029edba4c5999867ec902e2c6abda'],
];

test.each(vectors)(
  'the signature of %s is the one that Amazon computes',
  (target, method, extra, payload, signature) => {
    const date = '20261130T120000Z';
    const headers = Object.entries({
      host: 'examplebucket.s3.us-east-1.amazonaws.com',
      'x-amz-content-sha256': payload,
      'x-amz-date': date,
      ...extra,
    });
    const canonical = canonicalRequest(
      { method, target, headers },
      headers.map(([name]) => name),
      payload,
      's3',
    );
    const scope = { day: '20261130', region: 'us-east-1', service: 's3' };
    const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
    expect(signatureOf(secret, scope, stringToSign(date, scope, canonical))).toBe(signature);
  },
);

describe('a request is refused', () => {
  const refused = async (asked: Partial<PracticeRequest>): Promise<[number, string, string]> => {
    const { ask } = await withBucket();
    const { status, body } = await ask('PUT', `/${Bucket}/k`, asked);
    const text = body.toString();
    return [status, /<Code>(.*?)<\/Code>/.exec(text)?.[1] ?? '', text];
  };
  const right = { body: '123456789', headers: { 'x-amz-content-sha256': hash } };

  test('without a signature, or with an unknown key', async () => {
    const bare = { ...right, tamper: (headers: Record<string, string>) => void delete headers['authorization'] };
    expect((await refused(bare)).slice(0, 2)).toEqual([403, 'AccessDenied']);
    const credentials = { accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 'x' };
    expect((await refused({ ...right, credentials })).slice(0, 2)).toEqual([403, 'InvalidAccessKeyId']);
  });

  test('with another secret, or after somebody changed it', async () => {
    const credentials = { accessKeyId: 'AKIAPRACTICEVAULT000', secretAccessKey: 'x' };
    expect((await refused({ ...right, credentials })).slice(0, 2)).toEqual([403, 'SignatureDoesNotMatch']);
    const tamper = (headers: Record<string, string>): void => {
      headers['x-amz-content-sha256'] = empty;
    };
    expect((await refused({ ...right, tamper })).slice(0, 2)).toEqual([403, 'SignatureDoesNotMatch']);
  });

  test('for another region, and told the right one', async () => {
    const [status, code, text] = await refused({ ...right, region: 'eu-west-1' });
    expect([status, code]).toEqual([400, 'AuthorizationHeaderMalformed']);
    expect(text).toContain("the region 'eu-west-1' is wrong; expecting 'us-east-1'");
    expect(text).toContain('<Region>us-east-1</Region>');
  });

  test('by a clock that is more than a quarter of an hour off', async () => {
    const { ask, now } = await withBucket();
    for (const [off, status] of [
      [15 * MINUTE, 200],
      [15 * MINUTE + 1000, 403],
      [-15 * MINUTE - 1000, 403],
    ] as const) {
      expect((await ask('PUT', `/${Bucket}/k`, { ...right, at: now() - off })).status).toBe(status);
    }
  });

  test('with a header that is not signed, or without the hash of its body', async () => {
    const tamper = (headers: Record<string, string>): void => {
      headers['x-amz-storage-class'] = 'GLACIER';
    };
    const [status, code, text] = await refused({ ...right, tamper });
    expect([status, code]).toEqual([403, 'AccessDenied']);
    expect(text).toContain('<HeadersNotSigned>x-amz-storage-class</HeadersNotSigned>');
    expect((await refused({ ...right, without: ['x-amz-content-sha256'] }))[2]).toContain('x-amz-content-sha256');
  });

  test('for another body than the one that was signed', async () => {
    expect((await refused({ ...right, body: '987654321' })).slice(0, 2)).toEqual([400, 'XAmzContentSHA256Mismatch']);
  });

  test('for a key that is too long, and one that is not UTF-8', async () => {
    const { ask } = await withBucket();
    expect((await ask('PUT', `/${Bucket}/${'k'.repeat(1025)}`, right)).body.toString()).toContain('KeyTooLongError');
    expect((await ask('PUT', `/${Bucket}/${'k'.repeat(1024)}`, right)).status).toBe(200);
    expect((await ask('PUT', `/${Bucket}/%zz`, right)).body.toString()).toContain('InvalidURI');
  });
});

test('a key may have empty segments, dots and any sign', async () => {
  const { ask } = await withBucket();
  const headers = { 'x-amz-content-sha256': sha256('x') };
  for (const key of ['/a//b', 'a/../b', './.', 'a%20b%2Bc', '%C3%A4~!*%27%28%29']) {
    expect((await ask('PUT', `/${Bucket}/${key}`, { body: 'x', headers })).status).toBe(200);
    expect((await ask('GET', `/${Bucket}/${key}`)).body.toString()).toBe('x');
  }
  const listed = (await ask('GET', `/${Bucket}?list-type=2`)).body.toString();
  expect(listed).toContain('<Key>/a//b</Key>');
  expect(listed).toContain('<Key>a/../b</Key>');
});

describe('a body in chunks', () => {
  const crc32 = 'y/Q5Jg==';
  const chunked = (trailer: string): string => `9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:${trailer}\r\n\r\n`;
  const put = async (body: string, headers: Record<string, string> = {}): Promise<string> => {
    const { ask } = await withBucket();
    const reply = await ask('PUT', `/${Bucket}/k`, {
      body,
      headers: {
        'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        'content-encoding': 'aws-chunked',
        'x-amz-decoded-content-length': '9',
        'x-amz-trailer': 'x-amz-checksum-crc32',
        ...headers,
      },
    });
    const text = reply.status === 200 ? (await ask('GET', `/${Bucket}/k`)).body.toString() : reply.body.toString();
    return /<Code>(.*?)<\/Code>/.exec(text)?.[1] ?? text;
  };

  test('is taken apart, and its checksum compared', async () => {
    expect(await put(chunked(crc32))).toBe('123456789');
    expect(await put(chunked('AAAAAA=='))).toBe('BadDigest');
    expect(await put(chunked(crc32), { 'x-amz-decoded-content-length': '8' })).toBe('IncompleteBody');
    expect(await put('zz\r\n123456789\r\n0\r\n\r\n')).toBe('IncompleteBody');
  });

  test('is proved chunk by chunk where it is signed', async () => {
    const bench = await withBucket();
    const { now, vault, ask } = bench;
    const kind = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
    const request = { method: 'PUT', target: `/${Bucket}/signed`, service: 's3', at: now() };
    const extra = { 'x-amz-content-sha256': kind, 'x-amz-decoded-content-length': '9' };
    const send = async (forged: boolean): Promise<number> => {
      const head = signedHeaders(vault().url, { ...request, headers: extra });
      const date = head['x-amz-date'] ?? '';
      const scope = { day: date.slice(0, 8), region: 'us-east-1', service: 's3' };
      let previous = /Signature=(\w+)/.exec(head['authorization'] ?? '')?.[1] ?? '';
      const chunks = ['123456789', ''].map((data) => {
        const place = `${scope.day}/us-east-1/s3/aws4_request`;
        const toSign = [`AWS4-HMAC-SHA256-PAYLOAD`, date, place, previous, empty, sha256(data)].join('\n');
        previous = signatureOf('practice/vault/secret/that/guards/nothing', scope, toSign);
        const signature = forged ? previous.replace(/^./, (char) => (char === '0' ? '1' : '0')) : previous;
        return `${data.length.toString(16)};chunk-signature=${signature}\r\n${data}\r\n`;
      });
      const body = chunks.join('');
      const sending = http.request(vault().url + request.target, {
        method: 'PUT',
        headers: { ...head, 'content-length': String(body.length) },
        agent: false,
      });
      sending.end(body);
      const [response] = (await once(sending, 'response')) as [http.IncomingMessage];
      response.resume();
      return response.statusCode ?? 0;
    };
    expect(await send(true)).toBe(403);
    expect(await send(false)).toBe(200);
    expect((await ask('GET', request.target)).body.toString()).toBe('123456789');
  });
});

test('who waits to be asked for the body is told of a refusal without sending it', async () => {
  const { vault, now } = await withBucket();
  const attempt = async (bucket: string): Promise<[number, boolean]> => {
    const target = `/${bucket}/k`;
    const headers = { 'x-amz-content-sha256': hash };
    const head = signedHeaders(vault().url, { method: 'PUT', target, service: 's3', at: now(), headers });
    const sending = http.request(vault().url + target, {
      method: 'PUT',
      headers: { ...head, 'content-length': '9', expect: '100-continue' },
      agent: false,
    });
    let asked = false;
    sending.once('continue', () => {
      asked = true;
      sending.end('123456789');
    });
    sending.flushHeaders();
    const [response] = (await once(sending, 'response')) as [http.IncomingMessage];
    response.resume();
    sending.destroy();
    return [response.statusCode ?? 0, asked];
  };
  expect(await attempt('missing')).toEqual([404, false]);
  expect(await attempt(Bucket)).toEqual([200, true]);
});

test('vaults and buckets answer at the same address, each to what is signed for it', async () => {
  const { ask, client } = await withBucket();
  expect((await client.createVault('photos')).status).toBe(201);
  // A bucket may be called as an account is, and hold keys that look like vaults.
  const headers = { 'x-amz-content-sha256': sha256('x') };
  expect((await ask('PUT', '/111122223333')).status).toBe(200);
  expect((await ask('PUT', '/111122223333/vaults/photos', { body: 'x', headers })).status).toBe(200);
  expect((await ask('GET', '/111122223333/vaults/photos')).body.toString()).toBe('x');
  expect((await client.call('GET', '/111122223333/vaults/photos')).json['VaultName']).toBe('photos');
});

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type UnsignedRequest, signRequest } from '../../main/aws/sign.ts';
import { locationOf } from '../../main/s3/address.ts';

const region = 'us-east-1';
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: null,
  expiresAt: null,
};
const key = "photos/räksmörgås 1+(2)~'!*.jpg";
const onTheWire = '/photos/r%C3%A4ksm%C3%B6rg%C3%A5s%201%2B%282%29~%27%21%2A.jpg';

type Vector = Partial<Pick<UnsignedRequest, 'query' | 'headers'>> & {
  method: string;
  key?: string;
  body?: string;
  target: string;
  signature: string;
};

// Agreed on by Amazon's JavaScript and Python libraries.
const vectors: Record<string, Vector> = {
  'a part of a multipart upload': {
    method: 'PUT',
    key,
    query: { partNumber: '1', uploadId: 'VXBsb2FkSWQ' },
    headers: { 'x-amz-checksum-sha256': 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=' },
    body: '123456789',
    target: `${onTheWire}?partNumber=1&uploadId=VXBsb2FkSWQ`,
    signature: '9fb56a41e0b7925dcaf90013ed66cdfa93988398836d45e4d3aba581a5614ecc',
  },
  'the begin of one, whose parameter has no value': {
    method: 'POST',
    key,
    query: { uploads: '' },
    headers: {
      'x-amz-checksum-algorithm': 'SHA256',
      'x-amz-meta-mtime': '1357095845.5',
      'x-amz-storage-class': 'DEEP_ARCHIVE',
    },
    target: `${onTheWire}?uploads=`,
    signature: '0f59f7c06a30bedc204fc3535f6a308b0abcdb66abb0bcc5bebc76e86690d4b2',
  },
  'a page of a list': {
    method: 'GET',
    query: { 'continuation-token': '1/==', 'list-type': '2', prefix: 'photos/a b+' },
    headers: { 'x-amz-optional-object-attributes': 'RestoreStatus' },
    target: '/?continuation-token=1%2F%3D%3D&list-type=2&prefix=photos%2Fa%20b%2B',
    signature: 'e98fae1042c84c288e8ceebbcfe332f6de82750f7ab0f358e8998eb6ad37c60d',
  },
  'a name that looks like a way up, which is not normalised': {
    method: 'GET',
    key: '/a/../b',
    target: '//a/../b',
    signature: 'e950c8cbeb39ff08489ecb020dc64698b15029edba4c5999867ec902e2c6abda',
  },
};

describe('signatures', () => {
  test.each(Object.entries(vectors))('of %s', async (_, { method, query = {}, headers = {}, body, ...vector }) => {
    const where = { address: { endpointUrl: null }, region, hasVirtualHosts: true };
    const location = locationOf({ bucket: 'examplebucket', key: vector.key }, where);
    const bytes = Buffer.from(body ?? '');
    const scope = { service: 's3', region, credentials, now: Date.UTC(2026, 10, 30, 12) } as const;
    const head = await signRequest({ method, ...location, query, headers, body: bytes }, scope);

    expect(head.url).toBe(`https://examplebucket.s3.us-east-1.amazonaws.com${vector.target}`);
    expect(head.headers).toMatchObject({
      host: 'examplebucket.s3.us-east-1.amazonaws.com',
      'x-amz-content-sha256': createHash('sha256').update(bytes).digest('hex'),
      ...headers,
    });
    expect(head.headers['authorization']).toMatch(new RegExp(`, Signature=${vector.signature}$`));
  });

  test('of a payload whose hash is told beforehand need no body', async () => {
    const [{ signature }] = [vectors['a part of a multipart upload']] as [Vector];
    const location = locationOf(
      { bucket: 'examplebucket', key },
      { address: { endpointUrl: null }, region, hasVirtualHosts: true },
    );
    const head = await signRequest(
      {
        method: 'PUT',
        ...location,
        query: { partNumber: '1', uploadId: 'VXBsb2FkSWQ' },
        headers: {
          'x-amz-checksum-sha256': 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=',
          'x-amz-content-sha256': createHash('sha256').update('123456789').digest('hex'),
        },
        body: null,
      },
      { service: 's3', region, credentials, now: Date.UTC(2026, 10, 30, 12) },
    );
    expect(head.headers['authorization']).toMatch(new RegExp(`, Signature=${signature}$`));
  });
});

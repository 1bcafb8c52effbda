import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { decode, decodeQuery, encode } from '../exchange/query.ts';

/** A request as it stood on the wire. */
export type SignedRequest = {
  method: string;
  /** Path and query as in the request line, percent-encoding and all. */
  target: string;
  /** One entry for each header line; names in lower case, values with one character for each byte. */
  headers: readonly HeaderLine[];
};
export type HeaderLine = readonly [name: string, value: string];

/** Day, region and service that a key is derived for. */
export type Scope = { day: string; region: string; service: string };

export function signedRequestOf({ rawHeaders, method = '', url = '' }: IncomingMessage): SignedRequest {
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    headers.push([(rawHeaders[at] ?? '').toLowerCase(), rawHeaders[at + 1] ?? '']);
  }
  return { method, target: url, headers };
}

/** The canonical request of Signature Version 4. Each signed header must be there. */
export function canonicalRequest(
  request: SignedRequest,
  signedHeaders: readonly string[],
  payloadHash: string,
  service: string,
): string {
  const [path, query] = splitTarget(request.target);
  const names = [...signedHeaders].sort();
  return [
    request.method,
    service === 's3' ? objectPath(path) : canonicalPath(path),
    canonicalQuery(query),
    ...names.map((name) => `${name}:${canonicalValue(request.headers, name)}`),
    '',
    names.join(';'),
    payloadHash,
  ].join('\n');
}

export function stringToSign(amazonDate: string, scope: Scope, canonical: string): string {
  // Latin-1 gives back the very bytes of the headers, which Node reads with one character for each.
  const hash = createHash('sha256').update(canonical, 'latin1').digest('hex');
  return ['AWS4-HMAC-SHA256', amazonDate, `${scope.day}/${scope.region}/${scope.service}/aws4_request`, hash].join(
    '\n',
  );
}

/** The signature in lower-case hexadecimal. */
export function signatureOf(secretAccessKey: string, scope: Scope, toSign: string): string {
  const steps = [scope.day, scope.region, scope.service, 'aws4_request'];
  const key = steps.reduce<Buffer>((key, step) => hmac(key, step), Buffer.from(`AWS4${secretAccessKey}`));
  return hmac(key, toSign).toString('hex');
}

export function splitTarget(target: string): [path: string, query: string] {
  const mark = target.indexOf('?');
  return mark < 0 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
}

/** Services other than S3 resolve `.` and `..`, drop empty segments, and encode the encoded path once more. */
function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(encode(segment));
  }
  return `/${segments.join('/')}${segments.length > 0 && path.endsWith('/') ? '/' : ''}`;
}

/** S3 takes a path as it is, since `.`, `..` and nothing may stand in a key, and encodes it once. */
function objectPath(path: string): string {
  return path.split('/').map(decode).map(encode).join('/');
}

function canonicalQuery(query: string): string {
  return decodeQuery(query)
    .map(([key, value]): [string, string] => [encode(key), encode(value)])
    .sort(([keyA, valueA], [keyB, valueB]) => compare(keyA, keyB) || compare(valueA, valueB))
    .map(([key, value]) => `${key}=${value}`)
    .join('&');
}

function canonicalValue(headers: readonly HeaderLine[], name: string): string {
  return headers
    .filter(([candidate]) => candidate === name)
    .map(([, value]) => value.trim().replace(/ +/g, ' '))
    .join(',');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

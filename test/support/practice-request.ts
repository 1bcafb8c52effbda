import { createHash } from 'node:crypto';
import http from 'node:http';
import { formatAmazonDate } from '../../main/practice/signature/amazon-date.ts';
import { canonicalRequest, signatureOf, stringToSign } from '../../main/practice/signature/canonical.ts';
import { PRACTICE_CREDENTIALS, type PracticeCredentials, type PracticeService } from '../../main/practice/server.ts';

export type PracticeRequest = {
  method: string;
  target: string;
  headers?: Record<string, string>;
  body?: Buffer | string;
  credentials?: PracticeCredentials;
  /** Milliseconds since 1970; now by default. */
  at?: number;
  region?: string;
  service?: string;
  /** Headers to sign; all by default. */
  signed?: readonly string[];
  /** Headers that are not sent although they would be by default. */
  without?: readonly string[];
  /** Changes the headers after they were signed, as somebody on the way might. */
  tamper?: (headers: Record<string, string>) => void;
};

export type PracticeReply = {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
  json: Record<string, unknown>;
};

/** The headers of a request with its signature over all of them. */
export function signedHeaders(url: string, request: PracticeRequest): Record<string, string> {
  const { credentials = PRACTICE_CREDENTIALS, at = Date.now(), region = 'us-east-1', service = 'glacier' } = request;
  const date = formatAmazonDate(at);
  const headers: Record<string, string> = {
    host: new URL(url).host,
    'x-amz-date': date,
    ...(service === 's3' ? {} : { 'x-amz-glacier-version': '2012-06-01' }),
    ...(credentials.sessionToken ? { 'x-amz-security-token': credentials.sessionToken } : {}),
    ...request.headers,
  };
  for (const name of request.without ?? []) Reflect.deleteProperty(headers, name);
  const names = [...(request.signed ?? Object.keys(headers))].sort();
  const scope = { day: date.slice(0, 8), region, service };
  const signed = { ...request, headers: Object.entries(headers) };
  const payload = headers['x-amz-content-sha256'] ?? sha256(request.body ?? '');
  const toSign = stringToSign(date, scope, canonicalRequest(signed, names, payload, service));
  const signature = signatureOf(credentials.secretAccessKey, scope, toSign);
  const credential = `${credentials.accessKeyId}/${scope.day}/${region}/${service}/aws4_request`;
  headers['authorization'] =
    `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return headers;
}

/** Sends one signed request over a connection of its own. */
export function send(vault: Pick<PracticeService, 'url'>, request: PracticeRequest): Promise<PracticeReply> {
  const headers = signedHeaders(vault.url, request);
  request.tamper?.(headers);
  const body = request.body ?? '';
  if (body.length > 0 || request.method !== 'GET') headers['content-length'] ??= String(Buffer.byteLength(body));
  return new Promise((resolve, reject) => {
    const sending = http.request(vault.url, { path: request.target, method: request.method, headers, agent: false });
    sending.once('error', reject);
    sending.once('response', (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.once('error', reject);
      response.once('end', () => {
        const bytes = Buffer.concat(pieces);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes, json: parse(bytes) });
      });
    });
    sending.end(body);
  });
}

export function sha256(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex');
}

function parse(bytes: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(bytes.toString()) as Record<string, unknown>;
  } catch {
    return {};
  }
}

export { treeHashByDefinition as treeHashOf } from './tree-hash-by-definition.ts';

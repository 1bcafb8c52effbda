import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Credentials } from './credential-provider.ts';

/** A request as the service documents it. `path` and `query` are percent-encoded when they are sent, not before. */
export type UnsignedRequest = {
  method: string;
  /** Scheme, host and port. */
  endpoint: URL;
  /** Decoded segments, none of them empty. */
  path: readonly string[];
  query: Readonly<Record<string, string>>;
  /** Lower-case names. All of them are signed. */
  headers: Readonly<Record<string, string>>;
  /** Null when there is none, or when `x-amz-content-sha256` stands for it. */
  body: Uint8Array | null;
};

/** What goes on the wire before the body. */
export type SignedHead = { method: string; url: string; headers: Record<string, string> };

export type SigningScope = { region: string; credentials: Credentials; now: number };

const API_VERSION = '2012-06-01';

/**
 * Signs with Signature Version 4. Signs host, date, version and every header given: `content-range`, `content-type` and
 * all `x-amz-*`. The service takes the signature for five minutes, so it is made just before the request is sent.
 */
export async function signRequest(
  request: UnsignedRequest,
  { region, credentials, now }: SigningScope,
): Promise<SignedHead> {
  const signer = new SignatureV4({
    service: 'glacier',
    region,
    credentials: signingCredentials(credentials),
    sha256: Sha256,
    // Only the two uploads need `x-amz-content-sha256`, and they bring it.
    applyChecksum: false,
  });
  const path = `/${request.path.map(encode).join('/')}`;
  const signed = await signer.sign(
    {
      method: request.method,
      protocol: request.endpoint.protocol,
      hostname: request.endpoint.hostname,
      path,
      query: { ...request.query },
      headers: { host: request.endpoint.host, 'x-amz-glacier-version': API_VERSION, ...request.headers },
      body: request.body ?? undefined,
    },
    { signingDate: new Date(now) },
  );
  return {
    method: request.method,
    url: request.endpoint.origin + path + queryString(request.query),
    headers: signed.headers,
  };
}

function signingCredentials({ accessKeyId, secretAccessKey, sessionToken }: Credentials) {
  return { accessKeyId, secretAccessKey, ...(sessionToken === null ? {} : { sessionToken }) };
}

function queryString(query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** RFC 3986: everything but letters, digits and `-_.~`, as the signature's canonical form has it. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** SHA-256, or HMAC-SHA-256 with a key, in the shape that the signer asks for. */
class Sha256 {
  readonly #hash;

  constructor(key?: SourceData) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', asBytes(key));
  }

  update(data: SourceData): void {
    this.#hash.update(asBytes(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  /** Part of the signer's interface, which never calls it. */
  reset(): never {
    throw new Error('a hash is used once');
  }
}

type SourceData = string | ArrayBuffer | ArrayBufferView;

function asBytes(data: SourceData): Uint8Array | string {
  if (typeof data === 'string') return data;
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

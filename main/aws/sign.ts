import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Credentials } from './credentials/credential-provider.ts';
import { percentEncode } from './percent-encode.ts';

/** A request as it goes on the wire, but for its query, which is percent-encoded when it is sent. */
export type UnsignedRequest = {
  method: string;
  /** Scheme, host and port. */
  endpoint: URL;
  /** From the first slash on, percent-encoded once; goes on the wire as it is. */
  path: string;
  query: Readonly<Record<string, string>>;
  /** Lower-case names. All of them are signed. */
  headers: Readonly<Record<string, string>>;
  /** Null when there is none, or when `x-amz-content-sha256` stands for it. */
  body: Uint8Array | null;
};

/** What goes on the wire before the body. */
export type SignedHead = { method: string; url: string; headers: Record<string, string> };

export type SigningScope = { service: keyof typeof rules; region: string; credentials: Credentials; now: number };

/**
 * How services differ (AWS General Reference, "Signature Version 4"). S3 signs the path as it stands on the wire, others encode it
 * once more. S3 wants `x-amz-content-sha256` of every request; Glacier of its two uploads alone, which bring it.
 */
const rules = {
  glacier: { uriEscapePath: true, applyChecksum: false },
  s3: { uriEscapePath: false, applyChecksum: true },
  sts: { uriEscapePath: true, applyChecksum: false },
} as const;

/** Signs with Signature Version 4: host, date and every header given. A signature counts for minutes, so it is made just before the request is sent. */
export async function signRequest(
  request: UnsignedRequest,
  { service, region, credentials, now }: SigningScope,
): Promise<SignedHead> {
  const signer = new SignatureV4({
    service,
    region,
    credentials: signingCredentials(credentials),
    sha256: Sha256,
    ...rules[service],
  });
  const { method, endpoint, path, query, headers, body } = request;
  const signed = await signer.sign(
    {
      method,
      protocol: endpoint.protocol,
      hostname: endpoint.hostname,
      path,
      query: { ...query },
      headers: { host: endpoint.host, ...headers },
      body: body ?? undefined,
    },
    { signingDate: new Date(now) },
  );
  return { method, url: endpoint.origin + path + queryString(query), headers: signed.headers };
}

function signingCredentials({ accessKeyId, secretAccessKey, sessionToken }: Credentials) {
  return { accessKeyId, secretAccessKey, ...(sessionToken === null ? {} : { sessionToken }) };
}

function queryString(query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
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

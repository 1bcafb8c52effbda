import type { Scope } from './canonical.ts';

/** What the Authorization header says. */
export type Authorization = Scope & {
  accessKeyId: string;
  /** In lower case. */
  signedHeaders: readonly string[];
  /** 64 hexadecimal digits. */
  signature: string;
};

/** Null when the header is not a complete one of Signature Version 4. */
export function parseAuthorization(header: string): Authorization | null {
  const match = /^AWS4-HMAC-SHA256 +(.+)$/.exec(header);
  const fields = new Map(match?.[1]?.split(',').map((field) => splitField(field.trim())));
  const credential = /^([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/.exec(fields.get('Credential') ?? '');
  const signedHeaders = fields.get('SignedHeaders') ?? '';
  const signature = fields.get('Signature') ?? '';
  if (!credential || signedHeaders === '' || !/^[0-9a-f]{64}$/.test(signature)) return null;
  const [, accessKeyId = '', day = '', region = '', service = ''] = credential;
  return { accessKeyId, day, region, service, signedHeaders: signedHeaders.toLowerCase().split(';'), signature };
}

function splitField(field: string): [string, string] {
  const equals = field.indexOf('=');
  return [field.slice(0, equals), field.slice(equals + 1)];
}

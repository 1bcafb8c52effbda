import type { IncomingMessage } from 'node:http';
import type { ServiceName } from './ledger.ts';

/**
 * Which of the two services a request is for. They share an address, as one practice account has both, and as
 * `--endpoint-url` and `AWS_ENDPOINT_URL` name one. A signature says which service it is made for; what has none is told
 * by Glacier's own header, or by its paths, which no bucket's can be where the account is `-`.
 */
export function addresseeOf({ headers, url = '' }: IncomingMessage): ServiceName {
  const scope = /Credential=[^/\s]*\/\d+\/[^/\s]*\/([^/\s]*)\/aws4_request/.exec(headers.authorization ?? '')?.[1];
  if (scope === 's3') return 's3';
  const isGlacier = scope !== undefined || headers['x-amz-glacier-version'] !== undefined || url.startsWith('/-/');
  return isGlacier ? 'glacier' : 's3';
}

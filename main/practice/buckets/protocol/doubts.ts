import { assertNever } from '../../../../shared/assert.ts';
import { parseAmazonDate } from '../../signature/amazon-date.ts';
import type { Doubt } from '../../signature/verify.ts';
import { type Refusal, refusal, refusals } from './refusals.ts';

/** What S3 answers to a request that it does not take for its sender's. */
export function refusalOf(doubt: Doubt, region: string): Refusal {
  switch (doubt.kind) {
    case 'unsigned':
      return refusals.denied();
    case 'authorization-malformed':
      return malformed(
        'The authorization header is malformed; the authorization header requires three components: Credential, SignedHeaders, and Signature.',
      );
    case 'key-unknown':
      return refusal(403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', {
        AWSAccessKeyId: doubt.accessKeyId,
      });
    case 'token-wrong':
      return refusal(400, 'InvalidToken', 'The provided token is malformed or otherwise invalid.', {
        'Token-0': doubt.token ?? '',
      });
    case 'token-expired':
      return refusal(400, 'ExpiredToken', 'The provided token has expired.', { 'Token-0': doubt.token ?? '' });
    case 'date-malformed':
      return refusals.denied('AWS authentication requires a valid Date or x-amz-date header');
    case 'too-late':
    case 'too-early':
      return refusal(
        403,
        'RequestTimeTooSkewed',
        'The difference between the request time and the current time is too large.',
        {
          RequestTime: doubt.date,
          ServerTime: new Date(parseAmazonDate(doubt.now) ?? 0).toISOString().replace(/\.\d+/, ''),
          MaxAllowedSkewMilliseconds: doubt.windowMs,
        },
      );
    case 'scope-day':
      return malformed(
        `The authorization header is malformed; Invalid credential date "${doubt.day}". This date is not the same as X-Amz-Date: "${doubt.date.slice(0, 8)}".`,
      );
    case 'scope-region':
      return malformed(
        `The authorization header is malformed; the region '${doubt.region}' is wrong; expecting '${region}'`,
        { Region: region },
      );
    case 'scope-service':
      return malformed(
        `The authorization header is malformed; incorrect service "${doubt.service}". This endpoint belongs to "s3".`,
      );
    case 'header-not-signed':
      return refusals.unsignedHeaders([doubt.name.toLowerCase()]);
    case 'signed-header-missing':
      return refusals.denied(`Signed header ${doubt.name} is not present in the request`);
    case 'signature-wrong':
      return refusal(
        403,
        'SignatureDoesNotMatch',
        'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
        {
          AWSAccessKeyId: doubt.accessKeyId,
          StringToSign: doubt.toSign,
          SignatureProvided: doubt.signature,
          StringToSignBytes: bytesOf(doubt.toSign),
          CanonicalRequest: doubt.canonical,
          CanonicalRequestBytes: bytesOf(doubt.canonical),
        },
      );
    default:
      return assertNever(doubt);
  }
}

function malformed(message: string, details: Record<string, string> = {}): Refusal {
  return refusal(400, 'AuthorizationHeaderMalformed', message, details);
}

/** `47 45 54`: the bytes, so that somebody can see what differs. */
function bytesOf(text: string): string {
  return (Buffer.from(text, 'latin1').toString('hex').match(/../g) ?? []).join(' ');
}

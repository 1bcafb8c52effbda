import { describe, expect, test } from 'vitest';
import type { Failure } from '../../shared/failure.ts';
import type { Operation } from '../../main/s3/operation.ts';
import { failureOf } from '../../main/s3/failure.ts';
import { readRefusal } from '../../main/s3/refusal.ts';

const operation: Operation = {
  method: 'PUT',
  bucket: 'lena-photos',
  key: '2026/a.raw',
  action: 's3:PutObject',
  isRepeatable: true,
};
const failureFrom = (
  status: number,
  body: string,
  asked: Operation = operation,
  headers: Record<string, string> = {},
) => failureOf(readRefusal({ status, headers, body: Buffer.from(body) }), asked);
const error = (code: string, message = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId>R</RequestId></Error>`;

type Case = [status: number, code: string, message: string, failure: Partial<Failure>];

// The codes of the API reference, with the messages that the service itself was recorded to send.
const cases: Case[] = [
  [503, 'SlowDown', 'Please reduce your request rate.', { kind: 'throttled' }],
  [503, 'ServiceUnavailable', '', { kind: 'service-error' }],
  [500, 'InternalError', 'We encountered an internal error. Please try again.', { kind: 'service-error' }],
  [
    400,
    'RequestTimeout',
    'Your socket connection to the server was not read from or written to within the timeout period.',
    { kind: 'timed-out' },
  ],
  [400, 'BadDigest', 'The SHA256 you specified did not match the calculated checksum.', { kind: 'answer-garbled' }],
  [400, 'XAmzContentSHA256Mismatch', '', { kind: 'answer-garbled' }],
  [400, 'ExpiredToken', 'The provided token has expired.', { kind: 'credentials-expired' }],
  [400, 'InvalidToken', 'The provided token is malformed or otherwise invalid.', { kind: 'credentials-rejected' }],
  [409, 'OperationAborted', '', { kind: 'service-error' }],
  [
    409,
    'ConditionalRequestConflict',
    'The conditional request cannot succeed due to a conflicting operation against this resource.',
    { kind: 'service-error' },
  ],
  [
    400,
    'InvalidStorageClass',
    'The storage class you specified is not valid',
    { kind: 'rejected', message: 'The storage class you specified is not valid' },
  ],
  [400, 'MetadataTooLarge', '', { kind: 'rejected' }],
  [400, 'InvalidRequest', 'Value for x-amz-checksum-sha256 header is invalid.', { kind: 'rejected' }],
  [403, 'AccessDenied', 'Access Denied', { kind: 'access-denied', message: 'Access Denied' }],
  [
    403,
    'AccessDenied',
    'Access Denied because object protected by object lock.',
    { kind: 'object-locked', name: '2026/a.raw' },
  ],
  [403, 'AllAccessDisabled', '', { kind: 'access-denied' }],
  [403, 'InvalidAccessKeyId', '', { kind: 'credentials-rejected' }],
  [403, 'SignatureDoesNotMatch', '', { kind: 'credentials-rejected' }],
  [404, 'NoSuchBucket', 'The specified bucket does not exist', { kind: 'vault-missing', vault: 'lena-photos' }],
  [400, 'KMS.DisabledException', 'arn:aws:kms:x is disabled.', { kind: 'encryption-key' }],
  [503, 'GlacierExpeditedRetrievalNotAvailable', '', { kind: 'no-capacity' }],
  [501, 'NotImplemented', 'A header you provided implies functionality that is not implemented', { kind: 'rejected' }],
];

describe('a refusal', () => {
  test.each(cases)('of %i %s "%s"', (status, code, message, failure) => {
    expect(failureFrom(status, error(code, message))).toMatchObject(failure);
  });

  test('of a HEAD has no words, so that what was asked for and where stands for them', () => {
    const asked: Operation = { ...operation, method: 'HEAD', action: 's3:GetObject' };
    expect(failureFrom(403, '', asked, { 'x-amz-request-id': 'R9' })).toEqual({
      kind: 'access-denied',
      message: 's3:GetObject on lena-photos/2026/a.raw',
      requestId: 'R9',
    });
    expect(failureFrom(404, '', { ...asked, thing: 'The object' })).toEqual({ kind: 'not-found', what: 'The object' });
    const { key: _, ...about } = asked;
    expect(failureFrom(404, '', about)).toMatchObject({ kind: 'vault-missing', vault: 'lena-photos' });
  });

  test('by somebody on the way leaves the status to go by', () => {
    for (const body of ['', '<html><body>502</body></html>', '<Error><Code>SlowDo', '{"code":"AccessDenied"}'])
      expect(failureFrom(502, body)).toMatchObject({ kind: 'service-error', status: 502, code: '' });
  });

  test('tells no secret that it quotes', () => {
    const failure = failureFrom(400, error('InvalidRequest', 'x-amz-security-token:FwoGZXIvYXdzEXAMPLETOKEN was sent'));
    expect(JSON.stringify(failure)).not.toContain('FwoGZXIvYXdzEXAMPLETOKEN');
  });
});

import { describe, expect, test } from 'vitest';
import type { Failure } from '../../shared/failure.ts';
import type { Refusal } from '../../main/aws/refusal.ts';
import { isExpiredToken, isSignatureMismatch, isWrongTime } from '../../main/aws/refusal-failure.ts';
import { failureOf, isRefusedCompletion, missingThing } from '../../main/glacier/failure.ts';
import { readRefusal } from '../../main/glacier/refusal.ts';

const arn = 'arn:aws:glacier:us-west-2:012345678901:vaults/examplevault';
const subject = { vault: 'photos', thing: null };
const requestId = 'AAABaZ9N92Iiyv4N7sru3ABEpSQkuFtmH3NP6aAC51ixfjg';

type Case = [status: number, code: string, message: string, failure: Partial<Failure>];

// The catalogue of Amazon's API reference, and the messages that users were seen to get.
const cases: Case[] = [
  [
    403,
    'AccessDeniedException',
    'User is not authorized to perform: glacier:UploadMultipartPart',
    { kind: 'access-denied' },
  ],
  [400, 'BadRequest', '', { kind: 'rejected' }],
  [
    403,
    'ExpiredTokenException',
    'The security token included in the request is expired',
    { kind: 'credentials-expired' },
  ],
  [400, 'InsufficientCapacityException', '', { kind: 'no-capacity' }],
  [503, 'InsufficientCapacityException', '', { kind: 'no-capacity' }],
  [400, 'InvalidParameterValueException', `Invalid vault name: ${arn}`, { kind: 'archive-elsewhere' }],
  [400, 'InvalidParameterValueException', 'The job is not currently available for download: x', { kind: 'rejected' }],
  [
    400,
    'InvalidParameterValueException',
    'Invalid part size: 10485760. Part size must not be null, must be a power of two and be between 1048576 and 4294967296 bytes.',
    { kind: 'rejected' },
  ],
  [
    400,
    'InvalidParameterValueException',
    'Content-Range: bytes 0-4194303/* is incompatible with Content-Length: 3146447',
    { kind: 'rejected' },
  ],
  [400, 'InvalidParameterValueException', 'Checksum mismatch: expected 00, computed 01', { kind: 'rejected' }],
  [400, 'InvalidParameterValueException', `Vault not empty or recently written to: ${arn}`, { kind: 'rejected' }],
  [
    403,
    'InvalidSignatureException',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    { kind: 'credentials-rejected' },
  ],
  [
    403,
    'InvalidSignatureException',
    'The value passed in as x-amz-content-sha256 does not match the computed payload hash. Computed digest: 00 expected hash: 01',
    { kind: 'answer-garbled' },
  ],
  [
    403,
    'InvalidSignatureException',
    "The request signature we calculated does not match the signature you provided.\n\nThe Canonical String for this request should have been\n'PUT\n/-/vaults/v/multipart-uploads/U\n\nx-amz-content-sha256:00\n'",
    { kind: 'credentials-rejected' },
  ],
  [
    400,
    'LimitExceededException',
    'The quota for the number of tags that can be assigned to this resource has been reached.',
    { kind: 'rejected' },
  ],
  [400, 'MissingAuthenticationTokenException', '', { kind: 'credentials-rejected' }],
  [400, 'MissingParameterValueException', '', { kind: 'rejected' }],
  [
    400,
    'NoLongerSupportedException',
    'This API is no longer supported for new accounts. Please use Amazon S3 Glacier storage classes instead.',
    { kind: 'closed-account' },
  ],
  [
    400,
    'PolicyEnforcedException',
    'InitiateJob request denied by current data retrieval policy.',
    { kind: 'retrieval-policy', message: 'InitiateJob request denied by current data retrieval policy.' },
  ],
  [408, 'RequestTimeoutException', 'Request timed out.', { kind: 'timed-out' }],
  [404, 'ResourceNotFoundException', `Vault not found for ARN: ${arn}`, { kind: 'vault-missing', vault: 'photos' }],
  [404, 'ResourceNotFoundException', 'Vault not found for ARN: testz:z', { kind: 'vault-missing', vault: 'photos' }],
  [400, 'SerializationException', '', { kind: 'rejected' }],
  [500, 'ServiceUnavailableException', '', { kind: 'service-error', status: 500, requestId }],
  [400, 'ThrottlingException', 'Rate exceeded', { kind: 'throttled' }],
  [403, 'ThrottlingException', 'Rate exceeded', { kind: 'throttled' }],
  [
    400,
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
    { kind: 'credentials-rejected' },
  ],
  // Codes of other services of Amazon, and none at all
  [400, 'Throttling', '', { kind: 'throttled' }],
  [403, 'InvalidClientTokenId', '', { kind: 'credentials-rejected' }],
  [403, 'SignatureDoesNotMatch', '', { kind: 'credentials-rejected' }],
  [429, '', '', { kind: 'throttled' }],
  [408, '', '', { kind: 'timed-out' }],
  [500, '', '', { kind: 'service-error', status: 500, code: '' }],
  [502, '', '', { kind: 'service-error' }],
  [503, '', '', { kind: 'service-error' }],
  [504, '', '', { kind: 'service-error' }],
  [403, '', '', { kind: 'access-denied' }],
  [407, '', '', { kind: 'offline' }],
  [302, '', '', { kind: 'answer-garbled' }],
  [418, 'Teapot', 'no', { kind: 'rejected', status: 418, code: 'Teapot', message: 'no', requestId }],
  // Texts of the most common code, all final
  ...[
    'The job status code is not valid: finished',
    'Invalid Content-Range: bytes 909994937-909994936/*',
    'This is part number 10001 for the current multipart upload. It exceeds the limit of 10000 parts.',
    'Invalid x-amz-sha256-tree-hash: 00',
    'Invalid Content-Length: 0',
    'Invalid Content-Length: 38505164800',
  ].map((message): Case => [400, 'InvalidParameterValueException', message, { kind: 'rejected', message }]),
];

describe('a refusal', () => {
  test.each(cases)('of %i %s "%s"', (status, code, message, expected) => {
    expect(failureOf(refusal(status, code, message), subject)).toMatchObject(expected);
  });

  test.each([
    ['The job ID was not found: HkF9p6o7yjhFx', 'The job'],
    ['The archive ID was not found: NkbByEejwEggmBz2fTHgJrg0XBoDfjP4q6iu87', 'The archive'],
    ['An inventory has not yet been initially generated for this vault.', 'An inventory'],
    ['', 'The access policy'],
  ])('404 "%s" says what is missing', (message, thing) => {
    expect(failureOf(refusal(404, 'ResourceNotFoundException', message), { vault: 'photos', thing })).toEqual({
      kind: 'not-found',
      what: thing,
    });
  });

  test('404 about the vault wins over the thing in it', () => {
    const missing = refusal(404, 'ResourceNotFoundException', `Vault not found for ARN: ${arn}`);
    expect(failureOf(missing, { vault: 'photos', thing: 'The job' })).toEqual({
      kind: 'vault-missing',
      vault: 'photos',
    });
  });

  test('says whether the vault or the multipart upload is missing, or leaves it open', () => {
    const thing = (message: string) => missingThing(refusal(404, 'ResourceNotFoundException', message));
    expect(thing(`Vault not found for ARN: ${arn}`)).toBe('vault');
    expect(thing('The upload ID was not found: OW2fM5iVylEpFEMM9')).toBe('multipart upload');
    expect(thing('')).toBe('unclear');
  });

  test('may be cured by a fresh token, or once by a fresh signature', () => {
    expect(isExpiredToken(refusal(403, 'ExpiredTokenException', ''))).toBe(true);
    expect(isExpiredToken(refusal(400, 'UnrecognizedClientException', ''))).toBe(false);
    expect(
      isSignatureMismatch(
        refusal(403, 'InvalidSignatureException', 'The request signature we calculated does not match'),
      ),
    ).toBe(true);
    expect(
      isSignatureMismatch(refusal(403, 'InvalidSignatureException', 'Signature expired: 2 is now earlier than 3')),
    ).toBe(false);
  });

  test.each([
    'Signature expired: 20121108T030749Z is now earlier than 20121108T031304Z (20121108T031804Z - 5 min.)',
    'Signature not yet current: 20131120T113529Z is still later than 20131120T104538Z (20131120T104038Z + 5 min.)',
  ])('of the time: "%s"', (message) => {
    expect(isWrongTime(refusal(403, 'InvalidSignatureException', message))).toBe(true);
  });

  test.each([
    'Invalid x-amz-sha256-tree-hash: 1bec740b9e7b5da352a727ef3b50e9b24717450758ec506d3a8d45b59ca4f759',
    'Some byte range is missing',
    'Invalid archive size',
    '',
  ])('of complete, "%s", is about sizes, ranges and hashes', (message) => {
    expect(isRefusedCompletion(refusal(400, 'InvalidParameterValueException', message))).toBe(true);
  });

  test('of complete is not about them when the vault is wrong or the service is busy', () => {
    expect(isRefusedCompletion(refusal(400, 'InvalidParameterValueException', `Invalid vault name: ${arn}`))).toBe(
      false,
    );
    expect(isRefusedCompletion(refusal(400, 'ThrottlingException', 'Rate exceeded'))).toBe(false);
  });
});

describe('reading a refusal', () => {
  test("takes the service's time from the message rather than from the Date header", () => {
    const body = {
      code: 'InvalidSignatureException',
      message: 'Signature expired: 20121108T030749Z is now earlier than 20121108T031304Z (20121108T031804Z - 5 min.)',
    };
    expect(read(403, body, { date: 'Sun, 22 Nov 2026 12:00:00 GMT' }).serviceTime).toBe(
      Date.UTC(2012, 10, 8, 3, 18, 4),
    );
    expect(read(403, {}, { date: 'Sun, 22 Nov 2026 12:00:00 GMT' }).serviceTime).toBe(Date.UTC(2026, 10, 22, 12));
  });

  test('honours Retry-After in seconds and as a date', () => {
    expect(failureOf(read(429, {}, { 'retry-after': '7' }), subject)).toEqual({
      kind: 'throttled',
      retryAfterMs: 7000,
    });
    expect(failureOf(read(503, {}, { 'retry-after': '2' }), subject)).toEqual({
      kind: 'throttled',
      retryAfterMs: 2000,
    });
    expect(read(429, {}, { 'retry-after': 'Sun, 22 Nov 2015 12:00:00 GMT' }).retryAfterMs).toBe(0);
    expect(read(429, {}, { 'retry-after': 'soon' }).retryAfterMs).toBeNull();
  });

  test.each([
    '<html><body><h1>503 Service Unavailable</h1></body></html>',
    '',
    '"text"',
    '[1]',
    'null',
    '{"code":7,"message":null}',
    '{"code":',
  ])('goes by the status when the body is %s', (body) => {
    expect(failureOf(readText(503, body), subject)).toMatchObject({
      kind: 'service-error',
      status: 503,
      code: '',
      message: '',
    });
  });

  test('takes a code from a header, and one with a namespace', () => {
    expect(read(400, {}, { 'x-amzn-errortype': 'ThrottlingException:http://example.com' }).code).toBe(
      'ThrottlingException',
    );
    expect(read(400, { __type: 'com.amazon.coral.service#ThrottlingException' }).code).toBe('ThrottlingException');
  });
});

function refusal(status: number, code: string, message: string): Refusal {
  return read(status, { code, message, type: 'Client' }, { 'x-amzn-requestid': requestId });
}

function read(status: number, body: object, headers: Record<string, string> = {}): Refusal {
  return readText(status, JSON.stringify(body), headers);
}

function readText(status: number, body: string, headers: Record<string, string> = {}): Refusal {
  return readRefusal({ status, headers, body: Buffer.from(body) });
}

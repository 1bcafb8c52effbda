import { expect, test } from 'vitest';
import { type Rejection, rejections } from '../../main/practice/vaults/protocol/rejections.ts';

const missing = [404, 'ResourceNotFoundException'] as const;
const invalid = [400, 'InvalidParameterValueException'] as const;
const signature = [403, 'InvalidSignatureException'] as const;

/** As Amazon's documentation, or answers of the real service that people have published, have them. */
const published: [Rejection, readonly [number, string], string][] = [
  [
    rejections.vaultMissing('arn:aws:glacier:us-west-2:012345678901:vaults/examplevault'),
    missing,
    'Vault not found for ARN: arn:aws:glacier:us-west-2:012345678901:vaults/examplevault',
  ],
  [rejections.vaultMissing('testz:z'), missing, 'Vault not found for ARN: testz:z'],
  [rejections.jobMissing('HkF9p6'), missing, 'The job ID was not found: HkF9p6'],
  [rejections.archiveMissing('DMTmICA2n5'), missing, 'The archive ID was not found: DMTmICA2n5'],
  [rejections.uploadMissing('OW2fM5iVyl'), missing, 'The upload ID was not found: OW2fM5iVyl'],
  [
    rejections.archiveOfOtherVault('arn:aws:glacier:us-west-1:954508486505:vaults/Videos'),
    invalid,
    'Invalid vault name: arn:aws:glacier:us-west-1:954508486505:vaults/Videos',
  ],
  [rejections.jobNotReady('HkF9p6'), invalid, 'The job is not currently available for download: HkF9p6'],
  [rejections.jobStatusCode('finished'), invalid, 'The job status code is not valid: finished'],
  [
    rejections.partSize('10485760'),
    invalid,
    'Invalid part size: 10485760. Part size must not be null, must be a power of two and be between 1048576 and 4294967296 bytes.',
  ],
  [
    rejections.contentRange('bytes 909994937-909994936/*'),
    invalid,
    'Invalid Content-Range: bytes 909994937-909994936/*',
  ],
  [
    rejections.contentRangeLength('bytes 0-4194303/*', 3_146_447),
    invalid,
    'Content-Range: bytes 0-4194303/* is incompatible with Content-Length: 3146447',
  ],
  [
    rejections.partNumber(10_001),
    invalid,
    'This is part number 10001 for the current multipart upload. It exceeds the limit of 10000 parts.',
  ],
  [rejections.treeHashMismatch('00', '01'), invalid, 'Checksum mismatch: expected 00, computed 01'],
  [rejections.completeTreeHash('00'), invalid, 'Invalid x-amz-sha256-tree-hash: 00'],
  [rejections.contentLength(0), invalid, 'Invalid Content-Length: 0'],
  [rejections.contentLength(38_505_164_800), invalid, 'Invalid Content-Length: 38505164800'],
  [
    rejections.vaultNotEmpty('arn:aws:glacier:us-east-1:012345678901:vaults/x'),
    invalid,
    'Vault not empty or recently written to: arn:aws:glacier:us-east-1:012345678901:vaults/x',
  ],
  [
    rejections.tooManyTags(),
    [400, 'LimitExceededException'],
    'The quota for the number of tags that can be assigned to this resource has been reached.',
  ],
  [
    rejections.policyEnforced(),
    [400, 'PolicyEnforcedException'],
    'InitiateJob request denied by current data retrieval policy.',
  ],
  [rejections.timedOut(), [408, 'RequestTimeoutException'], 'Request timed out.'],
  [rejections.throttled(), [400, 'ThrottlingException'], 'Rate exceeded'],
  [
    rejections.closedAccount(),
    [400, 'NoLongerSupportedException'],
    'This API is no longer supported for new accounts. Please use Amazon S3 Glacier storage classes instead.',
  ],
  [
    rejections.signatureExpired('20121108T030749Z', '20121108T031304Z', '20121108T031804Z', 5),
    signature,
    'Signature expired: 20121108T030749Z is now earlier than 20121108T031304Z (20121108T031804Z - 5 min.)',
  ],
  [
    rejections.signatureTooEarly('20131120T113529Z', '20131120T104538Z', '20131120T104038Z', 5),
    signature,
    'Signature not yet current: 20131120T113529Z is still later than 20131120T104538Z (20131120T104038Z + 5 min.)',
  ],
  [
    rejections.payloadMismatch('00', '01'),
    signature,
    'The value passed in as x-amz-content-sha256 does not match the computed payload hash. Computed digest: 00 expected hash: 01',
  ],
];

test.each(published.map(([rejection, [status, code], message]) => [message, { rejection, status, code }] as const))(
  'the service says "%s"',
  (message, { rejection, status, code }) => {
    expect(rejection).toMatchObject({ status, code, message, type: 'Client' });
  },
);

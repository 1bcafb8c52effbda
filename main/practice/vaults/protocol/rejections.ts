import { MAX_PARTS, MAX_PART_SIZE, MIN_PART_SIZE } from '../../../../shared/part-plan.ts';

/** An error answer. The real service writes `message` before `code` when the signature layer refuses. */
export type Rejection = {
  status: number;
  code: string;
  message: string;
  type: 'Client' | 'Server';
  layer: 'signature' | 'service';
};

const client = (status: number, code: string, message: string): Rejection => ({
  status,
  code,
  message,
  type: 'Client',
  layer: 'service',
});
const signature = (status: number, code: string, message: string): Rejection => ({
  ...client(status, code, message),
  layer: 'signature',
});
const missing = (message: string): Rejection => client(404, 'ResourceNotFoundException', message);
const invalid = (message: string): Rejection => client(400, 'InvalidParameterValueException', message);
const badSignature = (message: string): Rejection => signature(403, 'InvalidSignatureException', message);

/** The real service's words, as seen in its documentation or in its answers. */
export const rejections = {
  vaultMissing: (arnOrName: string) => missing(`Vault not found for ARN: ${arnOrName}`),
  uploadMissing: (id: string) => missing(`The upload ID was not found: ${id}`),
  archiveMissing: (id: string) => missing(`The archive ID was not found: ${id}`),
  jobMissing: (id: string) => missing(`The job ID was not found: ${id}`),
  archiveOfOtherVault: (arn: string) => invalid(`Invalid vault name: ${arn}`),
  jobNotReady: (id: string) => invalid(`The job is not currently available for download: ${id}`),
  jobStatusCode: (text: string) => invalid(`The job status code is not valid: ${text}`),
  partSize: (text: string) =>
    invalid(
      `Invalid part size: ${text}. Part size must not be null, must be a power of two and be between ${MIN_PART_SIZE} and ${MAX_PART_SIZE} bytes.`,
    ),
  contentRange: (text: string) => invalid(`Invalid Content-Range: ${text}`),
  contentRangeLength: (range: string, length: number) =>
    invalid(`Content-Range: ${range} is incompatible with Content-Length: ${length}`),
  contentLength: (length: number) => invalid(`Invalid Content-Length: ${length}`),
  partNumber: (number: number) =>
    invalid(
      `This is part number ${number} for the current multipart upload. It exceeds the limit of ${MAX_PARTS} parts.`,
    ),
  treeHashMismatch: (expected: string, computed: string) =>
    invalid(`Checksum mismatch: expected ${expected}, computed ${computed}`),
  completeTreeHash: (text: string) => invalid(`Invalid x-amz-sha256-tree-hash: ${text}`),
  vaultNotEmpty: (arn: string) => invalid(`Vault not empty or recently written to: ${arn}`),
  tooManyTags: () =>
    client(
      400,
      'LimitExceededException',
      'The quota for the number of tags that can be assigned to this resource has been reached.',
    ),
  policyEnforced: () =>
    client(400, 'PolicyEnforcedException', 'InitiateJob request denied by current data retrieval policy.'),
  timedOut: () => client(408, 'RequestTimeoutException', 'Request timed out.'),
  throttled: () => client(400, 'ThrottlingException', 'Rate exceeded'),
  closedAccount: () =>
    client(
      400,
      'NoLongerSupportedException',
      'This API is no longer supported for new accounts. Please use Amazon S3 Glacier storage classes instead.',
    ),
  noInventory: (arn: string) => missing(`An inventory has not yet been initially generated for this vault: ${arn}`),

  signatureExpired: (date: string, limit: string, now: string, minutes: number) =>
    badSignature(`Signature expired: ${date} is now earlier than ${limit} (${now} - ${minutes} min.)`),
  signatureTooEarly: (date: string, limit: string, now: string, minutes: number) =>
    badSignature(`Signature not yet current: ${date} is still later than ${limit} (${now} + ${minutes} min.)`),
  payloadMismatch: (computed: string, expected: string) =>
    badSignature(
      `The value passed in as x-amz-content-sha256 does not match the computed payload hash. Computed digest: ${computed} expected hash: ${expected}`,
    ),
  signatureMismatch: (canonical: string, toSign: string) =>
    badSignature(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. ' +
        'Consult the service documentation for details.\n\n' +
        `The Canonical String for this request should have been\n'${canonical}'\n\nThe String-to-Sign should have been\n'${toSign}'\n`,
    ),
  tokenExpired: () => signature(403, 'ExpiredTokenException', 'The security token included in the request is expired'),
  clientUnknown: () =>
    signature(400, 'UnrecognizedClientException', 'The security token included in the request is invalid.'),
  noAuthentication: () =>
    signature(400, 'MissingAuthenticationTokenException', 'Request is missing Authentication Token'),
  // Words of other Amazon services; Glacier's own were not seen.
  scopeRegion: (region: string) => badSignature(`Credential should be scoped to a valid region, not '${region}'. `),
  scopeService: () => badSignature(`Credential should be scoped to correct service: 'glacier'. `),
  scopeDay: (day: string, date: string) =>
    badSignature(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${day}' != '${date.slice(0, 8)}', from '${date}'.`,
    ),

  // Own words: nobody has published the real ones.
  authorizationMalformed: (text: string) => badSignature(`Authorization header is malformed: ${text}`),
  dateMalformed: () =>
    badSignature(
      `Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header in ISO-8601 basic form.`,
    ),
  headerNotSigned: (name: string) => badSignature(`'${name}' must be a 'SignedHeader' in the AWS Authorization.`),
  signedHeaderMissing: (name: string) =>
    badSignature(`'${name}' is named as a signed header, but the request does not have it.`),
  accountDenied: (accountId: string) =>
    client(403, 'AccessDeniedException', `The credentials do not belong to the account ${accountId}.`),
  denied: (message: string) => client(403, 'AccessDeniedException', message),
  deniedByPolicy: (action: string, arn: string, account: string) =>
    client(
      403,
      'AccessDeniedException',
      `User: arn:aws:iam::${account}:user/practice is not authorized to perform: ${action} on resource: ${arn} with an explicit deny`,
    ),
  nothingSet: (what: string, vault: string) => missing(`No ${what} is set for vault: ${vault}`),
  parameterMissing: (name: string) =>
    client(400, 'MissingParameterValueException', `Required parameter missing: ${name}`),
  parameter: (name: string, text: string) => invalid(`Invalid ${name}: ${text}`),
  invalid,
  missing,
  operationUnknown: (method: string, path: string) =>
    client(400, 'BadRequest', `There is no operation ${method} ${path}.`),
  bodyMalformed: (why: string) => client(400, 'SerializationException', `The request body could not be read: ${why}`),
  limitExceeded: (message: string) => client(400, 'LimitExceededException', message),
  onlyForInventory: () => invalid('Format and InventoryRetrievalParameters belong to inventory retrievals only.'),
  onlyForArchive: () => invalid('ArchiveId and RetrievalByteRange belong to archive retrievals only.'),
  partMisaligned: (range: string, partSize: number) =>
    invalid(`Content-Range: ${range} does not fit a part size of ${partSize} bytes.`),
  serviceUnavailable: (): Rejection => ({
    status: 500,
    code: 'ServiceUnavailableException',
    message: 'The practice vault could not complete the request.',
    type: 'Server',
    layer: 'service',
  }),
} as const;

import { checksumAlgorithms } from '../checksums/algorithms.ts';

/** An error of S3. `details` are further elements of its body; `headers` go with it. */
export type Refusal = {
  status: number;
  code: string;
  message: string;
  details: Record<string, string>;
  headers: Record<string, string>;
};

type Details = Record<string, string | number>;

export function refusal(status: number, code: string, message: string, details: Details = {}): Refusal {
  const texts = Object.entries(details).map(([name, value]) => [name, String(value)]);
  return { status, code, message, details: Object.fromEntries(texts) as Record<string, string>, headers: {} };
}

const argument = (message: string, name: string, value: string): Refusal =>
  refusal(400, 'InvalidArgument', message, { ArgumentName: name, ArgumentValue: value });
const request = (message: string): Refusal => refusal(400, 'InvalidRequest', message);
const denied = (message = 'Access Denied'): Refusal => refusal(403, 'AccessDenied', message);

/** The real service's words, as seen in its documentation, in recordings of it, or in answers that people have shown. */
export const refusals = {
  argument,
  request,
  denied,

  // Buckets
  bucketMissing: (name: string) =>
    refusal(404, 'NoSuchBucket', 'The specified bucket does not exist', { BucketName: name }),
  bucketName: (name: string) =>
    refusal(400, 'InvalidBucketName', 'The specified bucket is not valid.', { BucketName: name }),
  bucketOwned: (name: string) =>
    refusal(
      409,
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
      { BucketName: name },
    ),
  bucketNotEmpty: (name: string, hasVersions: boolean) =>
    refusal(
      409,
      'BucketNotEmpty',
      hasVersions
        ? 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.'
        : 'The bucket you tried to delete is not empty',
      { BucketName: name },
    ),
  locationWrong: (location: string) =>
    refusal(
      400,
      'IllegalLocationConstraintException',
      location === ''
        ? 'The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.'
        : `The ${location} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    ),
  locationInvalid: (location: string) =>
    refusal(400, 'InvalidLocationConstraint', 'The specified location-constraint is not valid', {
      LocationConstraint: location,
    }),
  nothingSet: (code: string, message: string, bucket: string) => refusal(404, code, message, { BucketName: bucket }),
  aclsOff: () => refusal(400, 'AccessControlListNotSupported', 'The bucket does not allow ACLs'),

  // Objects
  keyMissing: (key: string) => refusal(404, 'NoSuchKey', 'The specified key does not exist.', { Key: key }),
  versionMissing: (key: string, versionId: string) =>
    refusal(404, 'NoSuchVersion', 'The specified version does not exist.', { Key: key, VersionId: versionId }),
  versionId: (versionId: string) => argument('Invalid version id specified', 'versionId', versionId),
  keyTooLong: (length: number) =>
    refusal(400, 'KeyTooLongError', 'Your key is too long', { Size: length, MaxSizeAllowed: 1024 }),
  uri: () => refusal(400, 'InvalidURI', "Couldn't parse the specified URI."),
  method: (method: string, resource: string) =>
    refusal(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.', {
      Method: method,
      ResourceType: resource,
    }),
  storageClass: (name: string) =>
    refusal(400, 'InvalidStorageClass', 'The storage class you specified is not valid', {
      StorageClassRequested: name,
    }),
  metadataTooLarge: (size: number) =>
    refusal(400, 'MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', {
      Size: size,
      MaxSizeAllowed: 2048,
    }),
  tag: (message: string) => refusal(400, 'InvalidTag', message),
  tooManyTags: () => refusal(400, 'BadRequest', 'Object tags cannot be greater than 10'),
  encryption: (value: string) =>
    argument('The encryption method specified is not supported', 'x-amz-server-side-encryption', value),
  rangeUnsatisfiable: (range: string, size: number) =>
    refusal(416, 'InvalidRange', 'The requested range is not satisfiable', {
      RangeRequested: range,
      ActualObjectSize: size,
    }),
  partUnsatisfiable: (number: number, count: number) =>
    refusal(416, 'InvalidPartNumber', 'The requested partnumber is not satisfiable', {
      PartNumberRequested: number,
      ActualPartCount: count,
    }),
  precondition: (condition: string) =>
    refusal(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
      Condition: condition,
    }),
  conditionalConflict: (condition: string, key: string) =>
    refusal(
      409,
      'ConditionalRequestConflict',
      'The conditional request cannot succeed due to a conflicting operation against this resource.',
      { Condition: condition, Key: key },
    ),
  archived: (storageClass: string) =>
    refusal(403, 'InvalidObjectState', "The operation is not valid for the object's storage class", {
      StorageClass: storageClass,
    }),
  notRestorable: (storageClass: string) =>
    refusal(403, 'InvalidObjectState', "Restore is not allowed for the object's current storage class", {
      StorageClass: storageClass,
    }),
  restoring: () => refusal(409, 'RestoreAlreadyInProgress', 'Object restore is already in progress'),
  tierOfClass: (tier: string) => argument('Retrieval option is not supported by this storage class', 'Tier', tier),

  // Object Lock
  locked: () => denied('Access Denied because object protected by object lock.'),
  lockOff: () => request('Bucket is missing Object Lock Configuration'),
  lockMissing: (bucket: string) =>
    refusal(404, 'ObjectLockConfigurationNotFoundError', 'Object Lock configuration does not exist for this bucket', {
      BucketName: bucket,
    }),
  retentionMissing: () =>
    refusal(404, 'NoSuchObjectLockConfiguration', 'The specified object does not have a ObjectLock configuration'),
  lockNeedsChecksum: (what: 'Object' | 'Part') =>
    request(
      `Content-MD5 OR x-amz-checksum- HTTP header is required for Put ${what} requests with Object Lock parameters`,
    ),
  bucketState: (message: string) => refusal(409, 'InvalidBucketState', message),

  // Multipart uploads
  uploadMissing: (uploadId: string) =>
    refusal(
      404,
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      { UploadId: uploadId },
    ),
  partNumber: (text: string) =>
    argument('Part number must be an integer between 1 and 10000, inclusive', 'partNumber', text),
  partMissing: (etag: string, number: number, uploadId: string) =>
    refusal(
      400,
      'InvalidPart',
      "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      { ETag: etag, PartNumber: number, UploadId: uploadId },
    ),
  partOrder: (uploadId: string) =>
    refusal(
      400,
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
      { UploadId: uploadId },
    ),
  partTooSmall: (etag: string, number: number, size: number) =>
    refusal(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
      ETag: etag,
      MinSizeAllowed: 5_242_880,
      PartNumber: number,
      ProposedSize: size,
    }),
  tooLarge: (size: number, most: number) =>
    refusal(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
      ProposedSize: size,
      MaxSizeAllowed: most,
    }),
  noParts: () => request('You must specify at least one part'),
  partChecksumMissing: (algorithm: string, number: number) =>
    request(
      `The upload was created using a ${algorithm} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
    ),
  partChecksumOfOtherKind: (algorithm: string, number: number) =>
    refusal(400, 'BadDigest', `The ${algorithm} you specified for part ${number} did not match what we received.`),
  objectChecksum: (algorithm: string) =>
    refusal(400, 'BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`),
  checksumMode: (type: string) =>
    request(
      `The upload was created using the ${type} checksum mode. The complete request must use the same checksum mode.`,
    ),
  objectSize: (told: number, computed: number) =>
    request(`The provided 'x-amz-mp-object-size' header value ${told} does not match what was computed: ${computed}`),

  // Bodies and checksums
  payloadHeaderMissing: () => request('Missing required header for this request: x-amz-content-sha256'),
  payloadHeader: (value: string) =>
    argument(
      'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
      'x-amz-content-sha256',
      value,
    ),
  payloadMismatch: (told: string, computed: string) =>
    refusal(
      400,
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      { ClientComputedContentSHA256: told, S3ComputedContentSHA256: computed },
    ),
  md5Invalid: (text: string) =>
    refusal(400, 'InvalidDigest', 'The Content-MD5 you specified was invalid.', { 'Content-MD5': text }),
  md5Mismatch: (told: string, computed: string) =>
    refusal(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.', {
      ExpectedDigest: told,
      CalculatedDigest: computed,
    }),
  checksumMismatch: (algorithm: string) =>
    refusal(400, 'BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`),
  checksumInvalid: (header: string) => request(`Value for ${header} header is invalid.`),
  checksumTwice: () => request('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.'),
  checksumOfOtherKind: (expected: string | null, actual: string | null) =>
    request(
      `Checksum Type mismatch occurred, expected checksum Type: ${expected?.toLowerCase() ?? 'null'}, actual checksum Type: ${actual?.toLowerCase() ?? 'null'}`,
    ),
  checksumAnnounced: () =>
    request(
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    ),
  checksumUnsupported: () =>
    request(
      `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${checksumAlgorithms.join(', ')}]`,
    ),
  checksumTypeAlone: () =>
    request('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.'),
  checksumTypeOf: (type: string, algorithm: string) =>
    request(`The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`),
  checksumRequired: () => request('Missing required header for this request: Content-MD5 OR x-amz-checksum-*'),
  lengthMissing: () => refusal(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.'),
  incomplete: () => refusal(400, 'IncompleteBody', 'The request body terminated unexpectedly'),
  malformedXml: () =>
    refusal(
      400,
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    ),
  messageTooLong: (most: number) =>
    refusal(400, 'MaxMessageLengthExceeded', 'Your request was too big.', { MaxMessageLengthBytes: most }),
  notImplemented: (header: string, more: Details = {}) =>
    refusal(501, 'NotImplemented', 'A header you provided implies functionality that is not implemented', {
      Header: header,
      ...more,
    }),
  timedOut: () =>
    refusal(
      400,
      'RequestTimeout',
      'Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.',
    ),
  internal: () => refusal(500, 'InternalError', 'We encountered an internal error. Please try again.'),

  // Who sends
  unsignedHeaders: (names: readonly string[]) =>
    refusal(403, 'AccessDenied', 'There were headers present in the request which were not signed', {
      HeadersNotSigned: names.join(', '),
    }),
  ownerMalformed: (value: string) =>
    argument(
      'The value of the expected bucket owner parameter must be an AWS account ID',
      'x-amz-expected-bucket-owner',
      value,
    ),
} as const;

import { z } from 'zod';
import { bucketOperations } from '../../../main/practice/buckets/protocol/routes.ts';
import { moments } from '../../../main/practice/exchange/manners.ts';
import { vaultOperations } from '../../../main/practice/vaults/protocol/routes.ts';

const moment = z.enum(moments);

/** `within-body` without `afterBytes` means in the middle. Sizes in bytes, times in milliseconds. */
const at = { when: moment, afterBytes: z.int().min(0).optional() };

/** Of Glacier. */
export const errorCodes = [
  'AccessDeniedException',
  'ExpiredTokenException',
  'InsufficientCapacityException',
  'NoLongerSupportedException',
  'PolicyEnforcedException',
  'RequestTimeoutException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'ThrottlingException',
] as const;

/** Of S3. */
export const bucketErrorCodes = [
  'AccessDenied',
  'ExpiredToken',
  'GlacierExpeditedRetrievalNotAvailable',
  'InternalError',
  'InvalidAccessKeyId',
  'NoSuchUpload',
  'OperationAborted',
  'RequestTimeout',
  'RequestTimeTooSkewed',
  'ServiceUnavailable',
  'SlowDown',
] as const;

const behaviour = z.discriminatedUnion('kind', [
  /** The connection ends without a word. */
  z.strictObject({ kind: z.literal('drop'), ...at }),
  /** An error takes the place of the answer. `html` is a load balancer's page. */
  z.strictObject({ kind: z.literal('error'), ...at, code: z.enum(errorCodes), body: z.enum(['json', 'none', 'html']) }),
  /** The same of S3. */
  z.strictObject({
    kind: z.literal('bucket-error'),
    ...at,
    code: z.enum(bucketErrorCodes),
    body: z.enum(['xml', 'none', 'html']),
  }),
  /** S3 says 200, sends white space, and then the error, or nothing when it is null. */
  z.strictObject({ kind: z.literal('error-in-success'), when: moment, code: z.enum(bucketErrorCodes).nullable() }),
  /** Nothing happens for so long, or for ever when `ms` is null. */
  z.strictObject({ kind: z.literal('delay'), ...at, ms: z.number().min(0).nullable() }),
  /** The answer ends in its middle. */
  z.strictObject({ kind: z.literal('truncated-answer') }),
  /** A tree hash in the answer, in a header or in a listing, is not the right one. */
  z.strictObject({ kind: z.literal('wrong-tree-hash') }),
  /** A checksum or an entity tag of S3 in the answer, in a header or in its body, is not the right one. */
  z.strictObject({ kind: z.literal('wrong-checksum') }),
  /** Both ways. */
  z.strictObject({ kind: z.literal('bandwidth'), bytesPerSecond: z.number().positive() }),
  /** The part is acknowledged and then forgotten. */
  z.strictObject({ kind: z.literal('lost-part') }),
  /** The multipart upload that the request names is gone when it arrives. */
  z.strictObject({ kind: z.literal('expired-upload') }),
]);
export type Behaviour = z.output<typeof behaviour>;

const operation = z.enum([...new Set([...vaultOperations, ...bucketOperations])]);

/** Befalls the requests that fit all that it names: the `nth` of them, counted from 1, or each. */
const fault = z.strictObject({
  operation: operation.optional(),
  service: z.enum(['glacier', 's3']).optional(),
  vault: z.string().optional(),
  bucket: z.string().optional(),
  key: z.string().optional(),
  partNumber: z.int().optional(),
  /** The range of a part, or of an output, as in `0-1048575`. */
  range: z.string().optional(),
  nth: z.union([z.int().min(1), z.array(z.int().min(1))]).optional(),
  behaviour,
});
export type Fault = z.output<typeof fault>;

/** Each request has a `chance` from 0 to 1 to suffer one of the behaviours; the same seed makes the same choices. */
const random = z.strictObject({
  seed: z.int(),
  chance: z.number().min(0).max(1),
  behaviours: z.array(behaviour).min(1).optional(),
  operations: z.array(operation).optional(),
});

export const faultsSchema = z.strictObject({ script: z.array(fault).optional(), random: random.optional() });

/**
 * How a practice service misbehaves for a test. The script goes first, and its
 * faults may be added to and taken from while the service runs.
 */
export type Faults = z.output<typeof faultsSchema>;

/** What may befall a client of vaults at any time, for random faults that name nothing of their own. */
export const everydayBehaviours: Behaviour[] = [
  ...moment.options.map((when): Behaviour => ({ kind: 'drop', when })),
  { kind: 'error', when: 'after-body', code: 'ServiceUnavailableException', body: 'json' },
  { kind: 'error', when: 'after-body', code: 'ServiceUnavailable', body: 'html' },
  { kind: 'error', when: 'after-effect', code: 'ServiceUnavailable', body: 'none' },
  { kind: 'error', when: 'within-body', code: 'RequestTimeoutException', body: 'json' },
  { kind: 'error', when: 'after-body', code: 'RequestTimeoutException', body: 'none' },
  { kind: 'error', when: 'after-body', code: 'ThrottlingException', body: 'json' },
  { kind: 'truncated-answer' },
  { kind: 'wrong-tree-hash' },
];

/** The same for a client of buckets. */
export const everydayBucketBehaviours: Behaviour[] = [
  ...moment.options.map((when): Behaviour => ({ kind: 'drop', when })),
  { kind: 'bucket-error', when: 'after-body', code: 'SlowDown', body: 'xml' },
  { kind: 'bucket-error', when: 'after-body', code: 'InternalError', body: 'xml' },
  { kind: 'bucket-error', when: 'after-effect', code: 'InternalError', body: 'xml' },
  { kind: 'bucket-error', when: 'after-body', code: 'ServiceUnavailable', body: 'html' },
  { kind: 'bucket-error', when: 'after-effect', code: 'ServiceUnavailable', body: 'none' },
  { kind: 'bucket-error', when: 'within-body', code: 'RequestTimeout', body: 'xml' },
  { kind: 'truncated-answer' },
  { kind: 'wrong-checksum' },
];

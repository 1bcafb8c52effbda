import { z } from 'zod';
import { moments } from '../../../main/practice/protocol/manners.ts';
import { type OperationName, operationNames } from '../../../main/practice/protocol/routes.ts';

const moment = z.enum(moments);

/** `within-body` without `afterBytes` means in the middle. Sizes in bytes, times in milliseconds. */
const at = { when: moment, afterBytes: z.int().min(0).optional() };

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

const behaviour = z.discriminatedUnion('kind', [
  /** The connection ends without a word. */
  z.strictObject({ kind: z.literal('drop'), ...at }),
  /** An error takes the place of the answer. `html` is a load balancer's page. */
  z.strictObject({ kind: z.literal('error'), ...at, code: z.enum(errorCodes), body: z.enum(['json', 'none', 'html']) }),
  /** Nothing happens for so long, or for ever when `ms` is null. */
  z.strictObject({ kind: z.literal('delay'), ...at, ms: z.number().min(0).nullable() }),
  /** The answer ends in its middle. */
  z.strictObject({ kind: z.literal('truncated-answer') }),
  /** A tree hash in the answer, in a header or in a listing, is not the right one. */
  z.strictObject({ kind: z.literal('wrong-tree-hash') }),
  /** Both ways. */
  z.strictObject({ kind: z.literal('bandwidth'), bytesPerSecond: z.number().positive() }),
  /** The part is acknowledged and then forgotten. */
  z.strictObject({ kind: z.literal('lost-part') }),
  /** The multipart upload that the request names is gone when it arrives. */
  z.strictObject({ kind: z.literal('expired-upload') }),
]);
export type Behaviour = z.output<typeof behaviour>;

const operation = z.enum(operationNames as [OperationName, ...OperationName[]]);

/** Befalls the requests that fit all that it names: the `nth` of them, counted from 1, or each. */
const fault = z.strictObject({
  operation: operation.optional(),
  vault: z.string().optional(),
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
 * How a practice vault misbehaves for a test. The script goes first, and its
 * faults may be added to and taken from while the vault runs.
 */
export type Faults = z.output<typeof faultsSchema>;

/** What may befall a client at any time, for random faults that name nothing of their own. */
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

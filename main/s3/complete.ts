import type { Checksum, Piece } from '../../shared/checksum.ts';
import type { Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { MINUTE } from '../../shared/units.ts';
import { garbled } from '../aws/garbled.ts';
import type { HttpAnswer } from '../aws/http-answer.ts';
import type { CompletionRefused, MultipartMissing } from '../core/ports.ts';
import { base64Of, checksumIn } from './checksums.ts';
import type { Client } from './client.ts';
import { failureOf } from './failure.ts';
import type { Operation } from './operation.ts';
import { type NameTaken, type StoredObject, readTaken, unlessTaken } from './put.ts';
import { type S3Refusal, refusalIn } from './refusal.ts';
import { etagIn, versionIn } from './refs.ts';
import { type Session, aboutSession, readMissing } from './session.ts';
import { UnexpectedXml, type XmlElement, optionalText, parseXml, textOf } from './xml.ts';
import { xmlBody } from './write-xml.ts';

/** The service says that it is at work with white space, for minutes. */
const PATIENCE_MS = 10 * MINUTE;

/** The name had another object since the upload began: this upload can never be completed under its condition. */
export type Overtaken = { kind: 'overtaken' };

type Outcome = MultipartMissing | CompletionRefused | NameTaken | Overtaken;

export type Completion = Session & {
  size: number;
  checksum: Checksum;
  pieces: readonly Piece[];
  partSize: number;
  mayReplace: boolean;
};

/**
 * Makes an object of the parts. S3 compares the checksum of each and the size; the answer begins with 200 before it is known how
 * it ends, so only what its body says counts.
 */
export async function completeUpload(
  client: Client,
  { size, checksum, pieces, partSize, mayReplace, ...session }: Completion,
  signal: AbortSignal,
): Promise<Result<StoredObject, Failure | Outcome>> {
  const parts = pieces.map((piece) => partOf(piece, partSize));
  const { body, headers } = xmlBody('CompleteMultipartUpload', parts);
  const operation: Operation<Outcome> = {
    ...aboutSession('POST', session),
    headers: {
      ...headers,
      ...unlessTaken(mayReplace),
      'x-amz-mp-object-size': String(size),
      // Amazon's own tool for moving vaults sends it without the number of parts.
      'x-amz-checksum-sha256': base64Of(checksum).replace(/-\d+$/, ''),
      'x-amz-checksum-type': 'COMPOSITE',
    },
    body,
    action: 's3:PutObject',
    isRepeatable: false,
    ownOutcome: readOutcome,
    limits: { idleTimeoutMs: PATIENCE_MS },
  };
  const answer = await client.call(operation, signal);
  return answer.ok ? readCompleted(answer.value, operation) : answer;
}

function partOf({ first, checksum, receipt }: Piece, partSize: number) {
  return [
    'Part',
    [
      ['ETag', `"${receipt}"`],
      ['ChecksumSHA256', base64Of(checksum)],
      ['PartNumber', first / partSize + 1],
    ],
  ] as const;
}

/** Codes of a refusal that is about the parts: they are to be compared with those that the service has. */
const ABOUT_PARTS: ReadonlySet<string> = new Set([
  'InvalidPart',
  'InvalidPartOrder',
  'EntityTooSmall',
  'BadDigest',
  'InvalidRequest',
]);

function readOutcome(refusal: S3Refusal): Outcome | null {
  const { status, code, message } = refusal;
  if (code === 'ConditionalRequestConflict') return { kind: 'overtaken' };
  if (status === 400 && ABOUT_PARTS.has(code)) return { kind: 'completion-refused', message };
  return readTaken(refusal) ?? readMissing(refusal);
}

function readCompleted(answer: HttpAnswer, operation: Operation<Outcome>): Result<StoredObject, Failure | Outcome> {
  const root = rootOf(answer);
  // Nothing at all is what is left when the service gave up in the middle.
  if (root === 'empty') return fail({ kind: 'service-error', status: 200, code: '', message: '', requestId: null });
  if (root === 'unreadable') return garbled('it is cut off');
  if (root.name === 'Error') {
    const refusal = refusalIn({ ...answer, status: STATUS_OF.get(textOf(root, 'Code')) ?? 503 }, root);
    return fail(readOutcome(refusal) ?? failureOf(refusal, operation));
  }
  if (root.name !== 'CompleteMultipartUploadResult') return garbled(`it is a ${root.name}`);
  return ok({
    etag: etagIn(textOf(root, 'ETag')),
    versionId: versionIn(answer.headers['x-amz-version-id']),
    checksum: checksumIn(optionalText(root, 'ChecksumSHA256')),
  });
}

/** What an error would have had for a status, if it had been known in time. Any other may pass. */
const STATUS_OF: ReadonlyMap<string, number> = new Map([
  ...Array.from(ABOUT_PARTS, (code) => [code, 400] as const),
  ['NoSuchUpload', 404],
  ['PreconditionFailed', 412],
  ['ConditionalRequestConflict', 409],
  ['AccessDenied', 403],
]);

function rootOf({ body }: HttpAnswer): XmlElement | 'empty' | 'unreadable' {
  if (Buffer.from(body).toString('latin1').trim() === '') return 'empty';
  try {
    return parseXml(body);
  } catch (error) {
    if (error instanceof UnexpectedXml) return 'unreadable';
    throw error;
  }
}

import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Result, fail, ok } from '../../../../shared/result.ts';
import { MiB } from '../../../../shared/units.ts';
import { DEFAULT_ALGORITHM, checksumOfParts, elementOf } from '../checksums/algorithms.ts';
import type { Answer } from '../../exchange/answer.ts';
import { encode } from '../../exchange/query.ts';
import { committed, xmlAnswer } from '../protocol/answers.ts';
import { type Call, type Operation, type Service, findBucket, headerOf } from '../protocol/call.ts';
import { writingProblem } from '../protocol/conditions.ts';
import { checksumText, versionHeader } from '../protocol/object-headers.ts';
import { type NamedPart, readPartList } from '../protocol/part-list.ts';
import { type Refusal, refusals } from '../protocol/refusals.ts';
import type { Bucket } from '../store/buckets.ts';
import type { ObjectRecord, Part, Upload } from '../store/records.ts';
import { XML_DECLARATION, document, element } from '../xml/write.ts';
import { completionProblem, partsProblem } from './completion-problems.ts';
import { findUpload } from './multipart.ts';
import { writeObject } from './write-object.ts';

/** The list of 10,000 parts with two checksums each comes to less. */
const MAX_LIST = 8 * MiB;

/** Idempotent for a while. A refusal leaves the upload open as it is. */
export const completeMultipartUpload: Operation = {
  plan: () => ok({ kind: 'small', needsChecksum: false, maxLength: MAX_LIST, tellsObject: true }),

  async perform(service, call) {
    const uploadId = call.route.query.get('uploadId') ?? '';
    const named = readPartList(call, uploadId);
    if (!named.ok) return named;
    const before = recall(service, call, uploadId, fingerprint(named.value));
    if (before) return ok(before);
    const ready = prepare(service, call, named.value);
    if (!ready.ok) return ready;
    const { assemblyMs } = service.rules;
    if (assemblyMs > 0) {
      call.hold({ 'Content-Type': 'application/xml' }, XML_DECLARATION);
      await sleep(assemblyMs);
    }
    return finish(service, call, named.value);
  },
};

type Ready = { bucket: Bucket; upload: Upload; parts: Part[]; object: ObjectRecord };

/** All that has to be right. */
function prepare(service: Service, call: Call, named: readonly NamedPart[]): Result<Ready, Refusal> {
  const { store } = service;
  const found = findUpload(service, call);
  if (!found.ok) return found;
  const { bucket, upload } = found.value;
  const stored = new Map(store.uploads.parts(upload).map((part) => [part.number, part]));
  const problem = partsProblem(upload, named, stored);
  if (problem) return fail(problem);
  const parts = named.flatMap(({ number }) => stored.get(number) ?? []);
  const object = objectOf(upload, parts);
  const refused =
    completionProblem(call, object) ??
    writingProblem(call.headers, call.route.key, store.versions.current(bucket, call.route.key)) ??
    conflict(call, upload);
  return refused ? fail(refused) : ok({ bucket, upload, parts, object });
}

/** The key was written or deleted since the upload began: the condition cannot be met any more. */
function conflict({ headers, route }: Call, { keyChanged }: Upload): Refusal | null {
  const isConditional = headerOf(headers, 'if-none-match') !== null;
  return isConditional && keyChanged ? refusals.conditionalConflict('If-None-Match', route.key) : null;
}

function objectOf({ draft }: Upload, parts: readonly Part[]): ObjectRecord {
  const { checksum: asked, ...head } = draft;
  const { algorithm, type } = asked ?? { algorithm: DEFAULT_ALGORITHM, type: 'FULL_OBJECT' as const };
  const md5 = createHash('md5');
  for (const part of parts) md5.update(part.md5, 'hex');
  return {
    ...head,
    size: parts.reduce((sum, { size }) => sum + size, 0),
    etag: `${md5.digest('hex')}-${parts.length}`,
    checksum: { algorithm, type, value: checksumOfParts(algorithm, type, parts) },
    partCount: parts.length,
    restore: null,
  };
}

/** Looks once more, since white space may have gone out meanwhile, and makes the object of the parts. */
function finish(service: Service, call: Call, named: readonly NamedPart[]): Result<Answer, Refusal> {
  const { store, clock } = service;
  const ready = prepare(service, call, named);
  if (!ready.ok) return ready;
  const { bucket, upload, parts, object } = ready.value;
  const { uploadId, key } = upload;
  const written = writeObject(service, call, object, (row, versionId) => {
    const numbers = parts.map(({ number }) => number);
    store.uploads.handOver(upload, row, numbers);
    const record: Completed = { asked: fingerprint(named), versionId, object };
    store.uploads.remember({
      uploadId,
      bucket: bucket.name,
      key,
      completedAt: clock(),
      record: JSON.stringify(record),
    });
    return store.uploads.remove(upload);
  });
  return written.ok ? ok(committed(completedAnswer(call, bucket, object, written.value.versionId))) : written;
}

/** What a completed upload came to, for as long as it is remembered. */
type Completed = { asked: string; versionId: string; object: ObjectRecord };

/** The answer that was given before, when the same is asked of an upload that is no more. */
function recall(service: Service, call: Call, uploadId: string, asked: string): Answer | null {
  const { store, rules, clock } = service;
  const bucket = findBucket(service, call);
  const known = store.uploads.remembered(uploadId);
  if (!known || !bucket.ok || known.bucket !== bucket.value.name || known.key !== call.route.key) return null;
  const { object, versionId, ...completed } = JSON.parse(known.record) as Completed;
  const isForgotten = clock() >= known.completedAt + rules.completeMemoryMs;
  return isForgotten || completed.asked !== asked ? null : completedAnswer(call, bucket.value, object, versionId);
}

function fingerprint(named: readonly NamedPart[]): string {
  return createHash('sha256')
    .update(named.map(({ number, etag }) => `${number} ${etag}\n`).join(''))
    .digest('hex');
}

function completedAnswer(call: Call, bucket: Bucket, object: ObjectRecord, versionId: string): Answer {
  const { checksum, partCount, etag } = object;
  const { key } = call.route;
  const told = document(
    'CompleteMultipartUploadResult',
    element('Location', `${call.origin}/${bucket.name}/${key.split('/').map(encode).join('/')}`),
    element('Bucket', bucket.name),
    element('Key', key),
    element('ETag', `"${etag}"`),
    element(elementOf(checksum.algorithm), checksumText(checksum, partCount)),
    element('ChecksumType', checksum.type),
  );
  const headers = { 'x-amz-server-side-encryption': 'AES256', ...versionHeader(bucket, versionId) };
  return { ...xmlAnswer(told, headers), noted: { versionId } };
}

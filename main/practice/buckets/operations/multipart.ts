import { type Result, fail, ok } from '../../../../shared/result.ts';
import { newId } from '../../ids.ts';
import {
  type ChecksumType,
  DEFAULT_ALGORITHM,
  checksumAlgorithms,
  headerOf as checksumHeader,
  typesOf,
} from '../checksums/algorithms.ts';
import { committed, emptyAnswer, xmlAnswer } from '../protocol/answers.ts';
import { type Head, type Operation, type Service, findBucket, headerOf } from '../protocol/call.ts';
import { readTold } from '../protocol/checksum-headers.ts';
import { readObjectHead } from '../protocol/object-head.ts';
import { type Refusal, refusals } from '../protocol/refusals.ts';
import type { Bucket } from '../store/buckets.ts';
import type { Upload, UploadChecksum } from '../store/records.ts';
import { document, element } from '../xml/write.ts';
import { abortHeaders } from './lifecycle-abort.ts';
import { MAX_BODY } from './put-object.ts';
import { simple } from './plans.ts';

export const createMultipartUpload = simple((service, call) => {
  const { store, clock } = service;
  const { key } = call.route;
  const bucket = findBucket(service, call);
  if (!bucket.ok) return bucket;
  const head = readObjectHead(call, bucket.value, clock());
  if (!head.ok) return head;
  const checksum = readChecksum(call);
  if (!checksum.ok) return checksum;
  const uploadId = newId('bucketUpload');
  store.change(() => {
    store.uploads.create(bucket.value, key, uploadId, clock(), { ...head.value, checksum: checksum.value });
  });
  const headers = {
    'x-amz-server-side-encryption': 'AES256',
    ...(checksum.value && {
      'x-amz-checksum-algorithm': checksum.value.algorithm,
      'x-amz-checksum-type': checksum.value.type,
    }),
    ...abortHeaders(bucket.value, key, clock()),
  };
  const told = document(
    'InitiateMultipartUploadResult',
    element('Bucket', bucket.value.name),
    element('Key', key),
    element('UploadId', uploadId),
  );
  return ok({ ...committed(xmlAnswer(told, headers)), noted: { multipartUploadId: uploadId } });
});

export const uploadPart: Operation = {
  plan(service, head) {
    const number = readPartNumber(head);
    if (!number.ok) return number;
    const found = findUpload(service, head);
    if (!found.ok) return found;
    const { upload } = found.value;
    const { checksum } = upload.draft;
    const told = readTold(head.headers);
    if (!told.ok) return told;
    if (headerOf(head.headers, 'x-amz-copy-source') !== null) return fail(refusals.notImplemented('x-amz-copy-source'));
    const trailer = headerOf(head.headers, 'x-amz-trailer')?.replace('x-amz-checksum-', '').toUpperCase() ?? null;
    const problem = kindProblem(checksum, told.value?.algorithm ?? trailer);
    if (problem) return fail(problem);
    return ok({ kind: 'data', compute: [checksum?.algorithm ?? DEFAULT_ALGORITHM], maxLength: MAX_BODY });
  },

  async perform(service, call) {
    const { store, clock } = service;
    const { body } = call;
    const number = readPartNumber(call);
    if (!number.ok) return number;
    if (body.kind !== 'data') return fail(refusals.internal());
    await store.files.keep();
    const stored = store.change((): Result<{ upload: Upload; replaced: string[] }, Refusal> => {
      const found = findUpload(service, call);
      if (!found.ok) return found;
      const { upload } = found.value;
      const checksum = body.checksums.get(upload.draft.checksum?.algorithm ?? DEFAULT_ALGORITHM) ?? '';
      const part = {
        number: number.value,
        file: body.file,
        size: body.length,
        createdAt: clock(),
        md5: body.md5,
        checksum,
      };
      return ok({ upload, replaced: store.uploads.addPart(upload, part) });
    });
    if (!stored.ok) return stored;
    store.files.discard(stored.value.replaced);
    const { told } = body;
    const headers = {
      ETag: `"${body.md5}"`,
      'x-amz-server-side-encryption': 'AES256',
      ...(told && { [checksumHeader(told.algorithm)]: told.value }),
    };
    return ok(committed(emptyAnswer(200, headers)));
  },
};

export const abortMultipartUpload = simple((service, call) => {
  const { store } = service;
  const found = findUpload(service, call);
  if (!found.ok) return found;
  store.files.discard(store.change(() => store.uploads.remove(found.value.upload)));
  return ok(committed(emptyAnswer(204)));
});

/** The upload that a request names, which is one of its key alone. */
export function findUpload(service: Service, head: Head): Result<{ bucket: Bucket; upload: Upload }, Refusal> {
  const bucket = findBucket(service, head);
  if (!bucket.ok) return bucket;
  const { key, query } = head.route;
  const uploadId = query.get('uploadId') ?? '';
  const upload = service.store.uploads.find(bucket.value, key, uploadId);
  return upload ? ok({ bucket: bucket.value, upload }) : fail(refusals.uploadMissing(uploadId));
}

function readPartNumber({ route }: Head): Result<number, Refusal> {
  const text = route.query.get('partNumber') ?? '';
  const number = Number(text);
  return /^\d{1,5}$/.test(text) && number >= 1 && number <= 10_000 ? ok(number) : fail(refusals.partNumber(text));
}

function readChecksum({ headers }: Head): Result<UploadChecksum | null, Refusal> {
  const name = headerOf(headers, 'x-amz-checksum-algorithm')?.toUpperCase() ?? null;
  const type = headerOf(headers, 'x-amz-checksum-type')?.toUpperCase() ?? null;
  if (name === null) return type === null ? ok(null) : fail(refusals.checksumTypeAlone());
  const algorithm = checksumAlgorithms.find((known) => known === name);
  if (!algorithm) return fail(refusals.checksumUnsupported());
  const [usual = 'COMPOSITE'] = typesOf(algorithm);
  const chosen = type === null ? usual : typesOf(algorithm).find((known): known is ChecksumType => known === type);
  return chosen ? ok({ algorithm, type: chosen }) : fail(refusals.checksumTypeOf(type ?? '', algorithm));
}

/**
 * Parts have to tell the checksum that the upload is about. Where that covers all bytes, S3 computes those of parts that
 * tell none; an upload about none takes whatever a part tells.
 */
function kindProblem(expected: UploadChecksum | null, told: string | null): Refusal | null {
  if (!expected || told === expected.algorithm) return null;
  if (told === null && expected.type === 'FULL_OBJECT') return null;
  return refusals.checksumOfOtherKind(expected.algorithm, told);
}

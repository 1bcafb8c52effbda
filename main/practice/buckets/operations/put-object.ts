import { fail, ok } from '../../../../shared/result.ts';
import { GiB } from '../../../../shared/units.ts';
import { DEFAULT_ALGORITHM } from '../checksums/algorithms.ts';
import { committed, emptyAnswer } from '../protocol/answers.ts';
import { type Operation, findBucket, headerOf } from '../protocol/call.ts';
import { readMd5, readTold } from '../protocol/checksum-headers.ts';
import { writingProblem } from '../protocol/conditions.ts';
import { asksForLock, readObjectHead } from '../protocol/object-head.ts';
import { checksumHeaders, versionHeader } from '../protocol/object-headers.ts';
import { refusals } from '../protocol/refusals.ts';
import type { ObjectRecord } from '../store/records.ts';
import { writeObject } from './write-object.ts';

/** Documented: the most that a single request may bring. */
export const MAX_BODY = 5 * GiB;

export const putObject: Operation = {
  plan(service, head) {
    const bucket = findBucket(service, head);
    if (!bucket.ok) return bucket;
    const { headers, route } = head;
    const object = readObjectHead(head, bucket.value, service.clock());
    if (!object.ok) return object;
    const problem = writingProblem(headers, route.key, service.store.versions.current(bucket.value, route.key));
    if (problem) return fail(problem);
    const told = readTold(headers);
    if (!told.ok) return told;
    const md5 = readMd5(headers);
    const isChecked =
      told.value !== null || headerOf(headers, 'x-amz-trailer') !== null || (md5.ok && md5.value !== null);
    if (asksForLock(headers) && !isChecked) return fail(refusals.lockNeedsChecksum('Object'));
    const isTold = told.value !== null || headerOf(headers, 'x-amz-trailer') !== null;
    return ok({ kind: 'data', compute: isTold ? [] : [DEFAULT_ALGORITHM], maxLength: MAX_BODY });
  },

  async perform(service, call) {
    const { store } = service;
    const { body } = call;
    const bucket = findBucket(service, call);
    if (!bucket.ok) return bucket;
    const head = readObjectHead(call, bucket.value, service.clock());
    if (!head.ok) return head;
    if (body.kind !== 'data') return fail(refusals.internal());
    const algorithm = body.told?.algorithm ?? DEFAULT_ALGORITHM;
    const value = body.checksums.get(algorithm) ?? '';
    const object: ObjectRecord = {
      ...head.value,
      size: body.length,
      etag: body.md5,
      checksum: { algorithm, type: 'FULL_OBJECT', value },
      partCount: null,
      restore: null,
    };
    await store.files.keep();
    const part = {
      number: 1,
      file: body.file,
      size: body.length,
      createdAt: service.clock(),
      md5: body.md5,
      checksum: value,
    };
    const written = writeObject(service, call, object, (row) => {
      store.versions.addPart(row, part);
      return [];
    });
    if (!written.ok) return written;
    const { versionId } = written.value;
    const headers = {
      ETag: `"${object.etag}"`,
      'x-amz-server-side-encryption': 'AES256',
      ...checksumHeaders(object),
      ...versionHeader(bucket.value, versionId),
    };
    return ok({ ...committed(emptyAnswer(200, headers)), noted: { versionId } });
  },
};

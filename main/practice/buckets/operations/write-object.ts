import { type Result, fail, ok } from '../../../../shared/result.ts';
import { newId } from '../../ids.ts';
import { type Call, type Service, findBucket } from '../protocol/call.ts';
import { writingProblem } from '../protocol/conditions.ts';
import type { Refusal } from '../protocol/refusals.ts';
import type { Bucket } from '../store/buckets.ts';
import { NULL_VERSION, type ObjectRecord } from '../store/records.ts';

export type Written = { bucket: Bucket; versionId: string };

/**
 * Makes a key stand for a new object, if the conditions of the request are met at this very moment. `attach` gives the
 * object its parts, in the same transaction, and names files that are no longer needed. Durable when this returns.
 */
export function writeObject(
  service: Service,
  call: Call,
  object: ObjectRecord,
  attach: (row: number, versionId: string) => string[],
): Result<Written, Refusal> {
  const { store } = service;
  const { key } = call.route;
  const written = store.change((): Result<Written & { files: string[] }, Refusal> => {
    const bucket = findBucket(service, call);
    if (!bucket.ok) return bucket;
    const problem = writingProblem(call.headers, key, store.versions.current(bucket.value, key));
    if (problem) return fail(problem);
    const versionId = nextVersionId(bucket.value);
    const replaced = versionId === NULL_VERSION ? store.versions.removeNull(bucket.value, key) : [];
    const row = store.versions.add(bucket.value, key, versionId, service.clock(), object);
    store.uploads.noteChange(bucket.value, key);
    return ok({ bucket: bucket.value, versionId, files: [...replaced, ...attach(row, versionId)] });
  });
  if (written.ok) store.files.discard(written.value.files);
  return written;
}

/** Of whatever comes next to a key. */
export function nextVersionId({ settings }: Bucket): string {
  return settings.versioning === 'Enabled' ? newId('version') : NULL_VERSION;
}

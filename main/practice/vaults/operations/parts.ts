import { MAX_PARTS, rangeLength } from '../../../../shared/part-plan.ts';
import { fail, ok, type Result } from '../../../../shared/result.ts';
import type { TreeHash } from '../../../../shared/upload.ts';
import { doneAnswer } from '../protocol/answers.ts';
import { type Call, type Operation, findVault } from '../protocol/call.ts';
import { readContentRange, readTreeHash } from '../protocol/parameters.ts';
import { type Rejection, rejections } from '../protocol/rejections.ts';
import type { Upload } from '../store/store.ts';
import { addPart } from '../store/uploads.ts';
import { findUpload } from './multipart.ts';

export const uploadMultipartPart: Operation = async (service, call) => {
  const vault = findVault(service, call);
  if (!vault.ok) return vault;
  const upload = findUpload(service, call, vault.value);
  if (!upload.ok) return upload;
  const range = checkRange(call, upload.value);
  if (!range.ok) return range;
  const data = checkData(call);
  if (!data.ok) return data;
  const { first, last } = range.value;
  const { file, treeHash } = data.value;
  await addPart(upload.value, file, { first, last, treeHash, storedAt: service.clock() });
  return ok(doneAnswer(204, { 'x-amz-sha256-tree-hash': treeHash }));
};

/** The file of a body whose tree hash is the one that the sender computed. */
export function checkData({ body, headers }: Call): Result<{ file: string; treeHash: TreeHash }, Rejection> {
  const expected = readTreeHash(headers);
  if (!expected.ok) return expected;
  if (body.kind !== 'data') return fail(rejections.contentLength(body.length));
  if (body.treeHash !== expected.value) return fail(rejections.treeHashMismatch(expected.value, body.treeHash));
  return ok({ file: body.file, treeHash: body.treeHash });
}

/** A part that is too short passes here; complete tells whether it is the last. */
function checkRange(
  { headers, body }: Call,
  { record: { partSize } }: Upload,
): Result<{ first: number; last: number }, Rejection> {
  const range = readContentRange(headers);
  if (!range.ok) return range;
  const { first, text } = range.value;
  if (rangeLength(range.value) !== body.length) return fail(rejections.contentRangeLength(text, body.length));
  if (first % partSize !== 0 || body.length > partSize) return fail(rejections.partMisaligned(text, partSize));
  const number = first / partSize + 1;
  return number > MAX_PARTS ? fail(rejections.partNumber(number)) : ok(range.value);
}

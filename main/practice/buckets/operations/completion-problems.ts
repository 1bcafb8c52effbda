import { MiB } from '../../../../shared/units.ts';
import { checksumAlgorithms, headerOf as checksumHeader } from '../checksums/algorithms.ts';
import { type Call, headerOf } from '../protocol/call.ts';
import type { NamedPart } from '../protocol/part-list.ts';
import { type Refusal, refusals } from '../protocol/refusals.ts';
import type { ObjectRecord, Part, Upload, UploadChecksum } from '../store/records.ts';

/** Documented: of every part but the last. */
const MIN_PART = 5 * MiB;

/** Why the parts that a completion names cannot be made an object; null when they can. `stored`: by number. */
export function partsProblem(
  { uploadId, draft: { checksum } }: Upload,
  named: readonly NamedPart[],
  stored: ReadonlyMap<number, Part>,
): Refusal | null {
  for (const [index, name] of named.entries()) {
    const { number, etag } = name;
    const part = stored.get(number);
    if (part?.md5 !== etag) return refusals.partMissing(etag, number, uploadId);
    if (checksum) {
      const problem = partChecksumProblem(name, part, checksum, uploadId);
      if (problem) return problem;
      if (number !== index + 1) return refusals.partOrder(uploadId);
    }
  }
  const small = named.slice(0, -1).find(({ number }) => (stored.get(number)?.size ?? 0) < MIN_PART);
  return small ? refusals.partTooSmall(small.etag, small.number, stored.get(small.number)?.size ?? 0) : null;
}

function partChecksumProblem(
  { number, etag, checksums }: NamedPart,
  part: Part,
  { algorithm, type }: UploadChecksum,
  uploadId: string,
): Refusal | null {
  const told = checksums.get(algorithm);
  const other = [...checksums.keys()].find((known) => known !== algorithm);
  if (other) return refusals.partChecksumOfOtherKind(other.toLowerCase(), number);
  // Where the checksum covers all bytes, those of the parts need not be told.
  if (told === undefined)
    return type === 'COMPOSITE' ? refusals.partChecksumMissing(algorithm.toLowerCase(), number) : null;
  return told === part.checksum ? null : refusals.partMissing(etag, number, uploadId);
}

/** Why the object is not the one that the completion tells of in its head; null when it is. */
export function completionProblem({ headers }: Call, object: ObjectRecord): Refusal | null {
  const { algorithm, type, value } = object.checksum;
  const size = headerOf(headers, 'x-amz-mp-object-size');
  if (size !== null && Number(size) !== object.size) return refusals.objectSize(Number(size), object.size);
  const askedType = headerOf(headers, 'x-amz-checksum-type')?.toUpperCase() ?? type;
  if (askedType !== type) return refusals.checksumMode(type);
  const told = checksumAlgorithms.find((known) => headers[checksumHeader(known)] !== undefined);
  if (!told) return null;
  if (told !== algorithm) return refusals.checksumOfOtherKind(algorithm, told);
  // Whether S3 wants the number of parts behind a composite is not known: SDKs do send both.
  const text = headerOf(headers, checksumHeader(told)) ?? '';
  const isRight = text === value || (type === 'COMPOSITE' && text === `${value}-${object.partCount ?? 1}`);
  return isRight ? null : refusals.objectChecksum(algorithm.toLowerCase());
}

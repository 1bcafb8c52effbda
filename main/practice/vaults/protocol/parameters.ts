import type { IncomingHttpHeaders } from 'node:http';
import { type ByteRange, PART_SIZES } from '../../../../shared/part-plan.ts';
import { MAX_DESCRIPTION_LENGTH } from '../../../../shared/description.ts';
import { type Result, fail, ok } from '../../../../shared/result.ts';
import type { TreeHash } from '../../../../shared/upload.ts';
import { type Rejection, rejections } from './rejections.ts';

type Read<T> = Result<T, Rejection>;

/** A header that has to be there. */
function requiredHeader(headers: IncomingHttpHeaders, name: string): Read<string> {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? ok(value) : fail(rejections.parameterMissing(name));
}

export function readPartSize(headers: IncomingHttpHeaders): Read<number> {
  const text = headers['x-amz-part-size'];
  const size = Number(text);
  return typeof text === 'string' && /^\d+$/.test(text) && PART_SIZES.includes(size)
    ? ok(size)
    : fail(rejections.partSize(typeof text === 'string' ? text : 'null'));
}

/** Documented: at most 1,024 bytes of 0x20 to 0x7E. HTTP itself drops blanks around a header. Null when there is none. */
export function readDescription(text: string | null | undefined, name: string): Read<string | null> {
  const description = text ?? '';
  if (description.length > MAX_DESCRIPTION_LENGTH || !/^[\x20-\x7e]*$/.test(description)) {
    return fail(rejections.parameter(name, description));
  }
  return ok(description === '' ? null : description);
}

export function readArchiveDescription(headers: IncomingHttpHeaders): Read<string | null> {
  const value = headers['x-amz-archive-description'];
  return readDescription(Array.isArray(value) ? value.join(', ') : value, 'x-amz-archive-description');
}

/** A hash of 64 lower-case hexadecimal digits. */
export function readTreeHash(headers: IncomingHttpHeaders): Read<TreeHash> {
  const text = requiredHeader(headers, 'x-amz-sha256-tree-hash');
  if (!text.ok) return text;
  return /^[0-9a-f]{64}$/.test(text.value) ? ok(text.value as TreeHash) : fail(rejections.completeTreeHash(text.value));
}

/** `bytes 0-4194303/*` */
export function readContentRange(headers: IncomingHttpHeaders): Read<ByteRange & { text: string }> {
  const text = requiredHeader(headers, 'content-range');
  if (!text.ok) return text;
  const match = /^bytes (\d{1,15})-(\d{1,15})\/\*$/.exec(text.value);
  const [first, last] = [Number(match?.[1]), Number(match?.[2])];
  return match && last >= first ? ok({ first, last, text: text.value }) : fail(rejections.contentRange(text.value));
}

export function readArchiveSize(headers: IncomingHttpHeaders): Read<number> {
  const text = requiredHeader(headers, 'x-amz-archive-size');
  if (!text.ok) return text;
  return /^\d{1,15}$/.test(text.value)
    ? ok(Number(text.value))
    : fail(rejections.parameter('x-amz-archive-size', text.value));
}

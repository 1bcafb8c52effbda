import type { IncomingHttpHeaders } from 'node:http';
import { type Result, fail, ok } from '../../../../shared/result.ts';
import { checksumAlgorithms, headerOf as checksumHeader, isChecksum } from '../checksums/algorithms.ts';
import { type Told, headerOf } from './call.ts';
import { type Refusal, refusals } from './refusals.ts';

/** Headers that speak of checksums and are none. */
const others = new Set(['x-amz-checksum-algorithm', 'x-amz-checksum-mode', 'x-amz-checksum-type']);

/** The checksum that a request's head tells of its body; null when it tells none. */
export function readTold(headers: IncomingHttpHeaders): Result<Told | null, Refusal> {
  const given = Object.keys(headers).filter((name) => name.startsWith('x-amz-checksum-') && !others.has(name));
  const [header] = given;
  if (given.length > 1) return fail(refusals.checksumTwice());
  if (header === undefined) return checkAnnouncement(headers);
  return readOne(header, headerOf(headers, header) ?? '');
}

/** A checksum of that header's algorithm. */
export function readOne(header: string, value: string): Result<Told, Refusal> {
  const algorithm = checksumAlgorithms.find((known) => checksumHeader(known) === header);
  if (!algorithm) return fail(refusals.checksumUnsupported());
  return isChecksum(algorithm, value) ? ok({ algorithm, value }) : fail(refusals.checksumInvalid(header));
}

/** SDKs announce an algorithm whose checksum comes in another header, or after the body. */
function checkAnnouncement(headers: IncomingHttpHeaders): Result<null, Refusal> {
  const announced = headerOf(headers, 'x-amz-sdk-checksum-algorithm');
  if (announced === null || headerOf(headers, 'x-amz-trailer') !== null) return ok(null);
  const isKnown = checksumAlgorithms.some((algorithm) => algorithm === announced.toUpperCase());
  return fail(isKnown ? refusals.checksumAnnounced() : refusals.checksumUnsupported());
}

/** The MD5 that Content-MD5 tells, in hexadecimal; null when there is none. */
export function readMd5(headers: IncomingHttpHeaders): Result<string | null, Refusal> {
  const text = headerOf(headers, 'content-md5');
  if (text === null) return ok(null);
  const bytes = Buffer.from(text, 'base64');
  const isWhole = bytes.length === 16 && bytes.toString('base64') === text.trim();
  return isWhole ? ok(bytes.toString('hex')) : fail(refusals.md5Invalid(text));
}

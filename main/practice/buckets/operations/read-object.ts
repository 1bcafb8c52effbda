import { type Result, fail, ok } from '../../../../shared/result.ts';
import type { ByteRange } from '../../../../shared/part-plan.ts';
import type { Answer } from '../../exchange/answer.ts';
import type { Pieces } from '../../exchange/pieces.ts';
import { type Call, type Head, type Service, findBucket, headerOf } from '../protocol/call.ts';
import { readingProblem } from '../protocol/conditions.ts';
import { checksumHeaders, markerHeaders, objectHeaders } from '../protocol/object-headers.ts';
import { headerOf as checksumHeader } from '../checksums/algorithms.ts';
import { isReadable } from '../protocol/restoring.ts';
import { type Refusal, refusals } from '../protocol/refusals.ts';
import type { Bucket } from '../store/buckets.ts';
import { NULL_VERSION, type Part, type StoredObject, type Version } from '../store/records.ts';
import { simple } from './plans.ts';

export const headObject = simple((service, call) => read(service, call, false));
export const getObject = simple((service, call) => read(service, call, true));

/** The object that a request names, by its key alone or by its version, too. */
export function findObject(service: Service, head: Head): Result<{ bucket: Bucket; version: StoredObject }, Refusal> {
  const bucket = findBucket(service, head);
  if (!bucket.ok) return bucket;
  const { key, query } = head.route;
  const asked = query.get('versionId') ?? null;
  const version =
    asked === null ? service.store.versions.current(bucket.value, key) : findVersion(service, bucket.value, key, asked);
  if (!version) return fail(asked === null ? refusals.keyMissing(key) : refusals.versionMissing(key, asked));
  if ('status' in version) return fail(version);
  if (version.kind === 'object') return ok({ bucket: bucket.value, version });
  const refused = asked === null ? refusals.keyMissing(key) : refusals.method('GET', 'DeleteMarker');
  return fail({ ...refused, headers: markerHeaders(bucket.value, version) });
}

/** A version of that ID, or why there can be none of it. */
export function findVersion(
  { store }: Service,
  bucket: Bucket,
  key: string,
  versionId: string,
): Version | Refusal | null {
  if (versionId !== NULL_VERSION && !/^[A-Za-z0-9._-]{32}$/.test(versionId)) return refusals.versionId(versionId);
  return store.versions.find(bucket, key, versionId);
}

function read(service: Service, call: Call, isGet: boolean): Result<Answer, Refusal> {
  const found = findObject(service, call);
  if (!found.ok) return found;
  const { bucket, version } = found.value;
  const { object } = version;
  const { query } = call.route;
  const now = service.clock();
  const problem = readingProblem(call.headers, version);
  if (problem) return fail(problem);
  if (isGet && !isReadable(object, now)) return fail(refusals.archived(object.storageClass));
  const parts = isGet || query.has('partNumber') ? service.store.versions.parts(version) : [];
  const section = readSection(call, version, parts);
  if (!section.ok) return section;
  const { range, part } = section.value;
  const wantsChecksum = headerOf(call.headers, 'x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
  const headers = {
    ...objectHeaders(bucket, version, now),
    ...(wantsChecksum ? sectionChecksum(version, section.value) : {}),
    ...(part && object.partCount !== null ? { 'x-amz-mp-parts-count': String(object.partCount) } : {}),
    ...(range ? { 'Content-Range': `bytes ${range.first}-${range.last}/${object.size}` } : {}),
    ...overrides(query),
    'Content-Length': String(range ? range.last - range.first + 1 : object.size),
  };
  const pieces: Pieces = parts.map(({ file, size }) => ({ path: service.store.files.pathOf(file), size }));
  const body = isGet && object.size > 0 ? { pieces, range: range ?? { first: 0, last: object.size - 1 } } : null;
  return ok({ status: range ? 206 : 200, headers, body, committed: false, code: null });
}

type Section = { range: ByteRange | null; part: Part | null };

/** What of the object is asked for: a part, a range, or, both null, the whole. */
function readSection(
  { headers, route }: Head,
  { object }: StoredObject,
  parts: readonly Part[],
): Result<Section, Refusal> {
  const number = route.query.get('partNumber');
  const text = headerOf(headers, 'range');
  if (number === undefined) {
    const range = text === null ? ok(null) : readRange(text, object.size);
    return range.ok ? ok({ range: range.value, part: null }) : range;
  }
  if (text !== null) return fail(refusals.request('Cannot specify both Range header and partNumber query parameter'));
  if (!/^\d{1,5}$/.test(number) || Number(number) < 1 || Number(number) > 10_000)
    return fail(refusals.partNumber(number));
  const index = Number(number) - 1;
  const part = parts[index];
  if (!part) return fail(refusals.partUnsatisfiable(index + 1, parts.length));
  const first = parts.slice(0, index).reduce((sum, { size }) => sum + size, 0);
  return ok({ part, range: part.size === 0 ? null : { first, last: first + part.size - 1 } });
}

/** `bytes=0-99`, `bytes=100-`, `bytes=-5`. Null for what is no such range, or several: S3 then sends everything. */
function readRange(text: string, size: number): Result<ByteRange | null, Refusal> {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(text.trim());
  const [, from = '', to = ''] = match ?? [];
  if (!match || (from === '' && to === '') || (from !== '' && to !== '' && Number(to) < Number(from))) return ok(null);
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  const isEmpty = first >= size || (from === '' && Number(to) === 0);
  return isEmpty ? fail(refusals.rangeUnsatisfiable(text, size)) : ok({ first, last });
}

/** A part of a composite checksum has its own; any other piece of an object has none. */
function sectionChecksum({ object }: StoredObject, { range, part }: Section): Record<string, string> {
  const { checksum, partCount } = object;
  if (!part) return range ? {} : checksumHeaders(object);
  if (partCount === null) return checksumHeaders(object);
  return checksum.type === 'COMPOSITE'
    ? { [checksumHeader(checksum.algorithm)]: part.checksum, 'x-amz-checksum-type': 'COMPOSITE' }
    : {};
}

/** `response-content-type` and its like, with which a link says what the answer is to be. */
function overrides(query: ReadonlyMap<string, string>): Record<string, string> {
  const names = {
    'response-cache-control': 'Cache-Control',
    'response-content-disposition': 'Content-Disposition',
    'response-content-encoding': 'Content-Encoding',
    'response-content-language': 'Content-Language',
    'response-content-type': 'Content-Type',
    'response-expires': 'Expires',
  };
  const given = Object.entries(names).flatMap(([name, header]) => {
    const value = query.get(name);
    return value === undefined ? [] : [[header, value]];
  });
  return Object.fromEntries(given) as Record<string, string>;
}

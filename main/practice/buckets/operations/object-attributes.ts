import { fail, ok } from '../../../../shared/result.ts';
import { elementOf } from '../checksums/algorithms.ts';
import { xmlAnswer } from '../protocol/answers.ts';
import { type Head, type Service, headerOf } from '../protocol/call.ts';
import { readLimit } from '../protocol/listing.ts';
import { versionHeader } from '../protocol/object-headers.ts';
import { refusals } from '../protocol/refusals.ts';
import { httpTime } from '../protocol/times.ts';
import type { StoredObject } from '../store/records.ts';
import { type Xml, document, element, nothing, series } from '../xml/write.ts';
import { simple } from './plans.ts';
import { findObject } from './read-object.ts';

const attributes = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'] as const;

/** What is known of an object without reading it, archived or not. */
export const getObjectAttributes = simple((service, call) => {
  const found = findObject(service, call);
  if (!found.ok) return found;
  const { bucket, version } = found.value;
  const { object } = version;
  const asked = (headerOf(call.headers, 'x-amz-object-attributes') ?? '').split(',').map((name) => name.trim());
  const unknown = asked.find((name) => !attributes.some((known) => known === name));
  if (unknown !== undefined)
    return fail(refusals.argument('Invalid attribute name specified.', 'x-amz-object-attributes', unknown));
  const limit = readLimit(
    new Map(Object.entries({ 'max-parts': headerOf(call.headers, 'x-amz-max-parts') ?? '' })),
    'max-parts',
  );
  if (!limit.ok) return limit;
  const { checksum, etag, storageClass, size } = object;
  const has = (name: (typeof attributes)[number], xml: () => Xml): Xml => (asked.includes(name) ? xml() : nothing);
  return ok(
    xmlAnswer(
      document(
        'GetObjectAttributesResponse',
        has('ETag', () => element('ETag', etag)),
        // Recorded: here the number of parts does not stand behind a composite.
        has('Checksum', () =>
          element(
            'Checksum',
            element(elementOf(checksum.algorithm), checksum.value),
            element('ChecksumType', checksum.type),
          ),
        ),
        has('ObjectParts', () => partsElement(service, call, version, limit.value)),
        has('StorageClass', () => element('StorageClass', storageClass)),
        has('ObjectSize', () => element('ObjectSize', size)),
      ),
      { 'Last-Modified': httpTime(version.createdAt), ...versionHeader(bucket, version.versionId) },
    ),
  );
});

/** Recorded: parts are told one by one only where the checksum is made of theirs. */
function partsElement({ store }: Service, { headers }: Head, version: StoredObject, limit: number): Xml {
  const { partCount, checksum } = version.object;
  if (partCount === null) return nothing;
  const count = element('PartsCount', partCount);
  if (checksum.type !== 'COMPOSITE') return element('ObjectParts', count);
  const marker = Number(headerOf(headers, 'x-amz-part-number-marker') ?? 0) || 0;
  const parts = store.versions.parts(version, marker, limit + 1);
  const page = parts.slice(0, limit);
  return element(
    'ObjectParts',
    count,
    element('PartNumberMarker', marker),
    element('NextPartNumberMarker', page.at(-1)?.number ?? 0),
    element('MaxParts', limit),
    element('IsTruncated', parts.length > limit),
    series(
      page.map((part) =>
        element(
          'Part',
          element('PartNumber', part.number),
          element('Size', part.size),
          element(elementOf(checksum.algorithm), part.checksum),
        ),
      ),
    ),
  );
}

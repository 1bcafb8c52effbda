import { fail, ok } from '../../../../shared/result.ts';
import { canonicalId, xmlAnswer } from '../protocol/answers.ts';
import { type Service, findBucket } from '../protocol/call.ts';
import { type Entry, type Query, afterAllOf, pageOf, readWanted } from '../protocol/listing.ts';
import { refusals } from '../protocol/refusals.ts';
import { xmlTime } from '../protocol/times.ts';
import type { Bucket } from '../store/buckets.ts';
import type { Version } from '../store/records.ts';
import type { Cursor } from '../store/versions.ts';
import { type Xml, document, element, nothing, optional, series } from '../xml/write.ts';
import { simple } from './plans.ts';

/** All versions and markers, by key and then from the newest to the oldest. */
export const listObjectVersions = simple((service, call) => {
  const bucket = findBucket(service, call);
  if (!bucket.ok) return bucket;
  const { query } = call.route;
  const read = readWanted(query, 'max-keys');
  if (!read.ok) return read;
  const wanted = read.value;
  const { prefix, encode } = wanted;
  const keyMarker = query.get('key-marker') ?? '';
  const idMarker = query.get('version-id-marker') ?? '';
  if (idMarker !== '' && keyMarker === '') {
    return fail(
      refusals.argument('A version-id marker cannot be specified without a key marker.', 'version-id-marker', idMarker),
    );
  }
  const cursor = cursorOf(service, bucket.value, query);
  const isBefore = Buffer.compare(Buffer.from(cursor.key), Buffer.from(prefix)) < 0;
  const first: Cursor = isBefore ? { key: prefix, isIncluded: true } : cursor;
  const end = prefix === '' ? null : afterAllOf(prefix);
  const page = pageOf(
    wanted,
    (key) => service.store.versions.versionsFrom(bucket.value, key === null ? first : { key, isIncluded: true }, end),
    ({ key }) => key,
  );
  const last = page.isTruncated ? page.entries.at(-1) : undefined;
  return ok(
    xmlAnswer(
      document(
        'ListVersionsResult',
        element('Name', bucket.value.name),
        element('Prefix', encode(prefix)),
        element('KeyMarker', encode(keyMarker)),
        element('VersionIdMarker', idMarker),
        last ? nextMarkers(last, encode) : nothing,
        element('MaxKeys', wanted.limit),
        wanted.delimiter === '' ? nothing : element('Delimiter', encode(wanted.delimiter)),
        optional('EncodingType', wanted.encodingType),
        element('IsTruncated', page.isTruncated),
        series(page.entries.map((entry) => entryElement(entry, service, encode))),
      ),
    ),
  );
});

/** After a version of the key that is named, or after all of the key's. */
function cursorOf({ store }: Service, bucket: Bucket, query: Query): Cursor {
  const key = query.get('key-marker') ?? '';
  const versionId = query.get('version-id-marker') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const next = delimiter !== '' && key.endsWith(delimiter) ? afterAllOf(key) : null;
  if (next !== null) return { key: next, isIncluded: true };
  const version = versionId === '' ? null : store.versions.find(bucket, key, versionId);
  return version ? { key, isIncluded: false, afterId: version.id } : { key, isIncluded: false };
}

function nextMarkers(last: Entry<Version>, encode: (text: string) => string): Xml {
  if (last.kind === 'prefix') return element('NextKeyMarker', encode(last.prefix));
  const { key, versionId } = last.item;
  return series([element('NextKeyMarker', encode(key)), element('NextVersionIdMarker', versionId)]);
}

function entryElement(entry: Entry<Version>, { accountNumber }: Service, encode: (text: string) => string): Xml {
  if (entry.kind === 'prefix') return element('CommonPrefixes', element('Prefix', encode(entry.prefix)));
  const { item } = entry;
  const head = series([
    element('Key', encode(item.key)),
    element('VersionId', item.versionId),
    element('IsLatest', item.isCurrent),
    element('LastModified', xmlTime(item.createdAt)),
  ]);
  const owner = element('Owner', element('ID', canonicalId(accountNumber)));
  if (item.kind === 'delete-marker') return element('DeleteMarker', head, owner);
  const { etag, checksum, size, storageClass } = item.object;
  return element(
    'Version',
    head,
    element('ETag', `"${etag}"`),
    element('ChecksumAlgorithm', checksum.algorithm),
    element('ChecksumType', checksum.type),
    element('Size', size),
    owner,
    element('StorageClass', storageClass),
  );
}

import { type Result, fail, ok } from '../../../../shared/result.ts';
import { canonicalId, xmlAnswer } from '../protocol/answers.ts';
import { type Call, type Service, findBucket, headerOf } from '../protocol/call.ts';
import {
  type Entry,
  type Page,
  type Wanted,
  afterAllOf,
  commonPrefix,
  pageOf,
  readWanted,
} from '../protocol/listing.ts';
import { restoreState } from '../protocol/restoring.ts';
import { type Refusal, refusals } from '../protocol/refusals.ts';
import { xmlTime } from '../protocol/times.ts';
import type { Bucket } from '../store/buckets.ts';
import type { Version } from '../store/records.ts';
import type { Cursor } from '../store/versions.ts';
import { type Xml, document, element, nothing, optional, series } from '../xml/write.ts';
import { simple } from './plans.ts';

export const listObjectsV2 = simple((service, call) => {
  const asked = readAsked(service, call);
  if (!asked.ok) return asked;
  const { bucket, wanted, restoreStatus } = asked.value;
  const { query } = call.route;
  if (query.get('list-type') !== '2')
    return fail(refusals.argument('Invalid List Type specified in Request', 'list-type', query.get('list-type') ?? ''));
  const token = query.get('continuation-token') ?? null;
  const startAfter = query.get('start-after') ?? '';
  const cursor = token === null ? { key: startAfter, isIncluded: false } : readToken(token);
  if (!cursor)
    return fail(refusals.argument('The continuation token provided is incorrect', 'continuation-token', token ?? ''));
  const page = listFrom(service, bucket, wanted, cursor);
  const { encode, encodingType } = wanted;
  const withOwner = query.get('fetch-owner') === 'true';
  const last = page.entries.at(-1);
  return ok(
    xmlAnswer(
      document(
        'ListBucketResult',
        element('Name', bucket.name),
        element('Prefix', encode(wanted.prefix)),
        startAfter === '' ? nothing : element('StartAfter', encode(startAfter)),
        optional('ContinuationToken', token),
        page.isTruncated && last ? element('NextContinuationToken', tokenAfter(last)) : nothing,
        element('KeyCount', page.entries.length),
        element('MaxKeys', wanted.limit),
        wanted.delimiter === '' ? nothing : element('Delimiter', encode(wanted.delimiter)),
        optional('EncodingType', encodingType),
        element('IsTruncated', page.isTruncated),
        contents(service, wanted, page, { restoreStatus, withOwner }),
      ),
    ),
  );
});

/** The older form, which many tools still use. */
export const listObjects = simple((service, call) => {
  const asked = readAsked(service, call);
  if (!asked.ok) return asked;
  const { bucket, wanted, restoreStatus } = asked.value;
  const marker = call.route.query.get('marker') ?? '';
  const page = listFrom(service, bucket, wanted, cursorAfter(marker, wanted));
  const { encode, encodingType } = wanted;
  const last = page.entries.at(-1);
  // Without a delimiter the last key says where to go on.
  const nextMarker =
    page.isTruncated && last && wanted.delimiter !== '' ? element('NextMarker', encode(keyOf(last))) : nothing;
  return ok(
    xmlAnswer(
      document(
        'ListBucketResult',
        element('Name', bucket.name),
        element('Prefix', encode(wanted.prefix)),
        element('Marker', encode(marker)),
        nextMarker,
        element('MaxKeys', wanted.limit),
        wanted.delimiter === '' ? nothing : element('Delimiter', encode(wanted.delimiter)),
        optional('EncodingType', encodingType),
        element('IsTruncated', page.isTruncated),
        contents(service, wanted, page, { restoreStatus, withOwner: true }),
      ),
    ),
  );
});

type Asked = { bucket: Bucket; wanted: Wanted; restoreStatus: boolean };

function readAsked(service: Service, call: Call): Result<Asked, Refusal> {
  const bucket = findBucket(service, call);
  if (!bucket.ok) return bucket;
  const wanted = readWanted(call.route.query, 'max-keys');
  if (!wanted.ok) return wanted;
  const extra = headerOf(call.headers, 'x-amz-optional-object-attributes');
  if (extra !== null && extra !== 'RestoreStatus')
    return fail(refusals.argument('Invalid attribute name specified', 'x-amz-optional-object-attributes', extra));
  return ok({ bucket: bucket.value, wanted: wanted.value, restoreStatus: extra !== null });
}

function listFrom({ store }: Service, bucket: Bucket, wanted: Wanted, cursor: Cursor): Page<Version> {
  const { prefix } = wanted;
  const end = prefix === '' ? null : afterAllOf(prefix);
  // Nothing before the prefix need be looked at.
  const isBefore = Buffer.compare(Buffer.from(cursor.key), Buffer.from(prefix)) < 0;
  const first = isBefore ? { key: prefix, isIncluded: true } : cursor;
  return pageOf(
    wanted,
    (key) => store.versions.objectsFrom(bucket, key === null ? first : { key, isIncluded: true }, end),
    ({ key }) => key,
  );
}

function contents(
  { clock, accountNumber }: Service,
  { encode }: Wanted,
  { entries }: Page<Version>,
  { restoreStatus, withOwner }: { restoreStatus: boolean; withOwner: boolean },
): Xml {
  const owner = withOwner ? element('Owner', element('ID', canonicalId(accountNumber))) : nothing;
  const now = clock();
  return series(
    entries.map((entry) => {
      if (entry.kind === 'prefix') return element('CommonPrefixes', element('Prefix', encode(entry.prefix)));
      const { item } = entry;
      if (item.kind === 'delete-marker') return nothing;
      const { etag, checksum, size, storageClass } = item.object;
      return element(
        'Contents',
        element('Key', encode(item.key)),
        element('LastModified', xmlTime(item.createdAt)),
        element('ETag', `"${etag}"`),
        element('ChecksumAlgorithm', checksum.algorithm),
        element('ChecksumType', checksum.type),
        element('Size', size),
        owner,
        element('StorageClass', storageClass),
        restoreStatus ? restoreElement(item, now) : nothing,
      );
    }),
  );
}

function restoreElement({ object }: Extract<Version, { kind: 'object' }>, now: number): Xml {
  const state = restoreState(object, now);
  if (state.kind === 'none') return nothing;
  const ongoing = element('IsRestoreInProgress', state.kind === 'ongoing');
  const expiry = state.kind === 'restored' ? element('RestoreExpiryDate', xmlTime(state.restore.expiresAt)) : nothing;
  return element('RestoreStatus', ongoing, expiry);
}

function keyOf(entry: Entry<Version>): string {
  return entry.kind === 'item' ? entry.item.key : entry.prefix;
}

/** After a key; after all that share it, where it is a common prefix that an earlier page told. */
function cursorAfter(marker: string, { prefix, delimiter }: Wanted): Cursor {
  const isPrefix = marker !== '' && marker.startsWith(prefix) && commonPrefix(marker, prefix, delimiter) === marker;
  const next = isPrefix ? afterAllOf(marker) : null;
  return next === null ? { key: marker, isIncluded: false } : { key: next, isIncluded: true };
}

/** Opaque to clients: where the next page begins. */
function tokenAfter(entry: Entry<Version>): string {
  const next = entry.kind === 'prefix' ? afterAllOf(entry.prefix) : null;
  const text = next === null ? `>${keyOf(entry)}` : `=${next}`;
  return Buffer.from(`1${text}`).toString('base64');
}

function readToken(token: string): Cursor | null {
  const bytes = Buffer.from(token, 'base64');
  const text = bytes.toString();
  if (bytes.toString('base64') !== token || !/^1[>=]/.test(text)) return null;
  return { key: text.slice(2), isIncluded: text[1] === '=' };
}

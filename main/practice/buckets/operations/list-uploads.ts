import { fail, ok } from '../../../../shared/result.ts';
import { elementOf } from '../checksums/algorithms.ts';
import { canonicalId, xmlAnswer } from '../protocol/answers.ts';
import { type Service, findBucket } from '../protocol/call.ts';
import { type Entry, afterAllOf, pageOf, readLimit, readWanted } from '../protocol/listing.ts';
import { refusals } from '../protocol/refusals.ts';
import { xmlTime } from '../protocol/times.ts';
import type { Bucket } from '../store/buckets.ts';
import type { Part, Upload } from '../store/records.ts';
import { type Xml, document, element, nothing, optional, series } from '../xml/write.ts';
import { abortHeaders } from './lifecycle-abort.ts';
import { findUpload } from './multipart.ts';
import { simple } from './plans.ts';

/** By key, and for one key by age. */
export const listMultipartUploads = simple((service, call) => {
  const bucket = findBucket(service, call);
  if (!bucket.ok) return bucket;
  const { query } = call.route;
  const read = readWanted(query, 'max-uploads');
  if (!read.ok) return read;
  const wanted = read.value;
  const { encode, prefix } = wanted;
  const keyMarker = query.get('key-marker') ?? '';
  // Documented: without a key marker it is ignored.
  const idMarker = keyMarker === '' ? '' : (query.get('upload-id-marker') ?? '');
  const cursor = cursorOf(service, bucket.value, keyMarker, idMarker, prefix);
  const end = prefix === '' ? null : afterAllOf(prefix);
  const page = pageOf(
    wanted,
    (key) => service.store.uploads.from(bucket.value, key === null ? cursor : { key, isIncluded: true }, end),
    ({ key }) => key,
  );
  const last = page.isTruncated ? page.entries.at(-1) : undefined;
  return ok(
    xmlAnswer(
      document(
        'ListMultipartUploadsResult',
        element('Bucket', bucket.value.name),
        element('KeyMarker', encode(keyMarker)),
        element('UploadIdMarker', idMarker),
        last ? nextMarkers(last, encode) : nothing,
        prefix === '' ? nothing : element('Prefix', encode(prefix)),
        wanted.delimiter === '' ? nothing : element('Delimiter', encode(wanted.delimiter)),
        element('MaxUploads', wanted.limit),
        optional('EncodingType', wanted.encodingType),
        element('IsTruncated', page.isTruncated),
        series(page.entries.map((entry) => uploadElement(entry, service, encode))),
      ),
    ),
  );
});

export const listParts = simple((service, call) => {
  const found = findUpload(service, call);
  if (!found.ok) return found;
  const { bucket, upload } = found.value;
  const { query } = call.route;
  const limit = readLimit(query, 'max-parts');
  if (!limit.ok) return limit;
  const markerText = query.get('part-number-marker') ?? '0';
  if (!/^\d{1,9}$/.test(markerText)) {
    return fail(
      refusals.argument(
        'Provided part-number-marker not an integer or within integer range',
        'part-number-marker',
        markerText,
      ),
    );
  }
  const marker = Number(markerText);
  const parts = service.store.uploads.parts(upload, marker, limit.value + 1);
  const page = parts.slice(0, limit.value);
  const { checksum, storageClass } = upload.draft;
  return ok(
    xmlAnswer(
      document(
        'ListPartsResult',
        element('Bucket', bucket.name),
        element('Key', upload.key),
        element('UploadId', upload.uploadId),
        element('PartNumberMarker', marker),
        element('NextPartNumberMarker', page.at(-1)?.number ?? 0),
        element('MaxParts', limit.value),
        element('IsTruncated', limit.value > 0 && parts.length > limit.value),
        whose(service),
        element('StorageClass', storageClass),
        checksum
          ? series([element('ChecksumAlgorithm', checksum.algorithm), element('ChecksumType', checksum.type)])
          : nothing,
        series(page.map((part) => partElement(part, upload))),
      ),
      abortHeaders(bucket, upload.key, upload.createdAt),
    ),
  );
});

function partElement({ number, createdAt, md5, size, checksum }: Part, { draft }: Upload): Xml {
  return element(
    'Part',
    element('PartNumber', number),
    element('LastModified', xmlTime(createdAt)),
    element('ETag', `"${md5}"`),
    element('Size', size),
    // Recorded: only where the upload was begun for an algorithm.
    draft.checksum ? element(elementOf(draft.checksum.algorithm), checksum) : nothing,
  );
}

type Cursor = { key: string; isIncluded: boolean; afterId?: number };

function cursorOf({ store }: Service, bucket: Bucket, key: string, uploadId: string, prefix: string): Cursor {
  const isBefore = Buffer.compare(Buffer.from(key), Buffer.from(prefix)) < 0;
  if (isBefore) return { key: prefix, isIncluded: true };
  const upload = uploadId === '' ? null : store.uploads.find(bucket, key, uploadId);
  return upload ? { key, isIncluded: false, afterId: upload.id } : { key, isIncluded: false };
}

function nextMarkers(last: Entry<Upload>, encode: (text: string) => string): Xml {
  if (last.kind === 'prefix') return element('NextKeyMarker', encode(last.prefix));
  const { key, uploadId } = last.item;
  return series([element('NextKeyMarker', encode(key)), element('NextUploadIdMarker', uploadId)]);
}

function uploadElement(entry: Entry<Upload>, service: Service, encode: (text: string) => string): Xml {
  if (entry.kind === 'prefix') return element('CommonPrefixes', element('Prefix', encode(entry.prefix)));
  const { key, uploadId, createdAt, draft } = entry.item;
  return element(
    'Upload',
    element('Key', encode(key)),
    element('UploadId', uploadId),
    whose(service),
    element('StorageClass', draft.storageClass),
    element('Initiated', xmlTime(createdAt)),
    draft.checksum
      ? series([element('ChecksumAlgorithm', draft.checksum.algorithm), element('ChecksumType', draft.checksum.type)])
      : nothing,
  );
}

function whose({ accountNumber }: Service): Xml {
  const id = element('ID', canonicalId(accountNumber));
  return series([element('Initiator', id), element('Owner', id)]);
}

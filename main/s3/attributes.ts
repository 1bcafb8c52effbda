import type { Checksum } from '../../shared/checksum.ts';
import type { ByteRange } from '../../shared/part-plan.ts';
import { type Result, ok } from '../../shared/result.ts';
import { checksumIn } from './checksums.ts';
import type { Client } from './client.ts';
import { type ObjectName, etagIn, versionQuery } from './refs.ts';
import { type XmlElement, countOf, elementOf, elementsOf, isTrueIn, optionalText, readXml, textOf } from './xml.ts';

/** A part of a stored object and its SHA-256. */
export type StoredPart = ByteRange & { checksum: Checksum };

/** `parts`: as they were uploaded; empty where S3 has no checksums of them. */
export type ObjectAttributes = { etag: string; size: number; checksum: Checksum | null; parts: StoredPart[] };

const PAGE = 1000;

/** What S3 computed of an object when it was stored, its parts one by one: a proof of the bytes, also of archived ones. */
export async function objectAttributes(
  client: Client,
  { bucket, object }: { bucket: string; object: ObjectName },
  signal: AbortSignal,
): Promise<Result<ObjectAttributes>> {
  const parts: StoredPart[] = [];
  for (let after = 0; ;) {
    const answer = await client.call(
      {
        method: 'GET',
        bucket,
        key: object.key,
        query: { attributes: '', ...versionQuery(object) },
        headers: {
          'x-amz-object-attributes': 'Checksum,ObjectParts,ObjectSize,ETag',
          'x-amz-max-parts': String(PAGE),
          'x-amz-part-number-marker': String(after),
        },
        action: 's3:GetObjectAttributes',
        thing: 'The object',
        isRepeatable: true,
      },
      signal,
    );
    if (!answer.ok) return answer;
    const page = readXml(answer.value.body, 'GetObjectAttributesResponse', readPage);
    if (!page.ok) return page;
    const { next, listed, ...whole } = page.value;
    parts.push(...placed(listed, parts.at(-1)));
    if (next === null || next <= after) return ok({ ...whole, parts });
    after = next;
  }
}

type ListedPart = { size: number; checksum: Checksum };

function readPage(root: XmlElement) {
  const parts = elementOf(root, 'ObjectParts');
  const count = parts === null ? '' : textOf(parts, 'PartsCount') || textOf(parts, 'TotalPartsCount');
  const isMore = parts !== null && isTrueIn(parts, 'IsTruncated');
  return {
    etag: etagIn(textOf(root, 'ETag')),
    size: countOf(root, 'ObjectSize'),
    checksum: readChecksum(elementOf(root, 'Checksum'), count),
    listed: parts === null ? [] : elementsOf(parts, 'Part').flatMap(readPart),
    next: isMore ? countOf(parts, 'NextPartNumberMarker') : null,
  };
}

/** Here alone S3 writes composites without the number of their parts. */
function readChecksum(checksum: XmlElement | null, partsCount: string): Checksum | null {
  const value = checksum === null ? null : optionalText(checksum, 'ChecksumSHA256');
  if (checksum === null || value === null) return null;
  const isComposite = textOf(checksum, 'ChecksumType') !== 'FULL_OBJECT' && partsCount !== '';
  return checksumIn(isComposite && !value.includes('-') ? `${value}-${partsCount}` : value);
}

function readPart(part: XmlElement): ListedPart[] {
  const checksum = checksumIn(optionalText(part, 'ChecksumSHA256'));
  return checksum === null ? [] : [{ size: countOf(part, 'Size'), checksum }];
}

function placed(listed: readonly ListedPart[], before: ByteRange | undefined): StoredPart[] {
  let first = before === undefined ? 0 : before.last + 1;
  return listed.map(({ size, checksum }) => {
    const part = { first, last: first + size - 1, checksum };
    first += size;
    return part;
  });
}

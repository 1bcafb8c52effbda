import { type Result } from '../../shared/result.ts';
import type { Client } from './client.ts';
import { etagIn, versionIn } from './refs.ts';
import { type RestoreState, restoreInEntry } from './restore-state.ts';
import { decodeKey } from './url-encoding.ts';
import {
  type XmlElement,
  countOf,
  elementOf,
  elementsOf,
  isTrueIn,
  neededText,
  optionalText,
  readXml,
  textOf,
  timeOf,
} from './xml.ts';

/** `createdAt`: milliseconds since 1970. `isCurrent`: not so for versions that were replaced or deleted. */
export type ListedObject = {
  key: string;
  versionId: string | null;
  isCurrent: boolean;
  etag: string;
  size: number;
  createdAt: number;
  storageClass: string;
  restore: RestoreState | null;
};

/** `next`: what the query of the next page has; null at the end. `unreadable`: so many entries nobody can read. */
export type ListPage = { items: ListedObject[]; unreadable: number; next: Record<string, string> | null };

type Wanted = { bucket: string; prefix: string; after: Record<string, string> | null };

const common = { 'max-keys': '1000', 'encoding-type': 'url' };
/** One list tells of all what otherwise takes a request for each. */
const headers = { 'x-amz-optional-object-attributes': 'RestoreStatus' };

/** A page of the objects as they are now, in the order of their keys' bytes. */
export async function listObjects(client: Client, wanted: Wanted, signal: AbortSignal): Promise<Result<ListPage>> {
  const { bucket, prefix, after } = wanted;
  const query = { 'list-type': '2', ...common, prefix, ...after };
  const operation = { method: 'GET', bucket, query, headers, action: 's3:ListBucket', isRepeatable: true } as const;
  const answer = await client.call(operation, signal);
  if (!answer.ok) return answer;
  return readXml(answer.value.body, 'ListBucketResult', (root) => ({
    ...readEntries(root, elementsOf(root, 'Contents')),
    next: isTrueIn(root, 'IsTruncated') ? { 'continuation-token': neededText(root, 'NextContinuationToken') } : null,
  }));
}

/** The same with all versions; markers of deletions hold no bytes and are left out. */
export async function listVersions(client: Client, wanted: Wanted, signal: AbortSignal): Promise<Result<ListPage>> {
  const { bucket, prefix, after } = wanted;
  const query = { versions: '', ...common, prefix, ...after };
  const action = 's3:ListBucketVersions';
  const operation = { method: 'GET', bucket, query, headers, action, isRepeatable: true } as const;
  const answer = await client.call(operation, signal);
  if (!answer.ok) return answer;
  return readXml(answer.value.body, 'ListVersionsResult', (root) => ({
    ...readEntries(root, elementsOf(root, 'Version')),
    next: isTrueIn(root, 'IsTruncated') ? nextVersion(root) : null,
  }));
}

function nextVersion(root: XmlElement): Record<string, string> {
  const version = optionalText(root, 'NextVersionIdMarker');
  return {
    'key-marker': decodeKey(root, neededText(root, 'NextKeyMarker')),
    ...(version !== null && { 'version-id-marker': version }),
  };
}

function readEntries(root: XmlElement, entries: readonly XmlElement[]): Omit<ListPage, 'next'> {
  const items: ListedObject[] = [];
  for (const entry of entries) {
    const read = readEntry(root, entry);
    if (read !== null) items.push(read);
  }
  return { items, unreadable: entries.length - items.length };
}

/** Null when it is not as documented: one odd entry is no reason to refuse a million others. */
function readEntry(root: XmlElement, entry: XmlElement): ListedObject | null {
  const key = textOf(entry, 'Key');
  const [size, created] = [textOf(entry, 'Size'), Date.parse(textOf(entry, 'LastModified'))];
  if (key === '' || !/^\d{1,15}$/.test(size) || Number.isNaN(created)) return null;
  return {
    key: decodeKey(root, key),
    versionId: versionIn(optionalText(entry, 'VersionId')),
    isCurrent: textOf(entry, 'IsLatest') !== 'false',
    etag: etagIn(textOf(entry, 'ETag')),
    size: countOf(entry, 'Size'),
    createdAt: timeOf(entry, 'LastModified'),
    storageClass: textOf(entry, 'StorageClass') || 'STANDARD',
    restore: restoreInEntry(elementOf(entry, 'RestoreStatus')),
  };
}

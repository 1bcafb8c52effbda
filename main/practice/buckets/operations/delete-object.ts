import { type Result, fail, ok } from '../../../../shared/result.ts';
import { committed, emptyAnswer, xmlAnswer } from '../protocol/answers.ts';
import { type Call, type Service, findBucket, headerOf } from '../protocol/call.ts';
import { versionHeader } from '../protocol/object-headers.ts';
import { type Refusal, refusals } from '../protocol/refusals.ts';
import { readDocument } from '../protocol/xml-body.ts';
import type { Bucket } from '../store/buckets.ts';
import { NULL_VERSION, type StoredObject, type Version } from '../store/records.ts';
import { type XmlElement, textOf } from '../xml/read.ts';
import { type Xml, document, element, nothing, optional, series } from '../xml/write.ts';
import { checked, simple } from './plans.ts';
import { findVersion } from './read-object.ts';
import { nextVersionId } from './write-object.ts';

type Target = { key: string; versionId: string | null };

/** What a deletion came to: a version or marker that went, a marker that was made, or nothing. */
type Deleted = { removed: Version | null; marker: string | null };

/** What was never there is deleted, too. */
export const deleteObject = simple((service, call) => {
  const bucket = findBucket(service, call);
  if (!bucket.ok) return bucket;
  const { key, query } = call.route;
  const deleted = remove(service, bucket.value, { key, versionId: query.get('versionId') ?? null }, bypasses(call));
  if (!deleted.ok) return deleted;
  const { removed, marker } = deleted.value;
  const versionId = marker ?? removed?.versionId ?? null;
  const headers = {
    ...(marker !== null || removed?.kind === 'delete-marker' ? { 'x-amz-delete-marker': 'true' } : {}),
    ...(versionId === null ? {} : versionHeader(bucket.value, versionId)),
  };
  const answer = { ...emptyAnswer(204, headers), noted: { versionId } };
  return ok(removed === null && marker === null ? answer : committed(answer));
});

/** Documented: at most so many at once. */
const MOST = 1000;

export const deleteObjects = checked((service, call) => {
  const bucket = findBucket(service, call);
  if (!bucket.ok) return bucket;
  const root = readDocument(call, 'Delete');
  if (!root.ok) return root;
  const targets = readTargets(root.value);
  if (!targets) return fail(refusals.malformedXml());
  const isQuiet = textOf(root.value, 'Quiet') === 'true';
  const results = targets.map((target) => ({ target, deleted: remove(service, bucket.value, target, bypasses(call)) }));
  const told = results.map(({ target, deleted }) =>
    deleted.ok ? (isQuiet ? nothing : deletedElement(target, deleted.value)) : errorElement(target, deleted.failure),
  );
  return ok(committed(xmlAnswer(document('DeleteResult', series(told)))));
});

/** Durable when it returns. Without a version it takes the object away, or hides it behind a marker. */
function remove(
  service: Service,
  bucket: Bucket,
  { key, versionId }: Target,
  isBypassing: boolean,
): Result<Deleted, Refusal> {
  const { store, clock } = service;
  const done = store.change((): Result<Deleted & { files: string[] }, Refusal> => {
    const version =
      versionId === null ? store.versions.current(bucket, key) : findVersion(service, bucket, key, versionId);
    if (version && 'status' in version) return fail(version);
    if (versionId === null && bucket.settings.versioning !== 'off') {
      const marker = nextVersionId(bucket);
      const files = marker === NULL_VERSION ? store.versions.removeNull(bucket, key) : [];
      store.versions.add(bucket, key, marker, clock(), null);
      store.uploads.noteChange(bucket, key);
      return ok({ removed: null, marker, files });
    }
    if (!version) return ok({ removed: null, marker: null, files: [] });
    if (version.kind === 'object' && isLocked(version, clock(), isBypassing)) return fail(refusals.locked());
    const files = store.versions.remove(bucket, version);
    store.uploads.noteChange(bucket, key);
    return ok({ removed: version, marker: null, files });
  });
  if (done.ok) store.files.discard(done.value.files);
  return done;
}

function isLocked({ object }: StoredObject, now: number, isBypassing: boolean): boolean {
  const { retention, legalHold } = object;
  if (legalHold) return true;
  if (!retention || now >= retention.until) return false;
  return retention.mode === 'COMPLIANCE' || !isBypassing;
}

function bypasses({ headers }: Call): boolean {
  return headerOf(headers, 'x-amz-bypass-governance-retention')?.toLowerCase() === 'true';
}

function readTargets(root: XmlElement): Target[] | null {
  const objects = root.children.filter(({ name }) => name === 'Object');
  if (objects.length === 0 || objects.length > MOST) return null;
  const targets = objects.map((object) => ({
    key: object.children.find(({ name }) => name === 'Key')?.text ?? '',
    versionId: textOf(object, 'VersionId'),
  }));
  return targets.every(({ key }) => key !== '') ? targets : null;
}

function deletedElement({ key, versionId }: Target, { removed, marker }: Deleted): Xml {
  const removedMarker = removed?.kind === 'delete-marker' ? removed.versionId : null;
  return element(
    'Deleted',
    element('Key', key),
    optional('VersionId', versionId),
    marker !== null || removedMarker !== null ? element('DeleteMarker', true) : nothing,
    optional('DeleteMarkerVersionId', marker ?? removedMarker),
  );
}

function errorElement({ key, versionId }: Target, { code, message }: Refusal): Xml {
  return element(
    'Error',
    element('Key', key),
    optional('VersionId', versionId),
    element('Code', code),
    element('Message', message),
  );
}

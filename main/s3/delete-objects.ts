import type { Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import { failureByCode } from '../aws/refusal-failure.ts';
import { garbled } from '../aws/garbled.ts';
import type { Client } from './client.ts';
import { isLock } from './failure.ts';
import type { ObjectName } from './refs.ts';
import { type XmlElement, elementsOf, readXml, textOf } from './xml.ts';
import { type XmlField, digestedXmlBody, isXmlText } from './write-xml.ts';

/** How many one request takes (API reference, "DeleteObjects"). */
export const MOST_DELETED = 1000;

/** `hasVersions`: whether the bucket has or had versions, so that the one without a version has to be named as well. */
export type Deletion = { bucket: string; objects: readonly ObjectName[]; hasVersions: boolean };

/** Deletes exactly these states of objects, each with its own answer, in their order. What is gone counts as deleted. */
export async function deleteObjects(
  client: Client,
  { bucket, objects, hasVersions }: Deletion,
  signal: AbortSignal,
): Promise<Result<Result<null>[]>> {
  const writable = objects.filter(({ key }) => isXmlText(key));
  const refused =
    writable.length === 0 ? ok(noErrors) : await deleteMany(client, { bucket, objects: writable, hasVersions }, signal);
  if (!refused.ok) return refused;
  const results: Result<null>[] = [];
  for (const object of objects) {
    const answer = isXmlText(object.key)
      ? resultOf(refused.value.get(nameOf(object)))
      : await deleteOne(client, { bucket, objects: [object], hasVersions }, object, signal);
    results.push(answer);
  }
  return ok(results);
}

type Errors = ReadonlyMap<string, XmlElement>;
const noErrors: Errors = new Map();

async function deleteMany(client: Client, deletion: Deletion, signal: AbortSignal): Promise<Result<Errors>> {
  const { bucket, objects, hasVersions } = deletion;
  const named = objects.map((object): XmlField => ['Object', [['Key', object.key], ...stateOf(object, hasVersions)]]);
  const answer = await client.call(
    {
      method: 'POST',
      bucket,
      query: { delete: '' },
      ...digestedXmlBody('Delete', [...named, ['Quiet', false]]),
      action: 's3:DeleteObject',
      isRepeatable: true,
      destroys: true,
    },
    signal,
  );
  if (!answer.ok) return answer;
  const read = readXml(answer.value.body, 'DeleteResult', (root) => ({
    errors: new Map(elementsOf(root, 'Error').map((error) => [nameIn(error), error])),
    deleted: new Set(elementsOf(root, 'Deleted').map(nameIn)),
  }));
  if (!read.ok) return read;
  const { errors, deleted } = read.value;
  const isWhole = objects.every((object) => errors.has(nameOf(object)) || deleted.has(nameOf(object)));
  return isWhole ? ok(errors) : garbled('it does not say of every object whether it is deleted');
}

/** Lists cannot hold every name that an object can have. */
async function deleteOne(
  client: Client,
  { bucket, hasVersions }: Deletion,
  { key, versionId, etag }: ObjectName,
  signal: AbortSignal,
): Promise<Result<null>> {
  const answer = await client.command(
    {
      method: 'DELETE',
      bucket,
      key,
      query: hasVersions ? { versionId: versionId ?? 'null' } : {},
      headers: hasVersions || etag === '' ? {} : { 'if-match': `"${etag}"` },
      action: 's3:DeleteObject',
      thing: 'The object',
      isRepeatable: true,
      destroys: true,
      ownOutcome: ({ status }) => (status === 412 ? differs : null),
    },
    signal,
  );
  return !answer.ok && answer.failure.kind === 'not-found' ? ok(null) : answer;
}

/** Without versions, its tag keeps what took its place by now from being deleted. */
function stateOf({ versionId, etag }: ObjectName, hasVersions: boolean): XmlField[] {
  if (hasVersions) return [['VersionId', versionId ?? 'null']];
  return etag === '' ? [] : [['ETag', `"${etag}"`]];
}

function nameOf({ key, versionId }: Pick<ObjectName, 'key' | 'versionId'>): string {
  return `${versionId ?? 'null'} ${key}`;
}

function nameIn(element: XmlElement): string {
  return nameOf({ key: textOf(element, 'Key'), versionId: textOf(element, 'VersionId') || null });
}

const differs: Failure = { kind: 'archive-differs', what: 'another object has its name by now' };

function resultOf(error: XmlElement | undefined): Result<null> {
  if (error === undefined) return ok(null);
  const [code, message, name] = [textOf(error, 'Code'), textOf(error, 'Message'), textOf(error, 'Key')];
  if (code === 'NoSuchKey' || code === 'NoSuchVersion') return ok(null);
  if (code === 'PreconditionFailed') return fail(differs);
  if (isLock({ message })) return fail({ kind: 'object-locked', name, message });
  const refusal = { status: 400, code, message, requestId: null, retryAfterMs: null, serviceTime: null };
  if (code === 'InternalError') return fail({ kind: 'service-error', status: 500, code, message, requestId: null });
  return fail(failureByCode(refusal) ?? { kind: 'rejected', status: 400, code, message, requestId: null });
}

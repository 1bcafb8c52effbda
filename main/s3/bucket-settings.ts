import { type Result, fail, ok } from '../../shared/result.ts';
import type { Client } from './client.ts';
import type { S3Refusal } from './refusal.ts';
import { digestedXmlBody, type XmlField } from './write-xml.ts';
import { type XmlElement, elementOf, elementsOf, isTrueIn, optionalText, readXml, textOf } from './xml.ts';

type About = { bucket: string };
type Unset = { kind: 'unset' };

/** `off`: never had versions; `suspended`: has those that it had. */
export type Versioning = { state: 'on' | 'suspended' | 'off'; needsMfa: boolean };

export async function getVersioning(client: Client, about: About, signal: AbortSignal): Promise<Result<Versioning>> {
  const found = await getSetting(
    client,
    about,
    { name: 'versioning', root: 'VersioningConfiguration', action: 's3:GetBucketVersioning' },
    signal,
  );
  if (!found.ok) return found;
  const status = found.value === null ? '' : textOf(found.value, 'Status');
  const state = status === 'Enabled' ? 'on' : status === 'Suspended' ? 'suspended' : 'off';
  return ok({ state, needsMfa: found.value !== null && textOf(found.value, 'MfaDelete') === 'Enabled' });
}

export function turnVersionsOn(client: Client, about: About, signal: AbortSignal): Promise<Result<null>> {
  return putSetting(
    client,
    about,
    'versioning',
    digestedXmlBody('VersioningConfiguration', [['Status', 'Enabled']]),
    's3:PutBucketVersioning',
    signal,
  );
}

/** What every new object is locked by; null when it is not. `days`: null when only objects that say so are. */
export type Locking = { mode: string | null; days: number | null };

export async function getLocking(client: Client, about: About, signal: AbortSignal): Promise<Result<Locking | null>> {
  const found = await getSetting(
    client,
    about,
    { name: 'object-lock', root: 'ObjectLockConfiguration', action: 's3:GetBucketObjectLockConfiguration' },
    signal,
  );
  if (!found.ok || found.value === null) return found.ok ? ok(null) : found;
  const rule = elementOf(found.value, 'Rule');
  const byDefault = rule === null ? null : elementOf(rule, 'DefaultRetention');
  if (byDefault === null) return ok({ mode: null, days: null });
  const [days, years] = [Number(textOf(byDefault, 'Days')), Number(textOf(byDefault, 'Years'))];
  return ok({ mode: optionalText(byDefault, 'Mode'), days: days || years * 365 || null });
}

/** `sse`: what objects are encrypted with by default: `AES256`, `aws:kms`, …; null for nothing that is told. */
export async function getEncryption(client: Client, about: About, signal: AbortSignal): Promise<Result<string | null>> {
  const wanted = {
    name: 'encryption',
    root: 'ServerSideEncryptionConfiguration',
    action: 's3:GetEncryptionConfiguration',
  };
  const found = await getSetting(client, about, wanted, signal);
  if (!found.ok || found.value === null) return found.ok ? ok(null) : found;
  const rule = elementOf(found.value, 'Rule');
  const byDefault = rule === null ? null : elementOf(rule, 'ApplyServerSideEncryptionByDefault');
  return ok(byDefault === null ? null : optionalText(byDefault, 'SSEAlgorithm'));
}

/** Whether all that could make something public is blocked. */
export async function isPublicAccessBlocked(
  client: Client,
  about: About,
  signal: AbortSignal,
): Promise<Result<boolean>> {
  const wanted = {
    name: 'publicAccessBlock',
    root: 'PublicAccessBlockConfiguration',
    action: 's3:GetBucketPublicAccessBlock',
  };
  const found = await getSetting(client, about, wanted, signal);
  if (!found.ok) return found;
  const { value } = found;
  return ok(value !== null && PUBLIC_ACCESS.every((name) => isTrueIn(value, name)));
}

const PUBLIC_ACCESS = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'] as const;

export function blockPublicAccess(client: Client, about: About, signal: AbortSignal): Promise<Result<null>> {
  const fields = PUBLIC_ACCESS.map((name): XmlField => [name, true]);
  const document = digestedXmlBody('PublicAccessBlockConfiguration', fields);
  return putSetting(client, about, 'publicAccessBlock', document, 's3:PutBucketPublicAccessBlock', signal);
}

/** Who owns what is stored: `BucketOwnerEnforced`, …; null where it was never said. */
export async function getOwnership(client: Client, about: About, signal: AbortSignal): Promise<Result<string | null>> {
  const wanted = { name: 'ownershipControls', root: 'OwnershipControls', action: 's3:GetBucketOwnershipControls' };
  const found = await getSetting(client, about, wanted, signal);
  if (!found.ok || found.value === null) return found.ok ? ok(null) : found;
  const rule = elementOf(found.value, 'Rule');
  return ok(rule === null ? null : optionalText(rule, 'ObjectOwnership'));
}

/** Its rules, as the service wrote them; none when there is no configuration. */
export async function getLifecycleRules(
  client: Client,
  about: About,
  signal: AbortSignal,
): Promise<Result<XmlElement[]>> {
  const wanted = { name: 'lifecycle', root: 'LifecycleConfiguration', action: 's3:GetLifecycleConfiguration' };
  const found = await getSetting(client, about, wanted, signal);
  return found.ok ? ok(found.value === null ? [] : elementsOf(found.value, 'Rule')) : found;
}

/** Takes the place of all rules that there are: whoever adds one gives back the others. */
export function putLifecycleRules(
  client: Client,
  about: About,
  rules: readonly XmlField[],
  signal: AbortSignal,
): Promise<Result<null>> {
  const document = digestedXmlBody('LifecycleConfiguration', rules);
  return putSetting(client, about, 'lifecycle', document, 's3:PutLifecycleConfiguration', signal);
}

type Setting = { name: string; root: string; action: string };

/** Null where it was never set: S3 has a code of its own for each, all of them with 404. */
async function getSetting(
  client: Client,
  { bucket }: About,
  { name, root, action }: Setting,
  signal: AbortSignal,
): Promise<Result<XmlElement | null>> {
  const answer = await client.call<Unset>(
    { method: 'GET', bucket, query: { [name]: '' }, action, isRepeatable: true, ownOutcome: readUnset },
    signal,
  );
  if (answer.ok) return readXml(answer.value.body, root, (element) => element);
  return answer.failure.kind === 'unset' ? ok(null) : fail(answer.failure);
}

function readUnset({ status, code }: S3Refusal): Unset | null {
  return status === 404 && code !== 'NoSuchBucket' && code !== '' ? { kind: 'unset' } : null;
}

function putSetting(
  client: Client,
  { bucket }: About,
  name: string,
  document: ReturnType<typeof digestedXmlBody>,
  action: string,
  signal: AbortSignal,
): Promise<Result<null>> {
  return client.command(
    { method: 'PUT', bucket, query: { [name]: '' }, ...document, action, isRepeatable: true },
    signal,
  );
}

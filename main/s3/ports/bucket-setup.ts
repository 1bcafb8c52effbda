import { type Result, ok } from '../../../shared/result.ts';
import { blockPublicAccess, getLifecycleRules, putLifecycleRules, turnVersionsOn } from '../bucket-settings.ts';
import { type NewBucket, createBucket, locateBucket } from '../buckets.ts';
import type { Client } from '../client.ts';
import { type XmlElement, elementOf, textOf } from '../xml.ts';
import type { XmlField } from '../write-xml.ts';

/** What a person may want of a bucket beyond its existence. */
export type BucketWishes = {
  /** What is replaced or deleted is kept, and paid for, until its versions are deleted. */
  keepsVersions: boolean;
  /** Objects can be locked against deletion. Only when the bucket is made; its versions come with it. */
  canLock: boolean;
  /** What is left of uploads that nobody finished is removed after so many days; null: never. */
  sweepAfterDays: number | null;
};

const SWEEP_RULE = 'firn-abort-incomplete';

/** Creates a bucket into which nobody from outside can be let. One that is this account's already is left as it is. */
export async function makeBucket(
  client: Client,
  wanted: NewBucket,
  signal: AbortSignal,
): Promise<Result<{ existed: boolean }>> {
  // In the oldest region creating a bucket again succeeds as if it were new.
  const there = await locateBucket(client, wanted.bucket, signal);
  if (there.ok) return ok({ existed: true });
  const { kind } = there.failure;
  // Forbidden is also what belongs to somebody else, which the next answer says.
  if (kind !== 'vault-missing' && kind !== 'access-denied') return there;
  const created = await createBucket(client, wanted, signal);
  if (!created.ok || created.value.existed || !client.provider.blocksPublicAccess) return created;
  // Amazon does so by itself since 2023; an account may have turned it off.
  const blocked = await blockPublicAccess(client, wanted, signal);
  return blocked.ok ? created : blocked;
}

/** Makes a bucket as it is wanted. One that is this account's already is given what it lacks, and keeps all else. */
export async function setUpBucket(
  client: Client,
  { bucket, region, wishes }: { bucket: string; region: string; wishes: BucketWishes },
  signal: AbortSignal,
): Promise<Result<{ existed: boolean }>> {
  const { keepsVersions, canLock, sweepAfterDays } = wishes;
  const created = await makeBucket(client, { bucket, region, canLock }, signal);
  if (!created.ok) return created;
  const versions = keepsVersions && !canLock ? await turnVersionsOn(client, { bucket }, signal) : ok(null);
  if (!versions.ok) return versions;
  const swept =
    sweepAfterDays === null ? ok(null) : await sweepLeftovers(client, { bucket, days: sweepAfterDays }, signal);
  return swept.ok ? created : swept;
}

/** Adds the rule beside those that are there; one that aborts what is left already, of whole buckets and as soon, does as well. */
async function sweepLeftovers(
  client: Client,
  { bucket, days }: { bucket: string; days: number },
  signal: AbortSignal,
): Promise<Result<null>> {
  const rules = await getLifecycleRules(client, { bucket }, signal);
  if (!rules.ok) return rules;
  if (rules.value.some((rule) => isForAll(rule) && (abortDaysOf(rule) ?? Infinity) <= days)) return ok(null);
  const others = rules.value.filter((rule) => textOf(rule, 'ID') !== SWEEP_RULE).map(asField);
  const own: XmlField = [
    'Rule',
    [
      ['ID', SWEEP_RULE],
      ['Filter', [['Prefix', '']]],
      ['Status', 'Enabled'],
      ['AbortIncompleteMultipartUpload', [['DaysAfterInitiation', days]]],
    ],
  ];
  return putLifecycleRules(client, { bucket }, [...others, own], signal);
}

/** After how many days a rule aborts uploads that nobody finished; null when it does not, or is switched off. */
export function abortDaysOf(rule: XmlElement): number | null {
  const abort = elementOf(rule, 'AbortIncompleteMultipartUpload');
  if (abort === null || textOf(rule, 'Status') !== 'Enabled') return null;
  return Number(textOf(abort, 'DaysAfterInitiation')) || null;
}

function isForAll(rule: XmlElement): boolean {
  const filter = elementOf(rule, 'Filter');
  return filter === null ? textOf(rule, 'Prefix') === '' : filter.children.every(({ text }) => text === '');
}

/** As it was read. */
function asField({ name, text, children }: XmlElement): XmlField {
  return [name, children.length === 0 ? text : children.map(asField)];
}

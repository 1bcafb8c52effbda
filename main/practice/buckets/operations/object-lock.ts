import { type Result, fail, ok } from '../../../../shared/result.ts';
import { committed, emptyAnswer, xmlAnswer } from '../protocol/answers.ts';
import { type Call, type Service, findBucket, headerOf } from '../protocol/call.ts';
import { readRetention } from '../protocol/object-head.ts';
import { type Refusal, refusals } from '../protocol/refusals.ts';
import { readDocument } from '../protocol/xml-body.ts';
import type { LockRule, Retention, StoredObject } from '../store/records.ts';
import { type XmlElement, childOf, textOf } from '../xml/read.ts';
import { document, element, nothing } from '../xml/write.ts';
import { checked, simple } from './plans.ts';
import { findObject } from './read-object.ts';

export const getObjectLockConfiguration = simple((service, call) => {
  const bucket = findBucket(service, call);
  if (!bucket.ok) return bucket;
  const { objectLock } = bucket.value.settings;
  if (!objectLock) return fail(refusals.lockMissing(bucket.value.name));
  const { defaultRule } = objectLock;
  const rule = defaultRule
    ? element(
        'Rule',
        element('DefaultRetention', element('Mode', defaultRule.mode), element(defaultRule.unit, defaultRule.count)),
      )
    : nothing;
  return ok(xmlAnswer(document('ObjectLockConfiguration', element('ObjectLockEnabled', 'Enabled'), rule)));
});

/** Needs versions, which then cannot be suspended any more. */
export const putObjectLockConfiguration = checked((service, call) => {
  const bucket = findBucket(service, call);
  if (!bucket.ok) return bucket;
  const root = readDocument(call, 'ObjectLockConfiguration');
  if (!root.ok) return root;
  if (textOf(root.value, 'ObjectLockEnabled') !== 'Enabled') return fail(refusals.malformedXml());
  if (bucket.value.settings.versioning !== 'Enabled') {
    return fail(
      refusals.bucketState("Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration"),
    );
  }
  const rule = childOf(root.value, 'Rule');
  const defaultRule = rule ? readRule(rule) : null;
  if (rule && !defaultRule) return fail(refusals.malformedXml());
  service.store.change(() => {
    service.store.buckets.update(bucket.value, { objectLock: { defaultRule } });
  });
  return ok(committed(emptyAnswer(200)));
});

export const getObjectRetention = simple((service, call) => {
  const found = findLockable(service, call);
  if (!found.ok) return found;
  const { retention } = found.value.object;
  if (!retention) return fail(refusals.retentionMissing());
  const until = new Date(retention.until).toISOString();
  return ok(xmlAnswer(document('Retention', element('Mode', retention.mode), element('RetainUntilDate', until))));
});

export const putObjectRetention = checked((service, call) => {
  const found = findLockable(service, call);
  if (!found.ok) return found;
  const root = readDocument(call, 'Retention');
  if (!root.ok) return root;
  const isEmpty = root.value.children.length === 0;
  const wanted = isEmpty
    ? ok(null)
    : readRetention(textOf(root.value, 'Mode'), textOf(root.value, 'RetainUntilDate'), service.clock());
  if (!wanted.ok) return fail(refusals.malformedXml());
  const { object } = found.value;
  const isBypassing = headerOf(call.headers, 'x-amz-bypass-governance-retention')?.toLowerCase() === 'true';
  if (loosens(object.retention, wanted.value, service.clock(), isBypassing)) return fail(refusals.locked());
  return update(service, found.value, { retention: wanted.value });
});

export const getObjectLegalHold = simple((service, call) => {
  const found = findLockable(service, call);
  if (!found.ok) return found;
  return ok(xmlAnswer(document('LegalHold', element('Status', found.value.object.legalHold ? 'ON' : 'OFF'))));
});

export const putObjectLegalHold = checked((service, call) => {
  const found = findLockable(service, call);
  if (!found.ok) return found;
  const root = readDocument(call, 'LegalHold');
  if (!root.ok) return root;
  const status = textOf(root.value, 'Status');
  if (status !== 'ON' && status !== 'OFF') return fail(refusals.malformedXml());
  return update(service, found.value, { legalHold: status === 'ON' });
});

function findLockable(service: Service, call: Call): Result<StoredObject, Refusal> {
  const found = findObject(service, call);
  if (!found.ok) return found;
  const { bucket, version } = found.value;
  return bucket.settings.objectLock ? ok(version) : fail(refusals.lockOff());
}

function update(
  { store }: Service,
  version: StoredObject,
  change: Partial<Pick<StoredObject['object'], 'retention' | 'legalHold'>>,
) {
  store.change(() => {
    store.versions.update(version, { ...version.object, ...change });
  });
  return ok(committed(emptyAnswer(200)));
}

/** Compliance can only be lengthened, by anybody; governance can be loosened by who says so. */
function loosens(has: Retention | null, wanted: Retention | null, now: number, isBypassing: boolean): boolean {
  if (!has || now >= has.until) return false;
  if (has.mode === 'GOVERNANCE' && isBypassing) return false;
  const isWeaker = has.mode === 'COMPLIANCE' && wanted?.mode !== 'COMPLIANCE';
  return !wanted || wanted.until < has.until || isWeaker;
}

function readRule(rule: XmlElement): LockRule | null {
  const retention = childOf(rule, 'DefaultRetention');
  if (!retention) return null;
  const [mode, days, years] = ['Mode', 'Days', 'Years'].map((name) => textOf(retention, name));
  if ((mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') || (days === null) === (years === null)) return null;
  const count = Number(days ?? years);
  return Number.isInteger(count) && count > 0 ? { mode, unit: days === null ? 'Years' : 'Days', count } : null;
}

import { type Result, fail, ok } from '../../../../shared/result.ts';
import { newId } from '../../ids.ts';
import { committed, emptyAnswer, xmlAnswer } from '../protocol/answers.ts';
import { findBucket } from '../protocol/call.ts';
import { type Refusal, refusals } from '../protocol/refusals.ts';
import { readDocument } from '../protocol/xml-body.ts';
import type { LifecycleRule } from '../store/records.ts';
import { type XmlElement, childOf, textOf } from '../xml/read.ts';
import { type Xml, document, element, series } from '../xml/write.ts';
import { checked, simple } from './plans.ts';

export const getBucketLifecycleConfiguration = simple((service, call) => {
  const bucket = findBucket(service, call);
  if (!bucket.ok) return bucket;
  const { lifecycle } = bucket.value.settings;
  if (!lifecycle) {
    return fail(
      refusals.nothingSet(
        'NoSuchLifecycleConfiguration',
        'The lifecycle configuration does not exist',
        bucket.value.name,
      ),
    );
  }
  const rules = series(lifecycle.map(({ xml }) => ({ xml })));
  const headers = { 'x-amz-transition-default-minimum-object-size': 'all_storage_classes_128K' };
  return ok(xmlAnswer(document('LifecycleConfiguration', rules), headers));
});

/** Replaces all rules. Of their actions the practice service carries out one: it aborts incomplete uploads. */
export const putBucketLifecycleConfiguration = checked((service, call) => {
  const bucket = findBucket(service, call);
  if (!bucket.ok) return bucket;
  const root = readDocument(call, 'LifecycleConfiguration');
  if (!root.ok) return root;
  const rules = readRules(root.value);
  if (!rules.ok) return rules;
  service.store.change(() => {
    service.store.buckets.update(bucket.value, { lifecycle: rules.value });
  });
  const headers = { 'x-amz-transition-default-minimum-object-size': 'all_storage_classes_128K' };
  return ok(committed(emptyAnswer(200, headers)));
});

export const deleteBucketLifecycle = simple((service, call) => {
  const bucket = findBucket(service, call);
  if (!bucket.ok) return bucket;
  service.store.change(() => {
    service.store.buckets.update(bucket.value, { lifecycle: null });
  });
  return ok(committed(emptyAnswer(204)));
});

/** Documented. */
const MOST_RULES = 1000;

const actions = [
  'AbortIncompleteMultipartUpload',
  'Expiration',
  'NoncurrentVersionExpiration',
  'NoncurrentVersionTransition',
  'Transition',
];

function readRules(root: XmlElement): Result<LifecycleRule[], Refusal> {
  if (root.children.length === 0 || root.children.length > MOST_RULES) return fail(refusals.malformedXml());
  const rules: LifecycleRule[] = [];
  for (const child of root.children) {
    const rule = child.name === 'Rule' ? readRule(child) : null;
    if (!rule) return fail(refusals.malformedXml());
    if (rules.some(({ id }) => id === rule.id)) {
      return fail(refusals.argument('Rule ID must be unique. Found same ID for more than one rule', 'ID', rule.id));
    }
    rules.push(rule);
  }
  return ok(rules);
}

function readRule(rule: XmlElement): LifecycleRule | null {
  const status = textOf(rule, 'Status');
  const hasAction = rule.children.some(({ name }) => actions.includes(name));
  const filter = childOf(rule, 'Filter');
  if ((status !== 'Enabled' && status !== 'Disabled') || !hasAction || (!filter && !childOf(rule, 'Prefix')))
    return null;
  const abort = childOf(rule, 'AbortIncompleteMultipartUpload');
  const days = abort ? (textOf(abort, 'DaysAfterInitiation') ?? '') : null;
  if (days !== null && !/^[1-9]\d{0,8}$/.test(days)) return null;
  const given = textOf(rule, 'ID') ?? '';
  const id = given === '' ? newId('request') : given;
  if (id.length > 255) return null;
  const named =
    given === ''
      ? {
          ...rule,
          children: [{ name: 'ID', text: id, children: [] }, ...rule.children.filter(({ name }) => name !== 'ID')],
        }
      : rule;
  return {
    id,
    isEnabled: status === 'Enabled',
    prefix: prefixOf(rule),
    abortDays: days === null ? null : Number(days),
    xml: asXml(named).xml,
  };
}

function prefixOf(rule: XmlElement): string {
  const filter = childOf(rule, 'Filter');
  const and = filter && childOf(filter, 'And');
  return childOf(and ?? filter ?? rule, 'Prefix')?.text ?? '';
}

/** The element anew, without what the reader drops. */
function asXml({ name, children, text }: XmlElement): Xml {
  return children.length > 0 ? element(name, series(children.map(asXml))) : element(name, text);
}
